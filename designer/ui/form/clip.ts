/** Copying items between forms and entities: what goes along, what gets a new name, what must stay behind. */
import { freeKey, newUid, type Field, type FormDocument, type Item } from '../core/documents.ts'
import { find, keyOf, type Id } from './model.ts'

/** What is in the clipboard: items with the fields they show. */
export interface ItemClip { entity: string; items: { item: Item; field?: Field }[] }
/** What could not come along: a whole field, or a part of it, and the name that isn't known there. */
export interface Dropped { field: string; part: 'field' | 'default' | 'filter' | 'visible' | 'required' | 'read_only'; name: string }
export interface Pasting {
  entity: string
  fields: readonly Field[]
  form: FormDocument
  /** Entities that are there. */
  entities: ReadonlySet<string>
  app: { from: string; to: string }
}
export interface Pasted { items: Item[]; fields: Field[]; dropped: Dropped[] }

const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?=\s*(\()?)/g
const WORDS = new Set(['and', 'or', 'not', 'in', 'true', 'false', 'null'])
const CONTEXT = new Set(['actor', 'initiator'])
/** Names before a dot that stand for the record itself. */
const SELF = new Set(['old', 'record'])

function replaced(text: string, change: (name: string) => string): string {
  return text.replace(TOKEN, (token, call: string | undefined) => call || token[0] === '"' || token[0] === "'" || WORDS.has(token.toLowerCase()) ? token : change(token))
}
/** The own fields that an expression reads. In a reference's filter (`isFilter`) bare names are the other record's. */
export function namesIn(text: string, isFilter = false): Set<string> {
  const found = new Set<string>()
  replaced(text, name => {
    const [first = '', second] = name.split('.')
    if (SELF.has(first) && second) found.add(second)
    else if (!isFilter && !CONTEXT.has(first)) found.add(first)
    return name
  })
  return found
}
/** The expression with its own fields under other names. */
export function renamed(text: string, names: ReadonlyMap<string, string>, isFilter = false): string {
  return replaced(text, name => {
    const parts = name.split('.')
    const at = SELF.has(parts[0]!) && parts.length > 1 ? 1 : 0
    if (isFilter && !at) return name
    const to = names.get(parts[at]!)
    if (to === undefined) return name
    parts[at] = to
    return parts.join('.')
  })
}

export function clipOf(form: FormDocument, entity: string, fields: readonly Field[], ids: readonly Id[]): ItemClip {
  const items = ids.flatMap(id => find(form, id)?.item ?? [])
  return { entity, items: items.map(item => {
    const field = fields.find(each => each.key === keyOf(item))
    return field ? { item, field } : { item }
  }) }
}

/** Items to insert and fields to create. A field of the same entity that the form lacks is shown again; one that it
    has is doubled; in another entity it is created with its options and rules, as far as these mean anything there. */
