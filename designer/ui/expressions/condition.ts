/** Conditions as rows that people fill in, and the way to and from expressions.

    From text to rows the server's tree is read (so that one grammar decides), from rows to text words are
    written here. What rows can't show comes back with the reason, and is edited as text. Framework-free. */
import type { Kind } from './names.ts'

/** The server's JSON tree (engine/expressions/to_conditions.py). */
export type Tree = null | boolean | string | [string, ...Tree[]]

export type Value =
  | { is: 'text' | 'number' | 'date' | 'datetime' | 'reference'; text: string }
  | { is: 'yes_no'; yes: boolean }
  | { is: 'name'; name: string }
  /** A day or moment from now: `days` may be negative. */
  | { is: 'now'; kind: 'date' | 'datetime'; days: number }

export interface Row { is: 'row'; id: number; name: string; operator: string; values: Value[] }
export interface Group { is: 'group'; id: number; join: 'and' | 'or'; not: boolean; items: Item[] }
export type Item = Row | Group

let last = 0
export const nextId = (): number => ++last
export const emptyGroup = (join: 'and' | 'or' = 'and'): Group => ({ is: 'group', id: nextId(), join, not: false, items: [] })
export const newRow = (name = '', operator = '', values: Value[] = []): Row => ({ is: 'row', id: nextId(), name, operator, values })

/** How many values an operator takes: none, one, or as many as one likes. */
export type Takes = 'none' | 'one' | 'many'
export interface Operator { key: string; takes: Takes }

const EQUAL: Operator[] = [{ key: 'is', takes: 'one' }, { key: 'is_not', takes: 'one' }]
const ORDER: Operator[] = [{ key: 'more', takes: 'one' }, { key: 'at_least', takes: 'one' }, { key: 'less', takes: 'one' }, { key: 'at_most', takes: 'one' }]
const ONE_OF: Operator[] = [{ key: 'in', takes: 'many' }, { key: 'not_in', takes: 'many' }]
const BLANK: Operator[] = [{ key: 'blank', takes: 'none' }, { key: 'filled', takes: 'none' }]
const PARTS: Operator[] = [{ key: 'contains', takes: 'one' }, { key: 'not_contains', takes: 'one' }, { key: 'starts', takes: 'one' }, { key: 'ends', takes: 'one' }]
const CHANGED: Operator = { key: 'changed', takes: 'none' }

/** The operators that make sense for a kind; `choice` tells a text that is one of a list. */
export function operatorsOf(kind: Kind, given: { choice?: boolean; changed?: boolean } = {}): Operator[] {
  const more = given.changed ? [CHANGED] : []
  switch (kind) {
    case 'text': return [...(given.choice ? [...EQUAL, ...ONE_OF] : [...EQUAL, ...PARTS, ...ONE_OF]), ...BLANK, ...more]
    case 'number': return [...EQUAL, ...ORDER, ...ONE_OF, ...BLANK, ...more]
    case 'date': case 'datetime': return [...EQUAL, ...ORDER, ...BLANK, ...more]
    case 'yes_no': return [{ key: 'yes', takes: 'none' }, { key: 'no', takes: 'none' }, ...more]
    case 'reference': return [...EQUAL, ...ONE_OF, ...BLANK, ...more]
    case 'list': return [{ key: 'has_any', takes: 'many' }, { key: 'has_all', takes: 'many' }, { key: 'has_none', takes: 'many' }, ...BLANK]
    case 'file': case 'rows': return BLANK
    default: return [...EQUAL, ...BLANK]
  }
}

/** Operators that are read but not offered: what they say can be said better, but not exactly. */
export const takesOf = (operator: string): Takes =>
  ['in', 'not_in', 'has_any', 'has_all', 'has_none'].includes(operator) ? 'many' : ['blank', 'filled', 'changed', 'yes', 'no', 'is_false'].includes(operator) ? 'none' : 'one'

export const isComplete = (item: Item): boolean => item.is === 'group'
  ? item.items.length > 0 && item.items.every(isComplete)
  : item.name !== '' && item.operator !== '' && (takesOf(item.operator) === 'none' || (item.values.length > 0 && item.values.every(value => !('text' in value) || value.is === 'text' || value.text !== '')))

// from rows to text --------------------------------------------------------------------------------

const quoted = (text: string): string => JSON.stringify(text)

/** A value as an expression. */
export function valueText(value: Value): string {
  if (value.is === 'yes_no') return String(value.yes)
  if (value.is === 'name') return value.name
  if (value.is === 'number') return value.text
  if (value.is === 'now') {
    const now = value.kind === 'date' ? 'today()' : 'now()'
    return value.days === 0 ? now : `${now} ${value.days < 0 ? '-' : '+'} ${Math.abs(value.days)}`
  }
  return quoted(value.text)
}

