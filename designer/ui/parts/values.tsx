/** Values of documents as people read them, wherever two versions are shown side by side. */
import type { ReactNode } from 'react'
import { language as currentLanguage, say } from '../../../runtime/ui/shared/texts.ts'
import type { Address, Document, Text } from '../core/documents.ts'
import { placeLabel, type Sort } from '../core/places.ts'
import type { Path } from '../core/paths.ts'
import { Icon } from './basics.tsx'
import { useDesigner, type Designer } from './designer.tsx'

type Plain = Record<string, unknown>
const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value)
const LANGUAGE = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/
const isText = (value: Plain): boolean => Object.keys(value).length > 0 && Object.entries(value).every(([key, words]) => LANGUAGE.test(key) && typeof words === 'string')

export const SORT_ICONS: Record<Sort, string> = {
  app: 'layout-template', entity: 'box', field: 'text-cursor-input', option: 'circle-dot', rule: 'shield-alert', form: 'file-text', tab: 'folder', section: 'heading', view: 'list',
  workflow: 'git-branch', state: 'flag', action: 'play', role: 'shield-check', locale: 'languages', text: 'type',
}

/** The entity whose fields a document's names stand for. */
const entityOf = (designer: Designer, place: Address): string => {
  const document = designer.draft.get(place) ?? designer.draft.known(place)?.document
  return document?.kind === 'entity' ? document.key : typeof document?.entity === 'string' ? document.entity : ''
}
const fieldName = (designer: Designer, place: Address) => (key: string): string | undefined => {
  const field = designer.field(entityOf(designer, place), key)
  return field && designer.read(field.label, key)
}

/** Where a path leads, in words. */
export const placeName = (designer: Designer, place: Address, path: Path, document: unknown = designer.draft.get(place)): string =>
  placeLabel(document, path, designer.read, fieldName(designer, place), propertyName)

/** A property of a document in words: "Label", "Required"; a language by its name. */
function propertyName(step: string): string | undefined {
  const code = `designer.property_${step}`
  const said = say(code)
  if (said !== code) return said
  return LANGUAGE.test(step) ? new Intl.DisplayNames([currentLanguage()], { type: 'language' }).of(step) : undefined
}

/** A value in one line: what a list of things shows of each. */
function short(designer: Designer, place: Address, value: unknown): string {
  if (value === undefined || value === null || value === '') return say('designer.nothing')
  if (typeof value === 'boolean') return say(value ? 'designer.yes' : 'designer.no')
  if (typeof value === 'string') return fieldName(designer, place)(value) ?? value
  if (Array.isArray(value)) return value.length ? value.map(item => short(designer, place, item)).join(say('designer.comma')) : say('designer.nothing')
  if (!isPlain(value)) return String(value)
  if (isText(value)) return designer.read(value as Text)
  const name = value.label ? designer.read(value.label as Text) : undefined
  const key = ['field', 'rows', 'key', 'view', 'entity'].map(each => value[each]).find((each): each is string => typeof each === 'string')
  return name || (key ? fieldName(designer, place)(key) ?? key : value.text ? designer.read(value.text as Text) : Object.entries(value).map(([each, inner]) => `${propertyName(each) ?? each}${say('designer.colon')}${short(designer, place, inner)}`).join(say('designer.comma')))
}

/** A value in full: words, or a small table of what a thing holds. */
export function Value({ place, value }: { place: Address; value: unknown }): ReactNode {
  const designer = useDesigner()
  if (Array.isArray(value) && value.length) return <ul className="value-list">{value.map((item, at) => <li key={at}>{short(designer, place, item)}</li>)}</ul>
  if (isPlain(value) && isText(value)) return Object.keys(value).length > 1 ? <dl className="value-facts">{Object.entries(value).map(([language, words]) => <div key={language}><dt>{propertyName(language)}</dt><dd lang={language}>{String(words)}</dd></div>)}</dl> : <span>{designer.read(value as Text)}</span>
  if (isPlain(value)) return <dl className="value-facts">{Object.entries(value).filter(([key]) => key !== 'uid').map(([key, inner]) => <div key={key}><dt>{propertyName(key) ?? key}</dt><dd>{short(designer, place, inner)}</dd></div>)}</dl>
  return <span className={value === undefined || value === null || value === '' ? 'muted' : ''}>{short(designer, place, value)}</span>
}

/** A document by its icon, name and kind. */
export function DocumentName({ place, document }: { place: Address; document?: Document | null }): ReactNode {
  const designer = useDesigner()
  const [kind, key] = place.split('/') as [Sort, string]
  return <span className="document-name"><Icon name={SORT_ICONS[kind] ?? 'file'} /><span>{document ? designer.read(document.label as Text, key) : designer.name(place)}</span> <small className="muted">{say(`designer.sort_${kind}`)}</small></span>
}
