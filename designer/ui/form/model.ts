/** Where things stand in a form, and edits of it. Pure: a form in, a form out; what isn't touched is shared. */
import { freeKey, type EntityDocument, type Field, type FieldItem, type FormDocument, type Item, type Related, type RowsItem, type Section, type Tab, type Text } from '../core/documents.ts'

/** `f:amount` an item of a field or of rows, `x:0` the first text, `s:main/basic` a section, `t:main` a tab,
    `l:contract.quotation` a related list. Ids follow from the document, so undo brings them back. */
export type Id = string
export interface Spot { tab: number; section: number; index: number }
export interface Placed extends Spot { id: Id; item: Item; section_id: Id }

export const keyOf = (item: Item): string | undefined => 'field' in item ? item.field : 'rows' in item ? item.rows : undefined
export const isText = (item: Item): item is Extract<Item, { text: Text }> => 'text' in item
export const isRows = (item: Item): item is RowsItem => 'rows' in item
export const tabId = (tab: Tab): Id => `t:${tab.key}`
export const sectionId = (tab: Tab, section: Section): Id => `s:${tab.key}/${section.key}`
export const relatedId = (related: Related): Id => `l:${related.entity}.${related.field}`
export const isItem = (id: Id): boolean => id.startsWith('f:') || id.startsWith('x:')

const known = new WeakMap<FormDocument, Placed[]>()
/** All items in document order, which is the order of the Tab key and of phones. */
export function placed(form: FormDocument): Placed[] {
  let found = known.get(form)
  if (found) return found
  found = []
  const seen = new Map<string, number>()
  let texts = 0
  form.tabs.forEach((tab, tabAt) => tab.sections.forEach((section, sectionAt) => section.items.forEach((item, index) => {
    const key = keyOf(item)
    let id = key === undefined ? `x:${texts++}` : `f:${key}`
    const before = seen.get(id) ?? 0
    seen.set(id, before + 1)
    if (before) id = `${id}#${before + 1}`
    found!.push({ id, item, tab: tabAt, section: sectionAt, index, section_id: sectionId(tab, section) })
  })))
  known.set(form, found)
  return found
}
const byId = new WeakMap<FormDocument, Map<Id, Placed>>()
export function find(form: FormDocument, id: Id): Placed | undefined {
  let index = byId.get(form)
  if (!index) byId.set(form, index = new Map(placed(form).map(each => [each.id, each])))
  return index.get(id)
}
export const itemId = (form: FormDocument, spot: Spot): Id | undefined => placed(form).find(each => each.tab === spot.tab && each.section === spot.section && each.index === spot.index)?.id

export function sectionAt(form: FormDocument, id: Id): { tab: number; section: number; it: Section } | undefined {
  for (const [tab, each] of form.tabs.entries()) for (const [section, it] of each.sections.entries()) if (sectionId(each, it) === id) return { tab, section, it }
  return undefined
}
export const tabAt = (form: FormDocument, id: Id): number => form.tabs.findIndex(tab => tabId(tab) === id)
export const relatedAt = (form: FormDocument, id: Id): number => (form.related ?? []).findIndex(each => relatedId(each) === id)

/** The tab in which a thing stands. */
export function tabOf(form: FormDocument, id: Id): number | undefined {
  if (id.startsWith('t:')) { const at = tabAt(form, id); return at < 0 ? undefined : at }
  return id.startsWith('s:') ? sectionAt(form, id)?.tab : find(form, id)?.tab
}
export function exists(form: FormDocument, id: Id): boolean {
  return id.startsWith('l:') ? relatedAt(form, id) >= 0 : tabOf(form, id) !== undefined
}
/** The path of a thing in the document, to pin findings to it. */
export function pathOf(form: FormDocument, id: Id): (string | number)[] | undefined {
  if (id.startsWith('t:')) { const at = tabAt(form, id); return at < 0 ? undefined : ['tabs', at] }
  if (id.startsWith('l:')) { const at = relatedAt(form, id); return at < 0 ? undefined : ['related', at] }
  const section = id.startsWith('s:') ? sectionAt(form, id) : undefined
  if (section) return ['tabs', section.tab, 'sections', section.section]
  const item = find(form, id)
  return item && ['tabs', item.tab, 'sections', item.section, 'items', item.index]
}
/** The thing that a path leads to, the innermost. */
export function idAt(form: FormDocument, path: readonly (string | number)[]): Id | undefined {
  if (path[0] === 'related') { const each = form.related?.[Number(path[1])]; return each && relatedId(each) }
  if (path[0] !== 'tabs') return undefined
  const tab = form.tabs[Number(path[1])]
  const section = tab?.sections[Number(path[3])]
  if (!tab) return undefined
  if (!section) return tabId(tab)
  return (path.length > 5 && itemId(form, { tab: Number(path[1]), section: Number(path[3]), index: Number(path[5]) })) || sectionId(tab, section)
}