export function paste(clip: ItemClip, to: Pasting): Pasted {
  const dropped: Dropped[] = []
  const isHome = clip.entity === to.entity && to.app.from === to.app.to
  const shown = new Set(to.form.tabs.flatMap(tab => tab.sections.flatMap(section => section.items.map(keyOf))))
  const there = new Set(to.fields.map(field => field.key))
  const taken = new Set(there)
  const names = new Map<string, string>()
  const kept: { item: Item; field?: Field; isNew: boolean }[] = []
  const absent = whatIsMissing(clip, to, isHome)
  for (const { item, field } of clip.items) {
    const key = keyOf(item)
    if (key === undefined) { kept.push({ item, isNew: false }); continue }
    if (isHome && there.has(key) && !shown.has(key)) { kept.push({ item, isNew: false }); shown.add(key); continue }
    if (!field) {
      // A system field has no definition of its own: it is in every entity.
      if (shown.has(key)) dropped.push({ field: key, part: 'field', name: key })
      else kept.push({ item, isNew: false })
      continue
    }
    const missing = absent.get(key)
    if (missing !== undefined) { dropped.push({ field: field.key, part: 'field', name: missing }); continue }
    const made = freeKey(field.key, taken)
    taken.add(made)
    names.set(key, made)
    kept.push({ item, field, isNew: true })
  }
  const meaningful = (text: string, isFilter: boolean): string | undefined => [...namesIn(text, isFilter)].find(name => !names.has(name) && !there.has(name) && !SYSTEM.has(name))
  const fit = (owner: string, part: Dropped['part'], text: string | undefined): string | undefined => {
    if (text === undefined) return undefined
    const name = isHome ? undefined : meaningful(text, part === 'filter')
    if (name !== undefined) { dropped.push({ field: owner, part, name }); return undefined }
    return renamed(text, isHome ? new Map() : names, part === 'filter')
  }
  const fields: Field[] = []
  const items: Item[] = []
  for (const { item, field, isNew } of kept) {
    const key = keyOf(item)
    const rules = Object.fromEntries((['visible', 'required', 'read_only'] as const).flatMap(part => {
      const text = fit(key ?? '', part, (item as unknown as Record<string, string | undefined>)[part])
      return text === undefined ? [] : [[part, text]]
    }))
    const { visible: _v, required: _r, read_only: _o, ...plain } = item as unknown as Record<string, unknown>
    const placed = { ...plain, ...rules } as Record<string, unknown>
    if (isNew && field) {
      const to_ = names.get(field.key)!
      if ('rows' in placed) placed.rows = to_
      else placed.field = to_
      const { default: preset, filter, formula, retired: _, ...rest } = field
      const kept_default = fit(field.key, 'default', preset)
      const kept_filter = fit(field.key, 'filter', filter)
      const options = Object.fromEntries(Object.entries(rest.options ?? {}).map(([name, value]) =>
        [name, (name === 'rows' || (name === 'via' && rest.type === 'mirror')) && typeof value === 'string' ? names.get(value) ?? value : value]))
      fields.push({ ...rest, ...(rest.options ? { options } : {}), key: to_, uid: newUid(), ...(kept_default === undefined ? {} : { default: kept_default }), ...(kept_filter === undefined ? {} : { filter: kept_filter }),
        ...(formula === undefined ? {} : { formula: isHome ? formula : renamed(formula, names) }) })
    }
    items.push(placed as unknown as Item)
  }
  return { items, fields, dropped }
}

const SYSTEM = new Set(['created_by', 'created_on', 'changed_by', 'changed_on', 'id'])

/** By field, the name for want of which it can't be made there. What stands on a field that can't come can't come either. */
function whatIsMissing(clip: ItemClip, to: Pasting, isHome: boolean): Map<string, string> {
  const found = new Map<string, string>()
  const fields = clip.items.flatMap(each => each.field ?? [])
  const there = new Set([...to.fields.map(each => each.key), ...SYSTEM])
  for (let before = -1; before !== found.size;) {
    before = found.size
    const coming = new Set(fields.filter(each => !found.has(each.key)).map(each => each.key))
    for (const field of fields) {
      const name = found.has(field.key) ? undefined : lacking(field, key => there.has(key) || coming.has(key), to.entities, isHome)
      if (name !== undefined) found.set(field.key, name)
    }
  }
  return found
}
function lacking(field: Field, has: (key: string) => boolean, entities: ReadonlySet<string>, isHome: boolean): string | undefined {
  const options = field.options ?? {}
  if (field.type === 'rows') return String(options.entity ?? field.key)
  if (isHome) return undefined
  if (typeof options.entity === 'string' && !entities.has(options.entity)) return options.entity
  for (const own of [options.rows, field.type === 'mirror' ? options.via : undefined]) if (typeof own === 'string' && !has(own)) return own
  return field.formula === undefined ? undefined : [...namesIn(field.formula)].find(name => !has(name))
}
