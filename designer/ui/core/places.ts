/** Names of places in documents, and everything in an app that has a name to be found by. */
import { address, type Address, type Document, type Text } from './documents.ts'
import { keywordsOf } from './spelling.ts'
import type { Path } from './paths.ts'

export type Sort = 'app' | 'entity' | 'field' | 'option' | 'rule' | 'form' | 'tab' | 'section' | 'view' | 'workflow' | 'state' | 'action' | 'role' | 'locale' | 'text'

/** One thing with a name. `value` is its key. */
export interface Named {
  sort: Sort
  address: Address
  path: (string | number)[]
  label: string
  value: string
  keywords: string
  /** What it is part of, in words. */
  within: string
  icon?: string | undefined
}

type Plain = Record<string, unknown>
type Reader = (text: Text | undefined, or?: string) => string
const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value)
const items = (value: unknown): Plain[] => Array.isArray(value) ? value.filter(isPlain) : []

/** Everything in these documents that has a name. */
export function named(documents: readonly Document[], read: Reader): Named[] {
  const found: Named[] = []
  const names = new Map(documents.map(document => [address(document), read(document.label as Text, document.key)]))
  for (const document of documents) {
    const place = address(document)
    const name = names.get(place)!
    const owner = typeof document.entity === 'string' ? names.get(`entity/${document.entity}`) ?? '' : ''
    const add = (sort: Sort, path: Path, label: Text | undefined, key: string, within: string, more: (Text | undefined)[] = [], icon?: string): void => {
      const words = read(label, key)
      if (words) found.push({ sort, address: place, path: [...path], label: words, value: key, keywords: keywordsOf(label, ...more), within, icon })
    }
    add(document.kind as Sort, [], document.label as Text, document.key, owner, [document.plural as Text], document.icon as string | undefined)
    const texts = new Texts((path, text) => add('text', path, text, '', name))
    if (document.kind === 'entity') {
      items(document.fields).forEach((field, at) => {
        add('field', ['fields', at], field.label as Text, String(field.key), name, [], String(field.type))
        items((field.options as Plain | undefined)?.options).forEach((option, index) => add('option', ['fields', at, 'options', 'options', index], option.label as Text, String(option.key), `${name} › ${read(field.label as Text, String(field.key))}`))
      })
      items(document.rules).forEach((rule, at) => add('rule', ['rules', at], rule.message as Text, String(rule.key), name))
      texts.read(document, ['description']); texts.inside(document.fields, ['fields'], ['help'])
    } else if (document.kind === 'form') {
      items(document.tabs).forEach((tab, at) => {
        add('tab', ['tabs', at], tab.label as Text, String(tab.key), name)
        items(tab.sections).forEach((section, index) => {
          add('section', ['tabs', at, 'sections', index], section.label as Text, String(section.key), `${name} › ${read(tab.label as Text, String(tab.key))}`)
          texts.inside(section.items, ['tabs', at, 'sections', index, 'items'], ['text'])
        })
      })
    } else if (document.kind === 'workflow' && isPlain(document.states)) {
      for (const [key, state] of Object.entries(document.states)) {
        if (!isPlain(state)) continue
        const label = read(state.label as Text, key)
        add('state', ['states', key], state.label as Text, key, name)
        const actions = isPlain(state.transitions) ? Object.entries(state.transitions).filter(([, action]) => isPlain(action)) as [string, Plain][] : []
        for (const [action, given] of actions) if (given.label) add('action', ['states', key, 'transitions', action], given.label as Text, action, `${name} › ${label}`)
      }
    } else if (document.kind === 'role' || document.kind === 'app' || document.kind === 'view') texts.read(document, ['description'])
    if (document.kind === 'app' && isPlain(document.templates)) for (const [key, template] of Object.entries(document.templates)) texts.inside([template], ['templates', key], ['subject', 'body'], true)
  }
  return found
}

/** Collects sentences: help texts, descriptions, notes on forms, messages. */
class Texts {
  private readonly add: (path: Path, text: Text) => void
  constructor(add: (path: Path, text: Text) => void) { this.add = add }
  read(from: Plain, keys: string[], path: Path = []): void { for (const key of keys) if (from[key]) this.add([...path, key], from[key] as Text) }
  inside(list: unknown, path: Path, keys: string[], isOne = false): void { items(list).forEach((item, at) => this.read(item, keys, isOne ? path : [...path, at])) }
}

/** A path as people read it: labels where the things on the way have one, keys where not. */
export function placeLabel(document: unknown, path: Path, read: Reader, fieldName: (key: string) => string | undefined = () => undefined, word: (step: string) => string | undefined = () => undefined): string {
  const found: string[] = []
  let inside = document
  for (const step of path) {
    inside = isPlain(inside) || Array.isArray(inside) ? (inside as Record<string | number, unknown>)[step] : undefined
    let shown = typeof step === 'number' ? String(step + 1) : word(step) ?? step
    if (isPlain(inside)) {
      const key = ['field', 'rows', 'key', 'view', 'entity'].map(name => (inside as Plain)[name]).find((value): value is string => typeof value === 'string')
      const label = inside.label ? read(inside.label as Text) : ''
      shown = label || (key ? fieldName(key) ?? key : typeof inside.text === 'object' || typeof inside.text === 'string' ? read(inside.text as Text) : shown)
      if (shown.length > 40) shown = `${shown.slice(0, 39)}…`
    } else if (typeof step === 'string' && ['fields', 'tabs', 'sections', 'items', 'states', 'options', 'transitions'].includes(step)) continue
    found.push(shown)
  }
  return found.join(' › ')
}

/** The path written in the address of a page: `#at=["fields",3]`. */
export function pathIn(hash: string): (string | number)[] | undefined {
  if (!hash.startsWith('#at=')) return undefined
  try {
    const found: unknown = JSON.parse(decodeURIComponent(hash.slice(4)))
    return Array.isArray(found) && found.every(step => typeof step === 'string' || typeof step === 'number') ? found as (string | number)[] : undefined
  } catch { return undefined }
}
