/** <fw-combobox>: a search box for one choice or several (WAI-ARIA 1.2, editable, list autocomplete).
    Light DOM drawn by the server, so it lives in plain forms: a hidden input holds the value, [role=combobox]
    the text, [role=listbox] the options. Options come from the list itself or from `data-src` as
    [{id, title, subtitle}]. `multiple` keeps chips with hidden inputs before the text. */
import { announce } from './announce.ts'
import { icon, make } from './dom.ts'
import { follow } from './float.ts'
import { getJson, RequestFailed, withParameters } from './http.ts'
import { say } from './texts.ts'

export interface Option { id: string; title: string; subtitle?: string }

const DELAY = 180

export class Combobox extends HTMLElement {
  #box!: HTMLInputElement
  #list!: HTMLElement
  #options: Option[] = []
  #fixed: Option[] | undefined
  #active = -1
  #timer = 0
  #asked: AbortController | undefined
  #unfollow: (() => void) | undefined

  connectedCallback(): void {
    if (this.#box) return
    this.#box = this.querySelector<HTMLInputElement>('[role=combobox]')!
    this.#list = this.querySelector<HTMLElement>('[role=listbox]')!
    if (!this.dataset.src) {
      this.#fixed = [...this.#list.children].map(item => ({ id: (item as HTMLElement).dataset.value!, title: item.textContent!.trim() }))
    }
    this.#box.addEventListener('input', event => this.#typed(event))
    this.#box.addEventListener('keydown', event => this.#key(event))
    this.#box.addEventListener('click', () => { if (!this.#isOpen) this.#open('') })
    this.#box.addEventListener('blur', () => setTimeout(() => this.#left(), 120))
    this.querySelector('.open')?.addEventListener('click', () => { this.#box.focus(); this.#isOpen ? this.#close() : this.#open('') })
    this.#list.addEventListener('pointerdown', event => event.preventDefault())
    this.#list.addEventListener('click', event => {
      const item = (event.target as Element).closest<HTMLElement>('[data-place]')
      if (item) this.#pick(Number(item.dataset.place))
    })
    this.addEventListener('click', event => {
      const chip = (event.target as Element).closest('.picked button')?.closest<HTMLElement>('.picked')
      if (chip) this.#drop(chip)
    })
  }

  disconnectedCallback(): void { this.#unfollow?.() }

  /** Set the value from outside: a restored draft, a row that was copied. */
  choose(option: Option | null): void {
    this.#write(option?.id ?? '', option?.title ?? '')
  }

  get #many(): boolean { return this.hasAttribute('multiple') }
  get #isOpen(): boolean { return this.#list.matches(':popover-open') }
  get #held(): HTMLInputElement { return this.querySelector<HTMLInputElement>('input[type=hidden]')! }
  get #chosen(): string[] { return [...this.querySelectorAll<HTMLInputElement>('input[type=hidden]')].map(held => held.value).filter(Boolean) }

  #typed(event: Event): void {
    if ((event as InputEvent).isComposing) return // half a pinyin syllable is no search
    if (!this.#many && this.#held.value) this.#write('', null)
    clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => this.#open(this.#box.value), this.#fixed ? 0 : DELAY)
  }

  async #open(text: string): Promise<void> {
    if (this.#box.disabled || this.#box.readOnly) return
    this.#asked?.abort()
    if (this.#fixed) {
      const wanted = text.trim().toLowerCase()
      this.#options = this.#fixed.filter(option => option.title.toLowerCase().includes(wanted))
      this.#show(say('no_matches'))
      return
    }
    const asked = this.#asked = new AbortController()
    this.setAttribute('aria-busy', 'true')
    try {
      this.#options = await getJson<Option[]>(withParameters(this.dataset.src!, { q: text.trim(), ...this.#parameters() }), asked.signal)
      this.#show(say('no_matches'))
    } catch (error) {
      if (asked.signal.aborted) return
      this.#options = []
      this.#show(error instanceof RequestFailed && error.status ? say('lookup_failed') : say('offline'))
    } finally {
      if (this.#asked === asked) this.removeAttribute('aria-busy')
    }
  }

  /** Values of the fields that the choice depends on: of the same child row, else of the form. */
  #parameters(): Record<string, string> {
    const found: Record<string, string> = {}
    const row = this.closest<HTMLElement>('[data-row]')
    const prefix = row ? `${row.closest<HTMLElement>('[data-rows]')!.dataset.rows}-${row.dataset.row}-` : ''
    for (const name of (this.dataset.depends ?? '').split(' ').filter(Boolean)) {
      const input = this.#box.form?.elements.namedItem(prefix + name) ?? this.#box.form?.elements.namedItem(name)
      if (input && 'value' in input) found[`record.${name}`] = String(input.value)
    }
    return found
  }

  #show(none: string): void {
    if (document.activeElement !== this.#box) return
    const chosen = this.#chosen
    this.#list.replaceChildren(...this.#options.map((option, place) => make('li', {
      role: 'option', id: `${this.#list.id}-${place}`, 'data-place': place, 'aria-selected': String(chosen.includes(option.id)),
    }, make('span', {}, option.title), option.subtitle ? make('small', {}, option.subtitle) : null)))
    if (!this.#options.length) this.#list.append(make('li', { role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' }, none))
    if (!this.#isOpen) {
      this.#list.showPopover()
      this.#unfollow = follow(this.#list, this.#many ? this : this.#box, true)
    }
    this.#box.setAttribute('aria-expanded', 'true')
    announce(this.#options.length ? say('results', { count: this.#options.length }) : none)
    this.#go(this.#options.length && this.#box.value && !chosen.length ? 0 : this.#options.findIndex(option => chosen.includes(option.id)))
  }

  #go(place: number): void {
    this.#active = place
    for (const [at, item] of [...this.#list.children].entries()) item.classList.toggle('active', at === place)
    const item = this.#list.children[place]
    if (item && place >= 0) {
      this.#box.setAttribute('aria-activedescendant', item.id)
      item.scrollIntoView({ block: 'nearest' })
    } else this.#box.removeAttribute('aria-activedescendant')
  }

  #close(): void {
    this.#asked?.abort()
    clearTimeout(this.#timer)
    if (this.#isOpen) this.#list.hidePopover()
    this.#unfollow?.()
    this.#unfollow = undefined
    this.#box.setAttribute('aria-expanded', 'false')
    this.#go(-1)
  }

  /** The box was left: one exact title is taken, other text without a choice is dropped, not kept as if it were one. */
  #left(): void {
    if (document.activeElement === this.#box) return
    const text = this.#box.value.trim()
    if (text && (this.#many || !this.#held.value)) {
      const exact = this.#options.findIndex(option => option.title.toLowerCase() === text.toLowerCase())
      if (exact >= 0) this.#pick(exact, false)
      else this.#box.value = ''
    }
    this.#close()
  }

  #pick(place: number, isSaid = true): void {
    const option = this.#options[place]
    if (!option) return
    if (!this.#many) this.#write(option.id, option.title)
    else if (!this.#chosen.includes(option.id)) this.#add(option)
    if (isSaid) announce(say('chosen', { label: option.title }))
    this.#close()
  }

  #add(option: Option): void {
    const name = this.#box.name.replace(/-title$/, '')
    const chip = make('span', { class: 'picked' },
      make('input', { type: 'hidden', name, value: option.id }), option.title,
      make('button', { type: 'button', 'aria-label': say('remove', { label: option.title }) }, icon('x')))
    this.#box.before(chip)
    this.#box.value = ''
    this.dispatchEvent(new Event('change', { bubbles: true }))
  }

  #drop(chip: HTMLElement): void {
    chip.remove()
    this.#box.focus()
    this.dispatchEvent(new Event('change', { bubbles: true }))
  }

  #write(id: string, title: string | null): void {
    if (title !== null) this.#box.value = title
    if (this.#held.value === id) return
    this.#held.value = id
    this.#held.dispatchEvent(new Event('change', { bubbles: true }))
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing) return
    const count = this.#options.length
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (event.altKey && this.closest('[data-row]') && !this.#isOpen) return // moves the row
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      if (!this.#isOpen) void this.#open('')
      else if (count) this.#go(this.#active < 0 && step < 0 ? count - 1 : (this.#active + step + count) % count)
    } else if (event.key === 'Enter' && this.#isOpen) {
      event.preventDefault()
      event.stopPropagation()
      if (this.#active >= 0) this.#pick(this.#active)
    } else if (event.key === 'Tab' && this.#isOpen && this.#active >= 0 && this.#box.value) this.#pick(this.#active)
    else if (event.key === 'Escape') {
      if (this.#isOpen) { event.preventDefault(); event.stopPropagation(); this.#close() }
      else if (this.#box.value) { event.stopPropagation(); this.#many ? this.#box.value = '' : this.#write('', '') }
    } else if (event.key === 'Backspace' && this.#many && !this.#box.value) {
      const last = [...this.querySelectorAll<HTMLElement>('.picked')].at(-1)
      if (last) this.#drop(last)
    }
  }
}

customElements.define('fw-combobox', Combobox)
