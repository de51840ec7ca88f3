/** Live forms: what is shown, required, locked, computed and prefilled follows what is entered.
    The server wrote the rules as JSON trees; it decides again when the form is saved. */
import { controls, each, type Control } from '../shared/dom.ts'
import { run, type Tree } from '../shared/expression.ts'
import { getJson, withParameters } from '../shared/http.ts'
import { showValue } from '../shared/show.ts'
import { readValue, type Json } from '../shared/values.ts'
import { shownNumber } from './numbers.ts'
import { rowsOf } from './rows.ts'

type Scope = Record<string, Json>
interface RollUp { rows: string, function: 'sum' | 'count' | 'min' | 'max', field: string | null, filter?: Tree }
interface Formula { compute?: Tree, rollup?: RollUp }

const parse = <Shape>(text: string | undefined): Shape => JSON.parse(text || '{}') as Shape

/** Names that a tree reads. */
function namesIn(tree: unknown, found = new Set<string>()): Set<string> {
  if (!Array.isArray(tree)) return found
  if (tree[0] === 'f') found.add(tree[1] as string)
  else for (const part of tree) namesIn(part, found)
  return found
}

/** The form itself, or one child row: a set of names with formulas and defaults of its own. */
class Place {
  readonly formulas: Record<string, Formula>
  readonly defaults: Record<string, Tree>
  readonly prefix: string
  readonly element: HTMLElement
  readonly rows: string
  scope: Scope
  #known = new Map<string, Json>()
  #busy = new Set<string>()
  #live: LiveForm

  constructor(live: LiveForm, element: HTMLElement, grid?: HTMLElement) {
    this.#live = live
    this.element = element
    this.rows = grid?.dataset.rows ?? ''
    this.prefix = grid ? `${this.rows}-${element.dataset.row}-` : ''
    this.formulas = parse(grid ? grid.dataset.formulas : element.dataset.formulas)
    this.defaults = parse(grid ? grid.dataset.defaults : element.dataset.defaults)
    this.scope = parse(element.dataset.scope)
  }

