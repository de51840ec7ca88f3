/** The shapes of an app's documents, as far as the designers read them. What the server's JSON Schemas
    allow beyond this travels along untouched. */

export type Language = 'zh-CN' | 'en'
export type Text = string | Partial<Record<Language, string>>
export type Kind = 'app' | 'entity' | 'form' | 'view' | 'workflow' | 'role' | 'locale'
export type Address = `${Kind}/${string}`
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

export interface Document { kind: Kind; key: string; uid: string; schema: number; [more: string]: unknown }

export interface AppDocument extends Document {
  kind: 'app'; label: Text; description?: Text; icon?: string; languages: Language[]; default_language: Language; currency: string; timezone: string
  navigation?: { label?: Text; items: ({ view: string } | { entity: string })[] }[]
}

export interface ChoiceOption { key: string; label: Text; colour?: string; retired?: boolean }

export interface Field {
  key: string; uid: string; type: string; label: Text; help?: Text; required?: boolean; unique?: boolean; searchable?: boolean
  tracked?: boolean; personal?: boolean; retired?: boolean; default?: string; formula?: string; filter?: string; options?: { options?: ChoiceOption[]; [more: string]: unknown }
}

export interface Rule { key: string; check: string; when?: string; message: Text; fields?: string[] }

export interface EntityDocument extends Document {
  kind: 'entity'; label: Text; plural?: Text; icon?: string; description?: Text; title: string; owner?: string; department?: string
  part_of?: string; fields: Field[]; rules?: Rule[]; unique?: string[][]
}

export interface Rules { visible?: string; required?: string; read_only?: string }
export interface FieldItem extends Rules { field: string; width?: number }
export interface RowsItem extends Rules { rows: string; fields: string[]; width?: number }
export interface TextItem { text: Text; width?: number; visible?: string }
export type Item = FieldItem | RowsItem | TextItem
export interface Section { key: string; label?: Text; columns?: number; collapsed?: boolean; visible?: string; items: Item[] }
export interface Tab { key: string; label: Text; sections: Section[] }
export interface Related { entity: string; field: string; columns: string[]; label?: Text }

export interface FormDocument extends Document {
  kind: 'form'; entity: string; label: Text; purpose: 'full' | 'quick' | 'review'; roles?: string[]; tabs: Tab[]; related?: Related[]
}

export interface Column { field: string; width?: number; label?: Text; editable?: boolean }
export interface ColourRule { when: string; colour: string; field?: string }
export interface ViewDocument extends Document {
  kind: 'view'; entity: string; type: 'list' | 'board' | 'calendar' | 'cards'; label: Text; columns: (string | Column)[]; filter?: string
  sort?: string[]; quick_filters?: string[]; roles?: string[]; default?: boolean; page_size?: number
  group_by?: string; group_span?: string; sums?: string[]; colours?: ColourRule[]
  board?: { by: string; values?: string[]; title?: string }
  calendar?: { start: string; end?: string; title?: string; colour?: string }
  cards?: { title?: string; chip?: string }
}

export interface WorkflowDocument extends Document {
  kind: 'workflow'; entity: string; label: Text; status_field: string; initial: string; states: Record<string, Record<string, unknown>>
}

export type Grant = 'none' | 'own' | 'department' | 'department_and_below' | 'all' | { rule: string }
export interface EntityGrants { read?: Grant; change?: Grant; remove?: Grant; create?: boolean; fields?: Record<string, 'hidden' | 'read' | 'write'>; otherwise?: 'hidden' | 'read' | 'write' }
export interface RoleDocument extends Document { kind: 'role'; label: Text; description?: Text; design?: boolean; entities: Record<string, EntityGrants> }

export const address = (document: { kind: Kind; key: string }): Address => `${document.kind}/${document.key}`

/** A label in one language, falling back to whichever there is; `or` where there is none at all. */
export function read(text: Text | undefined, language: string, or = ''): string {
  if (typeof text === 'string') return text || or
  if (!text) return or
  return text[language as Language] || text.en || Object.values(text).find(Boolean) || or
}

/** The text with one language's words changed; a plain text becomes a map as soon as two languages differ. */
export function written(text: Text | undefined, language: Language, words: string, languages: readonly Language[]): Text {
  const before = typeof text === 'string' ? Object.fromEntries(languages.map(each => [each, text])) : text ?? {}
  // A language without words is left out: empty text would count as a translation.
  const { [language]: _, ...others } = before
  if (!words) return Object.keys(others).length ? others : ''
  return { ...before, [language]: words }
}

/** A version-7 UUID, as the server makes them: ordered by time. */
export function newUid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  let now = Date.now()
  for (let place = 5; place >= 0; place--) { bytes[place] = now % 256; now = Math.floor(now / 256) }
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const text = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`
}

/** A key that is free: `base`, or `base_2`, `base_3` … */
export function freeKey(base: string, taken: Iterable<string>): string {
  const known = new Set(taken)
  const start = base.slice(0, 60)
  if (!known.has(start)) return start
  for (let number = 2; ; number++) if (!known.has(`${start}_${number}`)) return `${start}_${number}`
}

/** A key made from words: what is left of them in lower-case ASCII; `or` where nothing is (Chinese). */
export function keyFrom(words: string, or: string): string {
  const made = words.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '_').replace(/^[^a-z]+|_+$/g, '').slice(0, 40).replace(/_+$/, '')
  return made || or
}
