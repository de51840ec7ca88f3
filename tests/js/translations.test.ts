/** Texts of documents as the grid of translations reads and writes them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Document } from '../../designer/ui/core/documents.ts'
import { coverage, filtered, saidIn, textsOf, withWords, type Line, type Locale, type Shapes } from '../../designer/ui/translations/texts.ts'

const leaf = (...texts: string[]) => ({ texts, parts: {}, name: 'key' })
const SHAPES: Shapes = { maps: ['states'], kinds: {
  entity: { texts: ['label', 'plural'], name: 'key', parts: { fields: { texts: ['label', 'help'], name: 'key', parts: { options: { texts: [], name: 'key', parts: { options: leaf('label') } } } } } },
  workflow: { texts: ['label'], name: 'key', parts: { states: { texts: ['label'], name: 'key', parts: { transitions: { texts: ['label'], name: 'on', parts: {} } } } } } } }
const ENTITY: Document = { kind: 'entity', key: 'lead', uid: 'u', schema: 1, label: { 'zh-CN': '线索', en: 'Lead' }, fields: [
  { key: 'name', label: { 'zh-CN': '名称' }, help: 'ISO' }, { key: 'status', label: { 'zh-CN': '状态', en: 'Status' }, options: { options: [{ key: 'new', label: { 'zh-CN': '新', en: 'New' } }] } }] }
const LOCALE: Locale = { kind: 'locale', key: 'de', uid: 'v', schema: 1, language: 'de', texts: { 'entity/lead/label': 'Anfrage' } }
const BOTH = ['zh-CN', 'en'] as const
const place = (path: string) => textsOf(ENTITY, SHAPES, 'en').find(each => each.path === path)!

test('every text is found under the path that locales use', () => {
  assert.deepEqual(textsOf(ENTITY, SHAPES, 'en').map(each => each.path), [
    'entity/lead/label', 'entity/lead/fields/name/label', 'entity/lead/fields/name/help', 'entity/lead/fields/status/label', 'entity/lead/fields/status/options/new/label'])
  assert.deepEqual(place('entity/lead/fields/status/options/new/label').trail, ['Status', 'New'])
  const flow: Document = { kind: 'workflow', key: 'w', uid: 'u', schema: 1, label: 'W', states: { draft: { label: { en: 'Draft' }, transitions: [{ on: 'submit', label: { en: 'Submit' } }] } } }
  assert.deepEqual(textsOf(flow, SHAPES, 'en').map(each => each.path), ['workflow/w/label', 'workflow/w/states/draft/label', 'workflow/w/states/draft/transitions/submit/label'])
})

test('a text says its own words, then those of a locale; one text for all is said to be shared', () => {
  const locales = new Map([['de', LOCALE]])
  const own = new Set<string>(BOTH)
  assert.deepEqual(saidIn(place('entity/lead/label'), 'en', locales, own), { words: 'Lead', isShared: false })
  assert.deepEqual(saidIn(place('entity/lead/label'), 'de', locales, own), { words: 'Anfrage', isShared: false })
  assert.deepEqual(saidIn(place('entity/lead/fields/name/label'), 'en', locales, own), { words: '', isShared: false })
  assert.deepEqual(saidIn(place('entity/lead/fields/name/help'), 'en', locales, own), { words: 'ISO', isShared: true })
  assert.deepEqual(saidIn(place('entity/lead/fields/name/help'), 'de', locales, own), { words: '', isShared: false })
})

test('words go into the document, for languages beyond into their locale', () => {
  const label = (document: Document | undefined) => (document as unknown as { fields: { label: unknown; help: unknown }[] }).fields[0]!
  assert.deepEqual(label(withWords(ENTITY, place('entity/lead/fields/name/label'), 'en', 'Name', BOTH, undefined)).label, { 'zh-CN': '名称', en: 'Name' })
  assert.deepEqual(label(withWords(ENTITY, place('entity/lead/fields/name/help'), 'en', 'As in ISO', BOTH, undefined)).help, { 'zh-CN': 'ISO', en: 'As in ISO' })
  const german = withWords(ENTITY, place('entity/lead/fields/name/label'), 'de', 'Name', BOTH, LOCALE) as Locale
  assert.deepEqual(german.texts, { 'entity/lead/label': 'Anfrage', 'entity/lead/fields/name/label': 'Name' })
  assert.deepEqual((withWords(ENTITY, place('entity/lead/label'), 'de', '', BOTH, LOCALE) as Locale).texts, {})
  assert.equal(withWords(ENTITY, place('entity/lead/label'), 'fr', 'Piste', BOTH, undefined), undefined)
})

test('words taken out leave the other languages, and never nothing at all', () => {
  assert.deepEqual(withWords(ENTITY, place('entity/lead/label'), 'en', '', BOTH, undefined)!.label, { 'zh-CN': '线索' })
  const alone: Document = { ...ENTITY, label: { en: 'Lead' } }
  assert.deepEqual(withWords(alone, place('entity/lead/label'), 'en', '', BOTH, undefined)!.label, { en: '' })
})

test('a filter leaves what is missing, changed, or found in any language', () => {
  const line = (path: string, words: string[], missing: boolean[], changed: boolean[]): Line => ({ path, address: 'entity/lead', at: [], text: '', trail: [], part: 'label', words, shared: [], missing, changed, find: [path, ...words].join(' ').toLowerCase() })
  const lines = [line('a', ['线索', 'Lead'], [false, false], [true, false]), line('b', ['名称', ''], [false, true], [false, false])]
  const paths = (wanted: Partial<Parameters<typeof filtered>[1]>) => filtered(lines, { text: '', show: 'all', address: '', ...wanted }).map(each => each.path)
  assert.deepEqual(paths({}), ['a', 'b'])
  assert.deepEqual(paths({ show: 'missing' }), ['b'])
  assert.deepEqual(paths({ show: 'changed' }), ['a'])
  assert.deepEqual(paths({ text: 'LEAD 线' }), ['a'])
  assert.deepEqual(paths({ address: 'entity' }), ['a', 'b'])
  assert.deepEqual(paths({ address: 'form' }), [])
  assert.deepEqual(coverage(lines, 2), { total: 2, there: [2, 1] })
})
