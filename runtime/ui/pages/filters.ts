/** The filter builder: rows of field, comparison and value; the hidden input `where` holds them as JSON. */
import '../shared/combobox.ts'
import '../shared/date_input.ts'
import { each, icon, make } from '../shared/dom.ts'
import { say } from '../shared/texts.ts'
import './numbers.ts'

interface Operator { key: string, label: string, values: 'none' | 'one' | 'two' | 'many', days?: boolean }
interface Choice { key: string, label: string }
interface Field { key: string, label: string, input: 'text' | 'number' | 'date' | 'choice' | 'lookup', operators: Operator[], choices?: Choice[], lookup?: string }
type Value = string | string[] | { id: string, title: string }[]
type Term = [field: string, operator: string, ...values: Value[]]

let count = 0

class Builder {
  #form: HTMLFormElement
  #fields: Field[]
  #rows: HTMLElement
  #where: HTMLInputElement

  constructor(form: HTMLFormElement) {
    this.#form = form
    this.#fields = JSON.parse(form.querySelector('[data-filter-fields]')!.textContent!) as Field[]
    this.#rows = form.querySelector<HTMLElement>('[data-filter-rows]')!
    this.#where = form.querySelector<HTMLInputElement>('input[name=where]')!
    form.querySelector('[data-filter-add]')!.addEventListener('click', () => this.#add().querySelector('select')?.focus())
    form.querySelector('[data-filter-clear]')!.addEventListener('click', () => {
      this.#rows.replaceChildren()
      this.#write()
      form.requestSubmit()
    })
    form.addEventListener('input', () => this.#write())
    form.addEventListener('change', () => this.#write())
    const terms = this.#where.value ? JSON.parse(this.#where.value) as Term[] : []
    for (const term of terms) this.#add(term)
    if (!terms.length) this.#add()
  }

  #add(term?: Term): HTMLElement {
    const field = make('select', { class: 'input', 'aria-label': say('condition_field') }, ...this.#fields.map(each => make('option', { value: each.key }, each.label)))
    if (term) field.value = term[0]
    const operator = make('select', { class: 'input', 'aria-label': say('condition_operator') })
    const values = make('div', { class: 'values' })
    const remove = make('button', { type: 'button', class: 'button plain square', 'aria-label': say('condition_remove') }, icon('x'))
    const row = make('div', { class: 'filter-row' }, field, operator, values, remove)
    const chosen = () => this.#fields.find(each => each.key === field.value) ?? this.#fields[0]!
    const drawOperators = (key?: string) => {
      operator.replaceChildren(...chosen().operators.map(each => make('option', { value: each.key }, each.label)))
      if (key) operator.value = key
    }
    const drawValues = (given: Value[] = []) => {
      const found = chosen().operators.find(each => each.key === operator.value) ?? chosen().operators[0]!
      values.replaceChildren(...this.#inputs(chosen(), found, given))
    }
    field.addEventListener('change', () => { drawOperators(); drawValues() })
    operator.addEventListener('change', () => drawValues(this.#values(values)))
    remove.addEventListener('click', () => {
      const next = (row.nextElementSibling ?? row.previousElementSibling)?.querySelector<HTMLElement>('select')
      row.remove()
      this.#write()
      ;(next ?? this.#form.querySelector<HTMLElement>('[data-filter-add]'))?.focus()
    })
    drawOperators(term?.[1])
    drawValues(term?.slice(2) as Value[] | undefined)
    this.#rows.append(row)
    return row
  }

  #inputs(field: Field, operator: Operator, given: Value[]): HTMLElement[] {
    const label = `${say('condition_value')}: ${field.label}`
    if (operator.values === 'none') return []
    if (operator.days) return [make('input', { class: 'input number', 'aria-label': label, inputmode: 'numeric', value: text(given[0]) || '30' })]
    if (field.input === 'choice') return [this.#search(field, label, operator.values === 'many', given, field.choices)]
    if (field.input === 'lookup') return [this.#search(field, label, operator.values === 'many', given)]
    const one = (value: Value | undefined) => {
      const input = make('input', { class: field.input === 'number' ? 'input number' : 'input', 'aria-label': label, value: text(value), inputmode: field.input === 'number' ? 'decimal' : null, 'data-number': field.input === 'number', autocomplete: 'off' })
      if (field.input !== 'date') return input
      const made = make('fw-date' as 'div', { 'data-kind': 'date' }, input, make('button', { type: 'button', tabindex: -1, 'aria-label': label }, icon('calendar')))
      input.placeholder = 'YYYY-MM-DD'
      return made
    }
    return operator.values === 'two' ? [one(given[0]), one(given[1])] : [one(given[0])]
  }

  #search(field: Field, label: string, many: boolean, given: Value[], choices?: Choice[]): HTMLElement {
    const id = `where-${++count}`
    const held = (given[0] === undefined ? [] : Array.isArray(given[0]) ? given[0] : [given[0]]).map(value =>
      typeof value === 'string' ? { id: value, title: choices?.find(choice => choice.key === value)?.label ?? value } : value)
    const list = make('ul', { class: 'options', id: `${id}-list`, role: 'listbox', 'aria-label': label, popover: 'manual' },
      ...(choices ?? []).map(choice => make('li', { role: 'option', 'data-value': choice.key, 'aria-selected': 'false' }, choice.label)))
    const box = make('input', {
      class: 'input', role: 'combobox', 'aria-expanded': 'false', 'aria-autocomplete': 'list', 'aria-controls': `${id}-list`, autocomplete: 'off',
      'aria-label': label, value: many ? '' : held[0]?.title ?? '',
    })
    const chips = many ? held.map(each => make('span', { class: 'picked' }, make('input', { type: 'hidden', value: each.id }), each.title,
      make('button', { type: 'button', 'aria-label': say('remove', { label: each.title }) }, icon('x'))))
      : [make('input', { type: 'hidden', value: held[0]?.id ?? '' })]
    return make('fw-combobox' as 'div', { multiple: many, 'data-src': choices ? null : field.lookup }, ...chips, box,
      make('button', { type: 'button', class: 'open', tabindex: -1, 'aria-label': label }, icon(choices ? 'chevron-down' : 'search')), list)
  }

  #values(place: HTMLElement): Value[] {
    const search = place.querySelector('fw-combobox')
    if (search) {
      const ids = [...search.querySelectorAll<HTMLInputElement>('input[type=hidden]')].map(held => held.value).filter(Boolean)
      return search.hasAttribute('multiple') ? [ids] : ids
    }
    return [...place.querySelectorAll<HTMLInputElement>('input.input')].map(input => input.value.trim().replaceAll(',', ''))
  }

  #write(): void {
    const terms: Term[] = []
    for (const row of this.#rows.children) {
      const [field, operator] = [...row.querySelectorAll('select')].map(select => select.value)
      const needs = this.#fields.find(each => each.key === field)?.operators.find(each => each.key === operator)?.values
      const values = this.#values(row.querySelector<HTMLElement>('.values')!)
      const isFilled = needs === 'none' || (values.length > 0 && values.every(value => value.length > 0))
      if (field && operator && isFilled) terms.push([field, operator, ...(needs === 'none' ? [] : values)])
    }
    this.#where.value = terms.length ? JSON.stringify(terms) : ''
  }
}

const text = (value: Value | undefined): string => typeof value === 'string' ? value : ''

each('form[data-filter]', form => { new Builder(form as HTMLFormElement) })