const SIGNS: Record<string, string> = { is: '=', is_not: '<>', more: '>', at_least: '>=', less: '<', at_most: '<=' }
const CALLS: Record<string, string> = { contains: 'contains', starts: 'starts_with', ends: 'ends_with' }

function rowText(row: Row): string {
  const { name, operator } = row
  const values = row.values.map(valueText)
  if (operator in SIGNS) return `${name} ${SIGNS[operator]} ${values[0]}`
  if (operator in CALLS) return `${CALLS[operator]}(${name}, ${values[0]})`
  switch (operator) {
    case 'not_contains': return `not contains(${name}, ${values[0]})`
    case 'in': return `${name} in (${values.join(', ')})`
    case 'not_in': return `${name} not in (${values.join(', ')})`
    case 'blank': return `is_blank(${name})`
    case 'filled': return `not is_blank(${name})`
    case 'yes': return name
    case 'no': return `not ${name}`
    case 'is_false': return `${name} = false`
    case 'changed': return `is_changed(${name})`
    case 'has_any': return name === 'actor.roles' && values.length === 1 ? `has_role(${values[0]})` : `has_any(${name}, ${values.join(', ')})`
    case 'has_all': return `has_all(${name}, ${values.join(', ')})`
    case 'has_none': return name === 'actor.roles' && values.length === 1 ? `not has_role(${values[0]})` : `not has_any(${name}, ${values.join(', ')})`
    default: throw new Error(operator)
  }
}

function itemText(item: Item, inner: boolean): string {
  if (item.is === 'row') return rowText(item)
  const text = item.items.map(each => itemText(each, item.items.length > 1 || item.not)).join(` ${item.join} `)
  if (item.not) return `not (${text})`
  return inner && item.items.length > 1 ? `(${text})` : text
}

/** The expression that the rows say; '' for no rows at all. */
export const toText = (group: Group): string => group.items.length ? itemText(group, false) : ''

// from the tree to rows ----------------------------------------------------------------------------

/** Why rows can't show an expression: a code of `designer.expression.why_<code>` and what it is about. */
export class Unshown extends Error {
  readonly code: string
  readonly about: string
  constructor(code: string, about = '') { super(code); this.code = code; this.about = about }
}

type Node = [string, ...Tree[]]
const isNode = (tree: Tree | undefined): tree is Node => Array.isArray(tree)
const nameOf = (tree: Tree | undefined): { name: string; kind: Kind } | undefined => isNode(tree) && tree[0] === 'f' ? { name: tree[1] as string, kind: tree[2] as Kind } : undefined

const FUNCTION = /^[a-z]/
function about(tree: Tree | undefined): Unshown {
  if (isNode(tree)) {
    if (['+', '-', '*', '/', 'neg'].includes(tree[0])) return new Unshown('calculation')
    if (tree[0] === 'if' || tree[0] === 'case') return new Unshown('choice', tree[0])
    if (FUNCTION.test(tree[0]) && tree[0].length > 1 && !['list', 'and', 'or', 'not', 'in', 'id'].includes(tree[0])) return new Unshown('function', tree[0])
  }
  return new Unshown('shape')
}

/** The value that an expression is, where it is no more than one; raises Unshown. */
export function valueOf(tree: Tree | undefined): Value {
  if (typeof tree === 'string') return { is: 'text', text: tree }
  if (typeof tree === 'boolean') return { is: 'yes_no', yes: tree }
  if (!isNode(tree)) throw new Unshown('nothing')
  const [head, first, second] = tree
  switch (head) {
    case 'n': return { is: 'number', text: first as string }
    case 'd': return { is: 'date', text: first as string }
    case 't': return { is: 'datetime', text: first as string }
    case 'id': return { is: 'reference', text: first as string }
    case 'f': return { is: 'name', name: first as string }
    case '@today': return { is: 'now', kind: 'date', days: 0 }
    case '@now': return { is: 'now', kind: 'datetime', days: 0 }
    case 'add_days': {
      const negative = isNode(second) && second[0] === 'neg'
      const days = isNode(second) ? (negative ? second[1] : second) : undefined
      const start = isNode(first) ? first[0] : ''
      if ((start === '@today' || start === '@now') && isNode(days) && days[0] === 'n' && /^-?\d{1,6}$/.test(days[1] as string)) {
        return { is: 'now', kind: start === '@today' ? 'date' : 'datetime', days: (negative ? -1 : 1) * Number(days[1]) }
      }
    }
  }
  throw about(tree)
}

