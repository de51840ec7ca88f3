/** Commands that touch an entity and its forms, views and roles together. Pure towards `Edits`. */
import type { Edits } from '../core/draft.ts'
import { address, freeKey, newUid, type Address, type Document, type EntityDocument, type Field, type FormDocument, type Item, type RoleDocument, type Text, type ViewDocument } from '../core/documents.ts'
import { renamed } from './clip.ts'
import { insertItems, itemFor, keyOf, placed, removeItems, withRoom, type Spot } from './model.ts'

export interface Start { options?: Record<string, unknown>; formula?: string }
/** What can't be made yet, and why: a roll-up without rows, a mirror without a reference. */
export class NotYet { readonly code: string; constructor(code: string) { this.code = code } }

/** The options a new field begins with, so that it is sound from the first moment. `target`: the entity that it refers to or owns. */
export function startOf(type: string, entity: EntityDocument, entities: ReadonlyMap<string, EntityDocument>, word: (number: number) => Text, target?: string): Start | NotYet {
  if (type === 'choice' || type === 'choices') return { options: { options: [1, 2].map(number => ({ key: `option_${number}`, label: word(number) })) } }
  if (type === 'reference' || type === 'rows') return target ? { options: { entity: target } } : new NotYet('designer.form.needs_entity')
  if (type === 'formula') return { options: { result: 'number' }, formula: '0' }
  if (type === 'number') return { options: { pattern: '{YYYY}{MM}-{0000}' } }
  const open = entity.fields.filter(field => !field.retired)
  if (type === 'rollup') {
    const rows = open.find(field => field.type === 'rows')
    return rows ? { options: { rows: rows.key, function: 'count' } } : new NotYet('designer.form.needs_rows')
  }
  if (type === 'mirror') {
    for (const via of open) {
      const there = via.type === 'reference' ? entities.get(String(via.options?.entity)) : undefined
      const shown = there?.fields.find(field => field.key === there.title && !field.retired) ?? there?.fields.find(field => !field.retired && field.type !== 'rows')
      if (shown) return { options: { via: via.key, field: shown.key } }
    }
    return new NotYet('designer.form.needs_reference')
  }
  return {}
}

/** Put new fields into the entity and on the form at `spot`; items come in the order of the fields, or as given. */
export function addFields(edits: Edits, form: Address, spot: Spot, fields: readonly Field[], items?: readonly Item[]): void {
  const made = edits.get<FormDocument>(form)
  if (!made) return
  edits.change<EntityDocument>(`entity/${made.entity}`, entity => fields.length ? { ...entity, fields: [...entity.fields, ...fields] } : entity)
  edits.change<FormDocument>(form, before => {
    const [room, there] = withRoom(before, spot)
    return insertItems(room, there, items ?? fields.map(field => itemFor(field, key => edits.get<EntityDocument>(`entity/${key}`))))
  })
}

/** Take a field out of use: off every form of its entity. One that was never published goes altogether, lists and roles
    forget it; one that was is retired, so that its data and its key stay. */
export function dropField(edits: Edits, documents: readonly Document[], entity: string, key: string, isPublished: boolean): void {
  edits.change<EntityDocument>(`entity/${entity}`, before => ({ ...before, fields: isPublished
    ? before.fields.map(field => field.key === key ? { ...field, retired: true } : field)
    : before.fields.filter(field => field.key !== key) }))
  for (const document of documents) {
    const place = address(document)
    if (document.kind === 'form') edits.change<FormDocument>(place, form => form.entity === entity ? removeItems(form, idsOf(form, key)) : withoutColumn(form, key, edits, entity))
    else if (document.kind === 'view' && document.entity === entity) edits.change<ViewDocument>(place, view => withoutName(view, key))
    else if (document.kind === 'role' && !isPublished) edits.change<RoleDocument>(place, role => withoutRight(role, entity, key))
  }
}
const idsOf = (form: FormDocument, key: string): string[] => placed(form).filter(each => keyOf(each.item) === key).map(each => each.id)

/** Grids of child rows in other entities' forms lose the column. */
function withoutColumn(form: FormDocument, key: string, edits: Edits, child: string): FormDocument {
  const owner = edits.get<EntityDocument>(`entity/${form.entity}`)
  const rows = new Set(owner?.fields.filter(field => field.type === 'rows' && field.options?.entity === child).map(field => field.key))
  return rows.size ? mapItems(form, item => 'rows' in item && rows.has(item.rows) && item.fields.includes(key) ? { ...item, fields: item.fields.filter(each => each !== key) } : item) : form
}
function mapItems(form: FormDocument, change: (item: Item) => Item): FormDocument {
  let touched = false
  const tabs = form.tabs.map(tab => ({ ...tab, sections: tab.sections.map(section => ({ ...section, items: section.items.map(item => { const after = change(item); touched ||= after !== item; return after }) })) }))
  return touched ? { ...form, tabs } : form
}
function withoutName(view: ViewDocument, key: string): ViewDocument {
  const columns = view.columns.filter(column => (typeof column === 'string' ? column : column.field) !== key)
  const sort = view.sort?.filter(each => each.replace(/^-/, '') !== key)
  const quick = view.quick_filters?.filter(each => each !== key)
  if (columns.length === view.columns.length && sort?.length === view.sort?.length && quick?.length === view.quick_filters?.length) return view
  return { ...view, columns, ...(sort ? { sort } : {}), ...(quick ? { quick_filters: quick } : {}) }
}
function withoutRight(role: RoleDocument, entity: string, key: string): RoleDocument {
  const grants = role.entities[entity]
  if (!grants?.fields || !(key in grants.fields)) return role
  const { [key]: _, ...fields } = grants.fields
  return { ...role, entities: { ...role.entities, [entity]: { ...grants, fields } } }
}

