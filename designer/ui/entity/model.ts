/** Fields of an entity as the author edits them. Pure: nothing here knows the page. */
import { freeKey, keyFrom, newUid, type ChoiceOption, type EntityDocument, type Field, type Text } from '../core/documents.ts'
import { same } from '../core/paths.ts'
import { namesIn, renamed } from '../form/clip.ts'

export type Standing = 'new' | 'changed' | 'retired' | 'same'
export interface Shape { key: string; options: readonly { key: string; type: string; default?: unknown }[]; is_derived: boolean }

/** How a field stands to what is published. */
export function standingOf(field: Field, published: Field | undefined): Standing {
  if (field.retired) return 'retired'
  if (!published) return 'new'
  return same(field, published) ? 'same' : 'changed'
}

/** Words of a label from which a key can be made: Latin ones first. */
export function keyWords(label: Text): string {
  if (typeof label === 'string') return label
  return label.en || Object.values(label).find(Boolean) || ''
}

/** A free key out of words; `spelled` says how Chinese words are spelled ("jine je"). */
export const keyOf = (label: Text, spelled: string | undefined, taken: Iterable<string>, or: string): string => {
  const words = keyWords(label)
  return freeKey(keyFrom(words, '') || keyFrom(spelled?.split(' ')[0] ?? '', '') || or, taken)
}

export function madeField(type: string, label: Text, key: string, more: Partial<Field> = {}): Field {
  return { key, uid: newUid(), type, label, ...more }
}

/** The list with the fields of these uids, in their order, moved before the one at `to` (of the list as it is). */
export function moved(fields: readonly Field[], uids: ReadonlySet<string>, to: number): Field[] {
  const taken = fields.filter(field => uids.has(field.uid))
  const before = fields.slice(0, to).filter(field => !uids.has(field.uid))
  const after = fields.slice(to).filter(field => !uids.has(field.uid))
  return [...before, ...taken, ...after]
}

/** One step up or down for all of them together; over the neighbours that are shown. */
export function stepped(fields: readonly Field[], uids: ReadonlySet<string>, step: -1 | 1): Field[] {
  const places = fields.flatMap((field, at) => uids.has(field.uid) ? [at] : [])
  if (!places.length) return [...fields]
  const first = places[0]!
  const last = places.at(-1)!
  if (step < 0) return first === 0 ? [...fields] : moved(fields, uids, first - 1)
  return last === fields.length - 1 ? [...fields] : moved(fields, uids, last + 2)
}

export function changed(fields: readonly Field[], uids: ReadonlySet<string>, change: (field: Field) => Field): Field[] {
  return fields.map(field => uids.has(field.uid) ? change(field) : field)
}

/** Without a key whose value is what is meant anyway. */
export function put(field: Field, key: keyof Field, value: unknown, or?: unknown): Field {
  const { [key]: _, ...rest } = field
  return (value === undefined || value === '' || value === or ? rest : { ...field, [key]: value }) as Field
}

/** Copies with identities and keys of their own, behind the last of the originals. */
export function doubled(fields: readonly Field[], uids: ReadonlySet<string>, naming: (label: Text) => Text): { fields: Field[]; made: Field[] } {
  const taken = new Set(fields.map(field => field.key))
  const names = new Map<string, string>()
  const chosen = fields.filter(field => uids.has(field.uid))
  for (const field of chosen) { const key = freeKey(field.key, taken); taken.add(key); names.set(field.key, key) }
  const made = chosen.map(field => ({ ...put(field, 'retired', undefined), key: names.get(field.key)!, uid: newUid(), label: naming(field.label) }))
  const last = fields.reduce((found, field, at) => uids.has(field.uid) ? at : found, -1)
  return { fields: [...fields.slice(0, last + 1), ...made, ...fields.slice(last + 1)], made }
}

export interface FieldClip { entity: string; fields: Field[] }
/** What could not come along: a whole field, or a part of it, and the name that isn't known there. */
export interface Dropped { field: Text; part: 'field' | 'default' | 'formula' | 'filter'; name: string }

/** Fields to insert into another entity (or, with `isHome`, the same one) with new keys where theirs are taken;
    expressions follow, and what would mean nothing there is left out and told. */
