/** Pure edits of a view's document, and what fits into its places. */
import type { ColourRule, Column, ViewDocument } from '../core/documents.ts'
import { move } from '../core/paths.ts'

export type ViewType = ViewDocument['type']
export const TYPES: readonly ViewType[] = ['list', 'board', 'calendar', 'cards']
export const WIDEST = 800
export const NARROWEST = 40

/** What a name of the entity is, as far as a view asks. */
export interface Fit { name: string; kind: string; type: string; choices?: readonly unknown[] }

export const pathOf = (column: string | Column): string => typeof column === 'string' ? column : column.field
export const columnOf = (column: string | Column): Column => typeof column === 'string' ? { field: column } : column

/** The shortest way to write a column: its path alone when there is nothing else to say. */
function written(column: Column): string | Column {
  const { field, ...more } = column
  return Object.keys(more).length ? column : field
}

export const indexOf = (view: ViewDocument, path: string): number => view.columns.findIndex(column => pathOf(column) === path)

/** Columns put in before `at` (at the end without it); those that are there already stay where they are. */
export function addColumns(view: ViewDocument, paths: readonly string[], at = view.columns.length): ViewDocument {
  const fresh = paths.filter(path => indexOf(view, path) < 0)
  if (!fresh.length) return view
  return { ...view, columns: [...view.columns.slice(0, at), ...fresh, ...view.columns.slice(at)] }
}

/** Without a column; a view keeps at least one, and rules that coloured it colour nothing any more. */
export function removeColumn(view: ViewDocument, path: string): ViewDocument {
  if (view.columns.length < 2 || indexOf(view, path) < 0) return view
  const colours = view.colours?.filter(rule => rule.field !== path)
  const { colours: _, ...rest } = view
  return { ...rest, columns: view.columns.filter(column => pathOf(column) !== path), ...(colours?.length ? { colours } : {}) } as ViewDocument
}

/** `to` counts the columns as they stand before the move. */
export function moveColumn(view: ViewDocument, path: string, to: number): ViewDocument {
  const from = indexOf(view, path)
  if (from < 0) return view
  const columns = move(view.columns, [], from, to)
  return columns === view.columns ? view : { ...view, columns }
}

/** Settings of a column; an undefined one is taken out. */
export function setColumn(view: ViewDocument, path: string, change: { [key in keyof Column]?: Column[key] | undefined }): ViewDocument {
  const columns = view.columns.map(column => {
    if (pathOf(column) !== path) return column
    const made = Object.fromEntries(Object.entries({ ...columnOf(column), ...change }).filter(([, value]) => value !== undefined && value !== false && !isBlank(value))) as unknown as Column
    return written(made)
  })
  return { ...view, columns }
}

const isBlank = (value: unknown): boolean => value === '' || (typeof value === 'object' && value !== null && Object.values(value).every(each => each === ''))

export const clamp = (width: number): number => Math.max(NARROWEST, Math.min(WIDEST, Math.round(width)))

/** The view as another type. All that was set stays, so that going back loses nothing; what the type needs is guessed. */
export function switchType(view: ViewDocument, type: ViewType, names: readonly Fit[], status: readonly string[]): ViewDocument {
  const made: ViewDocument = { ...view, type }
  if (type === 'board' && !made.board) {
    const by = status.find(key => names.some(name => name.name === key)) ?? names.find(isChoice)?.name
    if (by) made.board = { by }
  }
  if (type === 'calendar' && !made.calendar) {
    const start = names.find(name => isDay(name) && name.type !== '')?.name ?? names.find(isDay)?.name
    if (start) made.calendar = { start, ...(names.some(name => name.name === status[0]) ? { colour: status[0]! } : {}) }
  }
  if (type === 'cards' && !made.cards) {
    const chip = status.find(key => names.some(name => name.name === key))
    if (chip) made.cards = { chip }
  }
  return made
}

/** The view in a block's shape: its type, columns, order, groups, colours; name, roles and standing stay. */
export function shaped(view: ViewDocument, block: ViewDocument): ViewDocument {
  const keeps = ['kind', 'key', 'uid', 'schema', 'entity', 'label', 'roles', 'default', 'page_size']
  const part = (document: ViewDocument, own: boolean): object => Object.fromEntries(Object.entries(document).filter(([name]) => keeps.includes(name) === own))
  return { ...part(view, true), ...part(block, false) } as ViewDocument
}

export const isOwn = (name: Fit): boolean => !name.name.includes('.')
export const isChoice = (name: Fit): boolean => name.kind === 'text' && Boolean(name.choices?.length)
export const isDay = (name: Fit): boolean => name.kind === 'date' || name.kind === 'datetime'
export const isNumber = (name: Fit): boolean => name.kind === 'number'
export const isSortable = (name: Fit): boolean => !['rows', 'file', 'list'].includes(name.kind)
export const isColumn = (name: Fit): boolean => name.kind !== 'rows' && name.name !== 'id' && !name.name.startsWith('actor.')

/** May a value of this field be changed in the list at all: an own field, filled in by people, not a workflow's. */
export const isEditable = (name: Fit, isDerived: boolean, status: readonly string[]): boolean =>
  isOwn(name) && name.type !== '' && !isDerived && !['rows', 'file'].includes(name.kind) && !status.includes(name.name)

export interface SortKey { path: string; down: boolean }
export const sortOf = (view: ViewDocument): SortKey[] => (view.sort ?? []).map(text => ({ path: text.replace(/^-/, ''), down: text.startsWith('-') }))
export function withSort(view: ViewDocument, keys: readonly SortKey[]): ViewDocument {
  const { sort: _, ...rest } = view
  return (keys.length ? { ...rest, sort: keys.map(key => (key.down ? '-' : '') + key.path) } : rest) as ViewDocument
}

/** A setting of the view; empty lists and texts are taken out. */
export function set<Key extends keyof ViewDocument>(view: ViewDocument, key: Key, value: ViewDocument[Key] | undefined): ViewDocument {
  const isNothing = value === undefined || value === '' || value === false || (Array.isArray(value) && !value.length)
  if (!isNothing) return { ...view, [key]: value }
  const { [key]: _, ...rest } = view
  return rest as unknown as ViewDocument
}

/** One setting of the board, calendar or cards; the part goes with its last setting. */
export function setPart<Part extends 'board' | 'calendar' | 'cards'>(view: ViewDocument, part: Part, key: string, value: unknown): ViewDocument {
  const now = (view[part] ?? {}) as Record<string, unknown>
  const { [key]: _, ...rest } = now
  const isNothing = value === undefined || value === '' || (Array.isArray(value) && !value.length)
  const made = isNothing ? rest : { ...now, [key]: value }
  // What belongs to a field goes with it.
  if (part === 'board' && key === 'by' && now.by !== value) delete (made as Record<string, unknown>).values
  return set(view, part, (Object.keys(made).length ? made : undefined) as ViewDocument[Part])
}

export const withColours = (view: ViewDocument, colours: readonly ColourRule[]): ViewDocument => set(view, 'colours', [...colours])