/** Another key for a field that no release knows yet: in the entity, its forms, lists and roles, and in their expressions. */
export function renameKey(edits: Edits, documents: readonly Document[], entity: string, from: string, to: string): void {
  const names = new Map([[from, to]])
  const text = <Value>(value: Value): Value => typeof value === 'string' ? renamed(value, names) as Value : value
  const name = (value: string): string => value === from ? to : value.startsWith(`${from}.`) ? to + value.slice(from.length) : value
  const list = (values: string[] | undefined): string[] | undefined => values?.map(name)
  const whole = <Made extends object>(made: Made): Made => Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)) as Made
  edits.change<EntityDocument>(`entity/${entity}`, before => whole({
    ...before, title: name(before.title), owner: before.owner && name(before.owner), department: before.department && name(before.department),
    fields: before.fields.map(field => whole({ ...field, key: name(field.key), default: text(field.default), formula: text(field.formula), filter: field.filter && renamed(field.filter, names, true),
      options: field.options && Object.fromEntries(Object.entries(field.options).map(([key, value]) => [key, (key === 'rows' || (key === 'via' && field.type === 'mirror')) && typeof value === 'string' ? name(value) : value])) })),
    rules: before.rules?.map(rule => whole({ ...rule, check: renamed(rule.check, names), when: text(rule.when), fields: list(rule.fields) })),
    unique: before.unique?.map(group => group.map(name)),
  } as EntityDocument))
  for (const document of documents) {
    const place = address(document)
    if (document.kind === 'form' && document.entity === entity) edits.change<FormDocument>(place, form => ({ ...form, tabs: form.tabs.map(tab => ({ ...tab, sections: tab.sections.map(section => whole({ ...section, visible: text(section.visible),
      items: section.items.map(item => whole({ ...item, ...('field' in item ? { field: name(item.field) } : 'rows' in item ? { rows: name(item.rows) } : {}), visible: text(item.visible), ...('text' in item ? {} : { required: text(item.required), read_only: text(item.read_only) }) } as Item)) })) })) }))
    else if (document.kind === 'view' && document.entity === entity) edits.change<ViewDocument>(place, view => whole({ ...view, columns: view.columns.map(column => typeof column === 'string' ? name(column) : { ...column, field: name(column.field) }),
      sort: view.sort?.map(each => each.startsWith('-') ? `-${name(each.slice(1))}` : name(each)), quick_filters: list(view.quick_filters), filter: text(view.filter) } as ViewDocument))
    else if (document.kind === 'role') edits.change<RoleDocument>(place, role => {
      const fields = role.entities[entity]?.fields
      return fields && from in fields ? { ...role, entities: { ...role.entities, [entity]: { ...role.entities[entity]!, fields: Object.fromEntries(Object.entries(fields).map(([key, right]) => [name(key), right])) } } } : role
    })
  }
}

export type Right = 'hidden' | 'read' | 'write'
/** What a role may do with a field by its document: undefined where it may not even read the entity. */
export function rightOf(role: RoleDocument, entity: string, key: string): Right | undefined {
  const grants = role.entities[entity]
  if (!grants || ((grants.read ?? 'none') === 'none' && !grants.create)) return undefined
  return grants.fields?.[key] ?? grants.otherwise ?? 'write'
}
export function withRight(role: RoleDocument, entity: string, key: string, right: Right): RoleDocument {
  const grants = role.entities[entity] ?? {}
  const { [key]: _, ...others } = grants.fields ?? {}
  const fields = right === (grants.otherwise ?? 'write') ? others : { ...others, [key]: right }
  const { fields: _before, ...rest } = grants
  return { ...role, entities: { ...role.entities, [entity]: Object.keys(fields).length ? { ...rest, fields } : rest } }
}

/** Another form of the same entity, for one role. */
export function variantFor(form: FormDocument, role: string, label: Text, keys: Iterable<string>): FormDocument {
  const { related, ...rest } = form
  return { ...rest, key: freeKey(`${form.key}_${role}`, keys), uid: newUid(), label, roles: [role], ...(related ? { related } : {}) }
}
export function quickForm(entity: EntityDocument, keys: readonly string[], label: Text, section: Text, taken: Iterable<string>): FormDocument {
  return { kind: 'form', key: freeKey(`${entity.key}_quick`, taken), uid: newUid(), schema: 1, entity: entity.key, label, purpose: 'quick',
    tabs: [{ key: 'main', label: entity.label, sections: [{ key: 'basic', label: section, columns: 1, items: keys.map(field => ({ field })) }] }] }
}
export const keysOfItems = (items: readonly Item[]): string[] => items.map(keyOf).filter(key => key !== undefined)