/** What the arrow keys walk over in a tab: sections' heads and items. */
export function walk(form: FormDocument, tab: number): Id[] {
  const each = form.tabs[tab]
  if (!each) return []
  const items = placed(form).filter(item => item.tab === tab)
  return [...each.sections.flatMap((section, at) => [sectionId(each, section), ...items.filter(item => item.section === at).map(item => item.id)]),
    ...(form.related ?? []).map(relatedId)]
}

// edits ------------------------------------------------------------------------------------------------
const mapSections = (form: FormDocument, change: (section: Section, tab: number, at: number) => Section): FormDocument => {
  const tabs = form.tabs.map((tab, tabIndex) => {
    const sections = tab.sections.map((section, at) => change(section, tabIndex, at))
    return sections.every((section, at) => section === tab.sections[at]) ? tab : { ...tab, sections }
  })
  return tabs.every((tab, at) => tab === form.tabs[at]) ? form : { ...form, tabs }
}

export function insertItems(form: FormDocument, spot: Spot, items: readonly Item[]): FormDocument {
  return mapSections(form, (section, tab, at) => tab === spot.tab && at === spot.section
    ? { ...section, items: [...section.items.slice(0, spot.index), ...items, ...section.items.slice(spot.index)] } : section)
}
export function removeItems(form: FormDocument, ids: readonly Id[]): FormDocument {
  const gone = new Set(ids)
  const out = placed(form).filter(each => gone.has(each.id))
  if (!out.length) return form
  return mapSections(form, (section, tab, at) => {
    const indexes = new Set(out.filter(each => each.tab === tab && each.section === at).map(each => each.index))
    return indexes.size ? { ...section, items: section.items.filter((_, index) => !indexes.has(index)) } : section
  })
}
/** Move items so that they land before what is at `spot` now; the index counts the list as it is on the screen. */
export function moveItems(form: FormDocument, ids: readonly Id[], spot: Spot): FormDocument {
  const moving = placed(form).filter(each => ids.includes(each.id))
  if (!moving.length || !form.tabs[spot.tab]?.sections[spot.section]) return form
  const before = moving.filter(each => each.tab === spot.tab && each.section === spot.section && each.index < spot.index).length
  const after = insertItems(removeItems(form, ids), { ...spot, index: spot.index - before }, moving.map(each => each.item))
  return same(form, after) ? form : after
}
const same = (one: FormDocument, other: FormDocument): boolean => placed(one).every((each, index) => {
  const there = placed(other)[index]!
  return there.item === each.item && there.tab === each.tab && there.section === each.section
})

/** Change an item's settings; undefined takes one away. */
export function patchItem(form: FormDocument, id: Id, patch: Readonly<Record<string, unknown>>): FormDocument {
  const at = find(form, id)
  if (!at) return form
  return mapSections(form, (section, tab, index) => tab === at.tab && index === at.section
    ? { ...section, items: section.items.map((item, place) => place === at.index ? cleaned({ ...item, ...patch }) as unknown as Item : item) } : section)
}
export function patchSection(form: FormDocument, id: Id, patch: Readonly<Record<string, unknown>>): FormDocument {
  const at = sectionAt(form, id)
  return at ? mapSections(form, (section, tab, index) => tab === at.tab && index === at.section ? cleaned({ ...section, ...patch }) as unknown as Section : section) : form
}
export function patchTab(form: FormDocument, id: Id, patch: Readonly<Record<string, unknown>>): FormDocument {
  const at = tabAt(form, id)
  return at < 0 ? form : { ...form, tabs: form.tabs.map((tab, index) => index === at ? cleaned({ ...tab, ...patch }) as unknown as Tab : tab) }
}
function cleaned(value: Record<string, unknown>): Record<string, unknown> {
  return Object.values(value).includes(undefined) ? Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) : value
}