export function pasted(clip: FieldClip, to: EntityDocument, entities: ReadonlySet<string>, isHome: boolean): { fields: Field[]; dropped: Dropped[] } {
  const dropped: Dropped[] = []
  const taken = new Set(to.fields.map(field => field.key))
  const there = new Set(to.fields.filter(field => !field.retired).map(field => field.key))
  const names = new Map<string, string>()
  let coming = clip.fields.map(field => put(field, 'retired', undefined))
  // What stands on a field that can't come can't come either.
  for (let before = -1; before !== coming.length;) {
    before = coming.length
    const known = new Set([...there, ...coming.map(field => field.key)])
    coming = coming.filter(field => {
      const name = lacking(field, known, entities)
      if (name !== undefined) dropped.push({ field: field.label, part: 'field', name })
      return name === undefined
    })
  }
  for (const field of coming) { const key = freeKey(field.key, taken); taken.add(key); names.set(field.key, key) }
  const means = (text: string, isFilter: boolean): string | undefined => [...namesIn(text, isFilter)].find(name => !names.has(name) && !there.has(name) && !SYSTEM.has(name))
  const fields = coming.map(field => {
    let made: Field = { ...field, key: names.get(field.key)!, uid: newUid() }
    for (const part of ['default', 'formula', 'filter'] as const) {
      const text = field[part]
      if (text === undefined) continue
      const isFilter = part === 'filter'
      const missing = isHome || (isFilter && field.type === 'rollup') ? undefined : means(text, isFilter)
      if (missing !== undefined && part !== 'formula') { dropped.push({ field: field.label, part, name: missing }); made = put(made, part, undefined) }
      else made = { ...made, [part]: isHome ? text : renamed(text, names, isFilter) }
    }
    const options = { ...field.options }
    for (const part of ['rows', 'via'] as const) if (!isHome && typeof options[part] === 'string' && (part === 'rows' || field.type === 'mirror')) options[part] = names.get(options[part] as string) ?? options[part]
    return field.options ? { ...made, options } : made
  })
  return { fields, dropped }
}

const SYSTEM = new Set(['created_by', 'created_on', 'changed_by', 'changed_on', 'id'])

function lacking(field: Field, known: ReadonlySet<string>, entities: ReadonlySet<string>): string | undefined {
  const options = (field.options ?? {}) as Record<string, unknown>
  if (typeof options.entity === 'string' && !entities.has(options.entity)) return options.entity
  if (field.type === 'rows') return String(options.entity)
  if (typeof options.rows === 'string' && !known.has(options.rows)) return options.rows
  if (field.type === 'mirror' && typeof options.via === 'string' && !known.has(options.via)) return options.via
  if (field.formula) { const name = [...namesIn(field.formula)].find(each => !known.has(each) && !SYSTEM.has(each)); if (name) return name }
  return undefined
}

/** The field as one of another type: options that both types have stay, as do those in `given`. */
export function retyped(field: Field, to: Shape, given: Record<string, unknown> = {}, formula?: string): Field {
  const known = new Map(to.options.map(option => [option.key, option.type]))
  const kept = Object.fromEntries(Object.entries(field.options ?? {}).filter(([key]) => known.has(key) && KEPT.has(key)))
  const options = { ...kept, ...given }
  const { options: _o, formula: _f, filter: _i, default: preset, ...rest } = field
  const plain: Field = { ...rest, type: to.key }
  if (to.is_derived) { delete plain.required; delete plain.unique }
  else if (preset !== undefined && !to.is_derived && field.type === to.key) plain.default = preset
  if (!UNIQUE.has(to.key)) delete plain.unique
  if (formula !== undefined) plain.formula = formula
  return Object.keys(options).length ? { ...plain, options: options as NonNullable<Field['options']> } : plain
}
const KEPT = new Set(['options', 'scale', 'currency', 'entity', 'max_length'])
/** Types whose values can be compared, so that they can be unique. */
export const UNIQUE = new Set(['text', 'email', 'phone', 'url', 'integer', 'decimal', 'money', 'percent', 'date', 'datetime', 'reference', 'user', 'department'])
export const SEARCHABLE = new Set(['text', 'long_text', 'email', 'phone', 'url', 'number', 'choice', 'choices', 'integer', 'decimal', 'money', 'percent', 'date', 'formula', 'mirror', 'rollup'])

/** Options of a choice made of the values that occur. */
export function choicesOf(words: readonly string[], before: readonly ChoiceOption[], spelled: (word: string) => string | undefined): ChoiceOption[] {
  const found = [...before]
  const labels = new Set(before.flatMap(option => typeof option.label === 'string' ? [option.label] : Object.values(option.label)))
  const taken = new Set(before.map(option => option.key))
  for (const word of words) {
    const label = word.trim()
    if (!label || labels.has(label)) continue
    const key = freeKey(keyFrom(label, '') || keyFrom(spelled(label)?.split(' ')[0] ?? '', '') || 'option', taken)
    taken.add(key)
    labels.add(label)
    found.push({ key, label })
  }
  return found
}

/** Options of a choice that are in one list and not in the other. */
export function lost(before: readonly ChoiceOption[], after: readonly ChoiceOption[]): ChoiceOption[] {
  const there = new Set(after.map(option => option.key))
  return before.filter(option => !there.has(option.key))
}

/** What has to be said of a key before it can be one. */
export function keyProblem(key: string, taken: ReadonlySet<string>): 'empty' | 'syntax' | 'taken' | undefined {
  if (!key) return 'empty'
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(key)) return 'syntax'
  return taken.has(key) ? 'taken' : undefined
}