const OPERATORS: Record<string, string> = { '=': 'is', '<>': 'is_not', '>': 'more', '>=': 'at_least', '<': 'less', '<=': 'at_most' }
const TURNED: Record<string, string> = { '=': '=', '<>': '<>', '>': '<', '>=': '<=', '<': '>', '<=': '>=' }
const NEGATED: Record<string, string> = { contains: 'not_contains', blank: 'filled', yes: 'no', has_any: 'has_none' }

function comparison(head: string, left: Tree | undefined, right: Tree | undefined): Row {
  const one = nameOf(left)
  const other = nameOf(right)
  if (!one && other) return comparison(TURNED[head]!, right, left)
  if (!one) throw about(left)
  if (head === '<>' && other?.name === `old.${one.name}`) return newRow(one.name, 'changed')
  if (one.kind === 'yes_no' && typeof right === 'boolean' && head === '=') return newRow(one.name, right ? 'yes' : 'is_false')
  // A text may be empty without being nothing, so only for other kinds "nothing" and "blank" are one.
  if (right === null && (head === '=' || head === '<>') && ['number', 'date', 'datetime', 'reference'].includes(one.kind)) return newRow(one.name, head === '=' ? 'blank' : 'filled')
  if (one.kind === 'list') throw new Unshown('shape')
  return newRow(one.name, OPERATORS[head]!, [valueOf(right)])
}

function membership(isIn: boolean, left: Tree | undefined, right: Tree | undefined): Row {
  const list = nameOf(right)
  if (list) return newRow(list.name, isIn ? 'has_any' : 'has_none', [valueOf(left)])
  const one = nameOf(left)
  if (!one) throw about(left)
  if (!isNode(right) || right[0] !== 'list') throw about(right)
  if (right.length === 1) throw new Unshown('nothing')
  return newRow(one.name, isIn ? 'in' : 'not_in', right.slice(1).map(valueOf))
}

function rowOf(tree: Tree): Row {
  const name = nameOf(tree)
  if (name?.kind === 'yes_no') return newRow(name.name, 'yes')
  if (!isNode(tree)) throw new Unshown(typeof tree === 'boolean' ? 'constant' : 'shape')
  const [head, first, second] = tree
  if (head in OPERATORS) return comparison(head, first, second)
  if (head === 'in' || head === 'not in') return membership(head === 'in', first, second)
  if (head === 'not') {
    const row = rowOf(first!)
    const operator = NEGATED[row.operator]
    if (!operator) throw new Unshown('shape')
    return { ...row, operator }
  }
  const subject = nameOf(first)
  if (['contains', 'starts_with', 'ends_with'].includes(head)) {
    if (!subject) throw about(first)
    return newRow(subject.name, { contains: 'contains', starts_with: 'starts', ends_with: 'ends' }[head]!, [valueOf(second)])
  }
  if (head === 'is_blank') {
    if (!subject) throw about(first)
    return newRow(subject.name, 'blank')
  }
  if (head === 'has_any' || head === 'has_all') {
    if (!subject) throw about(first)
    return newRow(subject.name, head, tree.slice(2).map(value => valueOf(value as Tree)))
  }
  throw about(tree)
}

function itemOf(tree: Tree): Item {
  if (isNode(tree) && (tree[0] === 'and' || tree[0] === 'or')) {
    return { is: 'group', id: nextId(), join: tree[0], not: false, items: tree.slice(1).map(each => itemOf(each as Tree)) }
  }
  if (isNode(tree) && tree[0] === 'not' && isNode(tree[1])) {
    const inner = tree[1]
    if (inner[0] === 'and' || inner[0] === 'or') return { ...(itemOf(inner) as Group), not: true }
    try { return rowOf(tree) } catch (error) {
      if (!(error instanceof Unshown) || error.code !== 'shape') throw error
      return { is: 'group', id: nextId(), join: 'and', not: true, items: [itemOf(inner)] }
    }
  }
  return rowOf(tree)
}

/** The rows that say the same as a tree; raises Unshown where rows can't. */
export function fromTree(tree: Tree): Group {
  const item = itemOf(tree)
  return item.is === 'group' ? item : { ...emptyGroup(), items: [item] }
}

/** The values of a list written out, or the one value that an expression is; undefined where it is more than that. */
export function valuesOf(tree: Tree): Value[] | undefined {
  try {
    return isNode(tree) && tree[0] === 'list' ? tree.slice(1).map(each => valueOf(each as Tree)) : [valueOf(tree)]
  } catch (error) {
    if (!(error instanceof Unshown)) throw error
    return undefined
  }
}

/** Is there anything in it yet? */
export const isFilled = (value: Value): boolean => !('text' in value) || value.text !== ''