/** The neighbouring place, `step` places on; past a section's end it is the next section's, also in the next tab. */
export function neighbour(form: FormDocument, ids: readonly Id[], step: 1 | -1, far = false): Spot | undefined {
  const moving = placed(form).filter(each => ids.includes(each.id))
  const edge = step > 0 ? moving.at(-1) : moving[0]
  if (!edge) return undefined
  const items = form.tabs[edge.tab]!.sections[edge.section]!.items
  // Several that stand together go as one; several apart are gathered by their first move.
  const index = step > 0 ? edge.index + 2 : edge.index - 1
  if (!far && index >= 0 && index <= items.length) return { tab: edge.tab, section: edge.section, index }
  const all = form.tabs.flatMap((tab, tabIndex) => tab.sections.map((_, section) => ({ tab: tabIndex, section })))
  const at = all.findIndex(each => each.tab === edge.tab && each.section === edge.section) + step
  const next = all[at]
  return next && { ...next, index: step > 0 ? 0 : form.tabs[next.tab]!.sections[next.section]!.items.length }
}

/** Where something new goes: behind the selected thing, else at the end of the tab. */
export function spotAfter(form: FormDocument, id: Id | undefined, tab: number): Spot {
  const item = id === undefined ? undefined : find(form, id)
  if (item) return { tab: item.tab, section: item.section, index: item.index + 1 }
  const section = id === undefined ? undefined : sectionAt(form, id)
  if (section) return { tab: section.tab, section: section.section, index: section.it.items.length }
  const at = id?.startsWith('t:') ? Math.max(0, tabAt(form, id)) : tab
  const last = (form.tabs[at]?.sections.length ?? 0) - 1
  return { tab: at, section: last, index: form.tabs[at]?.sections[last]?.items.length ?? 0 }
}
/** A form in which the spot's section is there: a tab without sections gets one. */
export function withRoom(form: FormDocument, spot: Spot): [FormDocument, Spot] {
  if (form.tabs[spot.tab]?.sections[spot.section]) return [form, spot]
  const made = newSection(form, undefined)
  return [insertSection(form, spot.tab, 0, made), { ...spot, section: 0, index: 0 }]
}

export function newSection(form: FormDocument, label: Text | undefined, columns = 2): Section {
  const key = freeKey('section', form.tabs.flatMap(tab => tab.sections.map(section => section.key)))
  return { key, ...(label === undefined ? {} : { label }), columns, items: [] }
}
export function insertSection(form: FormDocument, tab: number, index: number, section: Section): FormDocument {
  return { ...form, tabs: form.tabs.map((each, at) => at === tab ? { ...each, sections: [...each.sections.slice(0, index), section, ...each.sections.slice(index)] } : each) }
}
/** Move a section before what is at (tab, index) now. Its key changes only where the other tab has one of that name. */
export function moveSection(form: FormDocument, id: Id, tab: number, index: number): [FormDocument, Id] {
  const at = sectionAt(form, id)
  if (!at || !form.tabs[tab]) return [form, id]
  if (at.tab === tab && (index === at.section || index === at.section + 1)) return [form, id]
  const without = { ...form, tabs: form.tabs.map((each, place) => place === at.tab ? { ...each, sections: each.sections.filter((_, other) => other !== at.section) } : each) }
  const to = at.tab === tab && index > at.section ? index - 1 : index
  const there = without.tabs[tab]!
  const key = freeKey(at.it.key, there.sections.map(section => section.key))
  const section = key === at.it.key ? at.it : { ...at.it, key }
  return [insertSection(without, tab, to, section), sectionId(there, section)]
}
/** A place further; past a tab's end it is the next tab's. */
export function nudgeSection(form: FormDocument, id: Id, step: 1 | -1): [FormDocument, Id] | undefined {
  const at = sectionAt(form, id)
  if (!at) return undefined
  const inTab = step > 0 ? at.section + 2 : at.section - 1
  if (inTab >= 0 && inTab <= form.tabs[at.tab]!.sections.length) return moveSection(form, id, at.tab, inTab)
  const next = form.tabs[at.tab + step]
  return next && moveSection(form, id, at.tab + step, step > 0 ? 0 : next.sections.length)
}
/** Take a section away; `keep`: its items go to the end of the section before it (or the next). */
export function removeSection(form: FormDocument, id: Id, keep: boolean): FormDocument {
  const at = sectionAt(form, id)
  if (!at) return form
  const without: FormDocument = { ...form, tabs: form.tabs.map((tab, place) => place === at.tab ? { ...tab, sections: tab.sections.filter((_, index) => index !== at.section) } : tab) }
  if (!keep || !at.it.items.length) return without
  const all = without.tabs.flatMap((tab, tabIndex) => tab.sections.map((section, index) => ({ tab: tabIndex, section: index, length: section.items.length })))
  const before = all.filter(each => each.tab < at.tab || (each.tab === at.tab && each.section < at.section)).at(-1) ?? all[0]
  const [room, spot] = withRoom(without, before ? { ...before, index: before.length } : { tab: at.tab, section: -1, index: 0 })
  return insertItems(room, spot, at.it.items)
}
export function newTab(form: FormDocument, label: Text): Tab {
  return { key: freeKey('tab', form.tabs.map(tab => tab.key)), label, sections: [] }
}
export function insertTab(form: FormDocument, index: number, tab: Tab): FormDocument {
  return { ...form, tabs: [...form.tabs.slice(0, index), tab, ...form.tabs.slice(index)] }
}
export function moveTab(form: FormDocument, id: Id, to: number): FormDocument {
  const from = tabAt(form, id)
  if (from < 0 || to < 0 || to >= form.tabs.length || from === to) return form
  const tabs = [...form.tabs]
  tabs.splice(to, 0, ...tabs.splice(from, 1))
  return { ...form, tabs }
}
/** Take a tab away; `keep`: its sections go to the end of the tab before it (or the next). The last tab stays. */
export function removeTab(form: FormDocument, id: Id, keep: boolean): FormDocument {
  const at = tabAt(form, id)
  if (at < 0 || form.tabs.length < 2) return form
  const gone = form.tabs[at]!
  const left = { ...form, tabs: form.tabs.filter((_, index) => index !== at) }
  if (!keep) return left
  const to = Math.max(0, at - 1)
  return gone.sections.reduce((made, section) => {
    const key = freeKey(section.key, made.tabs[to]!.sections.map(each => each.key))
    return insertSection(made, to, made.tabs[to]!.sections.length, key === section.key ? section : { ...section, key })
  }, left)
}

