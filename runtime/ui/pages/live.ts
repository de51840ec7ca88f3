/** Live forms: what is shown, required, locked and computed follows what is entered.
    The server wrote each rule as a JSON tree beside its field; it decides again when the form is saved. */
import { each, type Control } from '../shared/dom.ts'
import { run, type Tree, type Value } from '../shared/expression.ts'
import { getJson, withParameters } from '../shared/http.ts'
import { showValue } from '../shared/show.ts'
import { readValue, sumUp, type RollUp } from '../shared/values.ts'
import { rowsOf } from './rows.ts'

type Scope = Record<string, Value>

const RULES = '[data-show], [data-require], [data-readonly], [data-compute], [data-rollup]'
/** A chain of computed fields settles in as many passes as it is long; more than this is a circle. */
const PASSES = 5

class LiveForm {
  #form: HTMLFormElement
  #scope: Scope
  #trees = new WeakMap<Element, Map<string, Tree | RollUp>>()
  #computed = new Map<string, Value>()
  #references: Set<string>

  constructor(form: HTMLFormElement) {
    this.#form = form
    this.#scope = JSON.parse(form.dataset.scope || '{}') as Scope
    this.#references = new Set(Object.keys(this.#scope).filter(name => name.includes('.')).map(name => name.split('.')[0]!))
    form.addEventListener('input', () => this.run())
    form.addEventListener('change', event => {
      this.run()
      void this.#ask(event.target as Control)
    })
    this.run()
  }

  run(): void {
    const found = [...this.#form.querySelectorAll<HTMLElement>(RULES)]
    for (let pass = 0; pass < PASSES; pass++) {
      let moved = false
      for (const place of found) moved = this.#compute(place) || moved
      if (!moved) break
    }
    for (const place of found) this.#apply(place)
    for (const place of found) if (place.matches('[data-show], [data-readonly]')) this.#disable(place)
  }

  #tree(place: HTMLElement, rule: string): Tree | undefined {
    const known = this.#trees.get(place) ?? new Map<string, Tree | RollUp>()
    this.#trees.set(place, known)
    const text = place.dataset[rule]
    if (!text) return undefined
    if (!known.has(rule)) known.set(rule, JSON.parse(text) as Tree)
    return known.get(rule) as Tree
  }

  /** Work out a computed field; true when its value is a new one. */
  #compute(place: HTMLElement): boolean {
    const row = place.closest<HTMLElement>('[data-row]')
    const tree = this.#tree(place, 'compute')
    const rollUp = this.#tree(place, 'rollup') as unknown as RollUp | undefined
    if (!tree && !rollUp) return false
    const name = place.dataset.field!
    const value = rollUp ? this.#rollUp(rollUp) : run(tree!, this.#names(row))
    if (this.#computed.has(name) && Object.is(this.#computed.get(name), value)) return false
    const isFirst = !this.#computed.has(name)
    this.#computed.set(name, value)
    const output = place.matches('output') ? place : place.querySelector<HTMLElement>('[data-output]')
    const text = showValue(value, JSON.parse(place.dataset.format || '{}'))
    if (output && output.textContent !== text) {
      output.textContent = text
      if (!isFirst) {
        output.classList.remove('changed')
        void output.offsetWidth // begins the animation again
        output.classList.add('changed')
      }
    }
    return true
  }

  #rollUp(rule: RollUp): Value {
    const grid = this.#form.querySelector<HTMLElement>(`[data-rows="${CSS.escape(rule.rows)}"]`)
    if (!grid) return null
    const values: Value[] = []
    for (const row of rowsOf(grid)) {
      const names = this.#names(row)
      const isBlank = [...row.querySelectorAll<Control>('input, select, textarea')].every(control => !control.value || control.type === 'checkbox')
      if (isBlank || (rule.filter && run(rule.filter, names) !== true)) continue
      values.push(rule.field ? names(rule.field) : null)
    }
    return sumUp(rule.function, values)
  }

  /** Names as a rule sees them: its row's fields first, else the form's. */
  #names(row: HTMLElement | null): (name: string) => Value {
    if (!row) return name => this.#value(name, this.#scope)
    const prefix = `${row.closest<HTMLElement>('[data-rows]')!.dataset.rows}-${row.dataset.row}-`
    const scope = JSON.parse(row.dataset.scope || '{}') as Scope
    return name => name in scope ? scope[name]! : this.#value(name.includes('.') ? name : prefix + name, this.#scope)
  }

  #value(name: string, scope: Scope): Value {
    if (this.#computed.has(name)) return this.#computed.get(name)!
    const held = this.#form.elements.namedItem(name)
    if (held) {
      const first = held instanceof RadioNodeList ? held[0] as Element : held
      return readValue(held, first.closest<HTMLElement>('[data-kind]')?.dataset.kind ?? 'text')
    }
    if (this.#form.elements.namedItem(`${name}-present`)) return readValue(null, this.#form.querySelector<HTMLElement>(`[data-field="${CSS.escape(name)}"]`)?.dataset.kind ?? 'list')
    return scope[name] ?? null
  }

  #apply(place: HTMLElement): void {
    const names = this.#names(place.closest<HTMLElement>('[data-row]'))
    const show = this.#tree(place, 'show')
    if (show) {
      const isOn = run(show, names) === true
      place.hidden = !isOn
      place.toggleAttribute('data-off', !isOn)
    }
    const lock = this.#tree(place, 'readonly')
    if (lock) place.toggleAttribute('data-locked', run(lock, names) === true)
    const require = this.#tree(place, 'require')
    if (require) {
      const isOn = run(require, names) === true
      place.toggleAttribute('data-required', isOn)
      const box = place.querySelector<HTMLElement>('.input, input[type=file]')
      if (isOn) box?.setAttribute('aria-required', 'true')
      else box?.removeAttribute('aria-required')
    }
  }

  /** What is hidden or locked is out of use, so that it neither posts nor blocks. */
  #disable(place: HTMLElement): void {
    for (const control of place.querySelectorAll<HTMLInputElement | HTMLButtonElement>('input, select, textarea, button')) {
      control.disabled = control.closest('[data-off], [data-locked]') !== null
    }
  }

  /** A reference that rules look through has changed: ask the server what stands behind it now. */
  async #ask(control: Control): Promise<void> {
    const address = this.#form.dataset.scopeAddress
    if (!address || !this.#references.has(control.name)) return
    const names = Object.keys(this.#scope).filter(name => name.startsWith(`${control.name}.`))
    for (const name of names) this.#scope[name] = null
    this.run()
    if (!control.value) return
    try {
      const answer = await getJson<Scope>(withParameters(address, { names: names.join(','), [control.name]: control.value }))
      Object.assign(this.#scope, answer)
      this.run()
    } catch { /* unknown until the server checks the form */ }
  }
}

each('form[data-live]', form => { new LiveForm(form as HTMLFormElement) })