  forget(): void { this.#known.clear() }

  readonly get = (name: string): Json => {
    if (this.#known.has(name)) return this.#known.get(name)!
    if (this.#busy.has(name)) return null // a circle; the server refuses it
    this.#busy.add(name)
    const value = this.#find(name)
    this.#busy.delete(name)
    this.#known.set(name, value)
    return value
  }

  run(tree: Tree): Json { return run(tree, this.get, this.#live.given) as Json }

  #find(name: string): Json {
    const formula = this.formulas[name]
    if (formula?.compute) return this.run(formula.compute)
    if (formula?.rollup) return this.#rollUp(formula.rollup)
    const held = this.#live.form.elements.namedItem(this.prefix + name) as Element | RadioNodeList | null
    const wrapper = this.element.querySelector<HTMLElement>(`[data-field="${CSS.escape(this.prefix + name)}"][data-kind]`)
    if (wrapper && (held || this.#live.form.elements.namedItem(`${this.prefix}${name}-present`))) {
      return readValue(held, wrapper.dataset.kind!, this.#live.given.timezone)
    }
    if (name in this.scope) return this.scope[name]!
    // What this person may not enter comes from its default, while the record or row is new.
    if (name in this.defaults && this.isNew) return this.run(this.defaults[name]!)
    // A row knows the form's actor and the like, but not the form's own fields.
    return this.prefix && name.includes('.') ? this.#live.place.get(name) : null
  }

  get isNew(): boolean {
    return this.prefix ? !this.element.querySelector<HTMLInputElement>('input[name$="-id"]')?.value : this.#live.form.hasAttribute('data-new')
  }

  #rollUp(rule: RollUp): Json {
    const values: Json[] = []
    for (const row of this.#live.rows(rule.rows)) {
      const isBlank = row.isNew && controls(row.element)
        .every(control => control.type === 'checkbox' ? !(control as HTMLInputElement).checked : !control.value)
      if (isBlank || (rule.filter && row.run(rule.filter) !== true)) continue
      values.push(rule.field ? row.get(rule.field) : true)
    }
    if (rule.function === 'count') return values.length
    const known = values.filter(value => value !== null)
    if (!known.length) return rule.function === 'sum' ? '0' : null
    const pair = (tree: Tree) => (left: Json, right: Json) => run(tree, (name: string) => name === 'left' ? left : right, this.#live.given) as Json
    const [left, right] = [['f', 'left', 'number'], ['f', 'right', 'number']] as unknown as [Tree, Tree]
    const join = rule.function === 'sum' ? ['+', left, right] : [rule.function, left, right]
    return known.reduce<Json>(pair(join as unknown as Tree), known.shift()!)
  }
}

class LiveForm {
  readonly form: HTMLFormElement
  readonly place: Place
  readonly given: { now: Date, timezone: string }
  #rows = new WeakMap<HTMLElement, Place>()
  #trees = new WeakMap<HTMLElement, Map<string, Tree>>()
  /** Fields whose default is on its way: sent before it is here, they are left to the server's own default. */
  #awaited = new Set<HTMLInputElement | HTMLSelectElement>()
  #begun = false

  constructor(form: HTMLFormElement) {
    this.form = form
    this.given = { now: new Date(), timezone: form.dataset.timezone || 'UTC' }
    this.place = new Place(this, form)
    form.addEventListener('formdata', event => {
      for (const box of this.#awaited) if (!box.value || box.value === box.dataset.prefilled) event.formData.delete(box.name)
    })
    form.addEventListener('input', () => this.update())
    form.addEventListener('change', event => {
      this.update()
      void this.#ask(event.target as Control)
    })
    this.update()
    this.#begun = true
  }

  rows(name: string): Place[] {
    const grid = this.form.querySelector<HTMLElement>(`[data-rows="${CSS.escape(name)}"]`)
    return grid ? rowsOf(grid).map(row => this.#placeOf(row, grid)) : []
  }

  #placeOf(row: HTMLElement, grid: HTMLElement): Place {
    const known = this.#rows.get(row) ?? new Place(this, row, grid)
    this.#rows.set(row, known)
    return known
  }

  #where(element: Element): Place {
    const row = element.closest<HTMLElement>('[data-row]')
    return row ? this.#placeOf(row, row.closest<HTMLElement>('[data-rows]')!) : this.place
  }

  update(): void {
    this.given.now = new Date()
    this.place.forget()
    for (const row of this.form.querySelectorAll<HTMLElement>('[data-row]')) this.#where(row).forget()
    for (const output of this.form.querySelectorAll<HTMLElement>('[data-output]')) this.#write(output)
    for (const element of this.form.querySelectorAll<HTMLElement>('[data-show], [data-require], [data-readonly]')) this.#apply(element)
    for (const element of this.form.querySelectorAll<HTMLElement>('[data-show], [data-readonly]')) disable(element)
  }

  #write(output: HTMLElement): void {
    // A total below a grid belongs to the form, although it stands in the grid.
    const place = output.closest('[data-row]') ? this.#where(output) : this.place
    const text = showValue(place.get(output.dataset.output!), parse(output.dataset.format), this.given.timezone)
    if (output.textContent === text) return
    output.textContent = text
    if (!this.#begun) return
    output.classList.remove('changed')
    void output.offsetWidth // begins the animation anew
    output.classList.add('changed')
  }

  #tree(element: HTMLElement, rule: string): Tree | undefined {
    const text = element.dataset[rule]
    if (!text) return undefined
    const known = this.#trees.get(element) ?? new Map<string, Tree>()
    this.#trees.set(element, known)
    if (!known.has(rule)) known.set(rule, parse<Tree>(text))
    return known.get(rule)
  }

  #apply(element: HTMLElement): void {
    const place = this.#where(element)
    const [show, lock, require] = ['show', 'readonly', 'require'].map(rule => this.#tree(element, rule))
    if (show) {
      const isOn = place.run(show) === true
      element.hidden = !isOn
      element.toggleAttribute('data-off', !isOn)
    }
    if (lock) element.toggleAttribute('data-locked', place.run(lock) === true)
    if (require) {
      const isOn = place.run(require) === true
      element.toggleAttribute('data-required', isOn)
      const box = element.querySelector('.input, input[type=file]')
      if (isOn) box?.setAttribute('aria-required', 'true')
      else box?.removeAttribute('aria-required')
    }
  }

  /** A reference that rules or defaults look through has changed: ask the server what stands behind it now. */
  async #ask(control: Control): Promise<void> {
    if (!(control instanceof Element) || !control.name) return
    const place = this.#where(control)
    const key = control.name.slice(place.prefix.length)
    const trees: unknown[] = [place.formulas, place.defaults].flatMap(group => Object.values(group)).map(rule => (rule as Formula).compute ?? rule)
    for (const element of place.element.querySelectorAll<HTMLElement>('[data-show], [data-require], [data-readonly]')) {
      trees.push(...['show', 'readonly', 'require'].map(rule => this.#tree(element, rule)))
    }
    const names = [...trees.reduce<Set<string>>((found, tree) => namesIn(tree, found), new Set())].filter(name => name.startsWith(`${key}.`))
    const address = this.form.dataset.scopeAddress
    if (!names.length || !address) return
    for (const name of names) place.scope[name] = null
    this.update()
    if (!control.value) return
    const due = this.#defaulted(place, names)
    if (place.isNew) for (const [box] of due) this.#awaited.add(box)
    try {
      Object.assign(place.scope, await getJson<Scope>(withParameters(address, { rows: place.rows, names: names.join(','), [key]: control.value })))
    } catch { return } // unknown until the server checks the form
    place.forget()
    for (const [box, tree] of due) {
      this.#awaited.delete(box)
      if (box.value && box.value !== box.dataset.prefilled) continue // the person wrote something there
      const value = place.run(tree)
      const text = value === null ? '' : String(value)
      box.value = box instanceof HTMLInputElement && box.matches('[data-number]') ? shownNumber(box, text) : text
      box.dataset.prefilled = box.value
    }
    this.update()
  }

  /** The boxes whose defaults look through the reference. */
  #defaulted(place: Place, names: string[]): [HTMLInputElement | HTMLSelectElement, Tree][] {
    return Object.entries(place.defaults).flatMap(([key, tree]) => {
      const box = this.form.elements.namedItem(place.prefix + key)
      const isOne = box instanceof HTMLInputElement || box instanceof HTMLSelectElement
      return isOne && [...namesIn(tree)].some(name => names.includes(name)) ? [[box, tree] as [HTMLInputElement | HTMLSelectElement, Tree]] : []
    })
  }
}

/** What is hidden or locked is out of use, so that it neither posts nor blocks. */
function disable(element: HTMLElement): void {
  for (const control of element.querySelectorAll<HTMLInputElement | HTMLButtonElement>('input, select, textarea, button')) {
    control.disabled = control.closest('[data-off], [data-locked]') !== null
  }
}

each('form[data-live]', form => { new LiveForm(form as HTMLFormElement) })
