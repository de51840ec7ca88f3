/** New documents in their smallest useful shape, and copies of those there are. */
import { freeKey, keyFrom, newUid, type AppDocument, type Document, type EntityDocument, type Field, type FormDocument, type Item, type RoleDocument, type RowsItem, type Text, type ViewDocument } from './documents.ts'

/** Words in the app's languages for what a new thing begins with. */
export interface StartWords { name: Text; section: Text; all: Text; group: Text }

const head = (kind: Document['kind'], key: string) => ({ kind, key, uid: newUid(), schema: 1 })

/** Fields that people fill in: not calculated, not the system's, not retired. */
export const fillable = (entity: EntityDocument, isDerived: (type: string) => boolean): Field[] => entity.fields.filter(field => !field.retired && !isDerived(field.type))

export function newForm(entity: EntityDocument, key: string, label: Text, words: StartWords, isDerived: (type: string) => boolean, purpose: FormDocument['purpose'] = 'full', entityOf: (key: string) => EntityDocument | undefined = () => undefined): FormDocument {
  const rows = (field: Field): RowsItem[] => {
    const child = entityOf(String(field.options?.entity))
    return child && purpose === 'full' ? [{ rows: field.key, fields: child.fields.filter(inner => !inner.retired).slice(0, 6).map(inner => inner.key) }] : []
  }
  const items = fillable(entity, isDerived).slice(0, purpose === 'quick' ? 5 : undefined).flatMap((field): Item[] => field.type === 'rows' ? rows(field) : [{ field: field.key }])
  return { ...head('form', key), entity: entity.key, label, purpose, tabs: [{ key: 'main', label: words.section, sections: [{ key: 'main', columns: 2, items }] }] } as FormDocument
}

export function newView(entity: EntityDocument, key: string, label: Text): ViewDocument {
  const columns = entity.fields.filter(field => !field.retired && field.type !== 'rows' && field.type !== 'file').slice(0, 6).map(field => field.key)
  return { ...head('view', key), entity: entity.key, type: 'list', label, columns } as ViewDocument
}

/** An entity with a name field, a form and a list of it, in the navigation, open to the roles that design. */
export function newEntity(key: string, label: Text, words: StartWords, app: AppDocument, roles: readonly RoleDocument[], taken: (kind: Document['kind']) => string[], block?: EntityDocument, isDerived: (type: string) => boolean = () => false): Document[] {
  const empty = { icon: 'box', title: 'name', fields: [{ key: 'name', uid: newUid(), type: 'text', label: words.name, required: true, searchable: true }] }
  const entity = { ...block ?? empty, ...head('entity', key), label } as EntityDocument
  const form = newForm(entity, freeKey(key, taken('form')), label, words, isDerived)
  const view = { ...newView(entity, freeKey(`${key}_list`, taken('view')), joined(words.all, label)), default: true }
  const granted = roles.filter(role => role.design).map(role => ({ ...role, entities: { ...role.entities, [key]: { read: 'all' as const, create: true, change: 'all' as const, remove: 'all' as const } } }))
  return [entity, form, view, ...granted, ...inNavigation(app, key)]
}

function inNavigation(app: AppDocument, key: string): AppDocument[] {
  const groups = app.navigation
  const last = groups?.at(-1)
  return groups && last ? [{ ...app, navigation: [...groups.slice(0, -1), { ...last, items: [...last.items, { entity: key }] }] }] : []
}

/** "All {what}" in each language that both have. */
function joined(pattern: Text, what: Text): Text {
  const into = (words: string, language: string): string => words.replace('{what}', typeof what === 'string' ? what : what[language as keyof typeof what] ?? Object.values(what)[0] ?? '')
  if (typeof pattern === 'string') return into(pattern, '')
  const languages = typeof what === 'string' ? Object.keys(pattern) : Object.keys(what)
  return Object.fromEntries(languages.filter(language => language in pattern).map(language => [language, into(pattern[language as keyof typeof pattern]!, language)]))
}

/** The same thing once more: another key, other identities inside, no claim to be the default. */
export function copied<Found extends Document>(document: Found, key: string, label: Text): Found {
  const fresh = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fresh)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, name === 'uid' ? newUid() : fresh(inner)]))
  }
  const { default: _, ...rest } = fresh(document) as Record<string, unknown>
  return { ...rest, key, label } as unknown as Found
}

/** A key for words: what is Latin in them, else their spelling, else `or`. */
export const keyFor = (words: string, spelling: string | undefined, or: string, taken: Iterable<string>): string => freeKey(keyFrom(words, keyFrom((spelling ?? '').split(' ')[0] ?? '', or)), taken)