/** The text with only its words in `language` changed is `written`; a section's or tab's position is this. */
export function position(form: FormDocument, id: Id): { number: number; total: number } {
  if (id.startsWith('t:')) return { number: tabAt(form, id) + 1, total: form.tabs.length }
  if (id.startsWith('l:')) return { number: relatedAt(form, id) + 1, total: form.related?.length ?? 0 }
  const section = id.startsWith('s:') ? sectionAt(form, id) : undefined
  if (section) return { number: section.section + 1, total: form.tabs[section.tab]!.sections.length }
  const item = find(form, id)
  return item ? { number: item.index + 1, total: form.tabs[item.tab]!.sections[item.section]!.items.length } : { number: 0, total: 0 }
}

// fields -----------------------------------------------------------------------------------------------
export const keysOn = (form: FormDocument): Set<string> => new Set(placed(form).map(each => keyOf(each.item)).filter(key => key !== undefined))
/** Fields of the entity that the form doesn't show yet. */
export function fieldsLeft(form: FormDocument, fields: readonly Field[]): Field[] {
  const on = keysOn(form)
  return fields.filter(field => !field.retired && !on.has(field.key))
}
/** Columns that a new grid of child rows begins with: what can be entered first, then what is computed. */
export function firstColumns(child: EntityDocument | undefined, most = 7): string[] {
  return (child?.fields ?? []).filter(field => !field.retired && field.type !== 'rows').slice(0, most).map(field => field.key)
}
export function itemFor(field: Field, entity: (key: string) => EntityDocument | undefined): FieldItem | RowsItem {
  if (field.type !== 'rows') return { field: field.key }
  return { rows: field.key, fields: firstColumns(entity(String(field.options?.entity ?? ''))) }
}
/** How many columns an item takes of a section, as it is drawn. */
export function spanOf(item: Item, columns: number, isWide: boolean): number {
  if (isRows(item) || (isText(item) && !item.width)) return columns
  const width = item.width ?? 1
  return width > 1 ? Math.min(width, columns) : isWide ? columns : 1
}

/** The fields a short form for creating needs: what a record can't do without and nothing fills in by itself. */
export function quickFields(entity: EntityDocument, isDerived: (type: string) => boolean): string[] {
  const open = entity.fields.filter(field => !field.retired && field.type !== 'rows' && !isDerived(field.type))
  const needed = open.filter(field => field.required && !field.default)
  const title = open.find(field => field.key === entity.title)
  const found = [...(title && !needed.includes(title) ? [title] : []), ...needed]
  for (const field of open) if (found.length < 3 && !found.includes(field) && !field.default) found.push(field)
  return found.map(field => field.key)
}
