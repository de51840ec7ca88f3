/** Small pure parts of the designers: finding, places, paths, shortcuts, new documents. */
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { address, freeKey, keyFrom, read, written, type AppDocument, type EntityDocument, type RoleDocument } from '../../designer/ui/core/documents.ts'
import { copied, keyFor, newEntity, newForm } from '../../designer/ui/core/making.ts'
import * as paths from '../../designer/ui/core/paths.ts'
import { named, pathIn, placeLabel } from '../../designer/ui/core/places.ts'
import { fitting, rank } from '../../designer/ui/core/search.ts'
import { dispatch, matches, type Shortcut } from '../../designer/ui/core/shortcuts.ts'
import { keywordsOf, learn } from '../../designer/ui/core/spelling.ts'

const english = (text: Parameters<typeof read>[0], or = ''): string => read(text, 'en', or)

test('an edit along a path shares what it does not touch', () => {
  const value = { a: { b: [1, { c: 2 }] }, d: { e: 3 } }
  const changed = paths.set(value, ['a', 'b', 1, 'c'], 4)
  assert.deepEqual(changed, { a: { b: [1, { c: 4 }] }, d: { e: 3 } })
  assert.equal(changed.d, value.d)
  assert.equal(paths.set(value, ['d', 'e'], 3), value)
  assert.deepEqual(paths.set(value, ['a', 'b', 0], undefined), { a: { b: [{ c: 2 }] }, d: { e: 3 } })
  assert.deepEqual(paths.set({}, ['x', 0, 'y'], 1), { x: [{ y: 1 }] })
  assert.equal(paths.set(value, ['a', 'none'], undefined), value)
})

test('moving counts places as they are before the move', () => {
  const list = { l: ['a', 'b', 'c', 'd'] }
  assert.deepEqual(paths.move(list, ['l'], 0, 3), { l: ['b', 'c', 'a', 'd'] })
  assert.deepEqual(paths.move(list, ['l'], 3, 0), { l: ['d', 'a', 'b', 'c'] })
  assert.equal(paths.move(list, ['l'], 1, 1), list)
  assert.equal(paths.move(list, ['l'], 1, 2), list)
  assert.deepEqual(paths.insert(list, ['l'], 4, 'e', 'f'), { l: ['a', 'b', 'c', 'd', 'e', 'f'] })
})

test('things are found by name, key, pinyin, initials and the other language, the nearest first', () => {
  learn({ 报价单: 'baojiadan bjd', 报价明细: 'baojiamingxi bjmx', 客户: 'kehu kh' })
  const things = [{ 'zh-CN': '报价明细', en: 'Quotation lines' }, { 'zh-CN': '报价单', en: 'Quotation' }, { 'zh-CN': '客户', en: 'Account' }]
    .map(label => ({ label: label['zh-CN'], value: label.en.toLowerCase().replaceAll(' ', '_'), keywords: keywordsOf(label) }))
  const first = (typed: string): string | undefined => fitting(typed, things)[0]?.label
  assert.equal(first('报价单'), '报价单')
  assert.equal(first('bjd'), '报价单')
  assert.equal(first('baojia'), '报价单')
  assert.equal(first('quotation'), '报价单')
  assert.equal(first('bjmx'), '报价明细')
  assert.equal(first('ACCOUNT'), '客户')
  assert.equal(first('nothing'), undefined)
  assert.equal(fitting('', things)[0], things[0])
  assert.ok(rank('quotation lines', things[0]!)! > 0)
  assert.equal(rank('quotation account', things[0]!), undefined)
})

test('everything with a name is found, with the way to it', () => {
  const documents = [
    { kind: 'entity' as const, key: 'q', uid: '1', schema: 1, label: 'Quotation', fields: [{ key: 'status', uid: '2', type: 'choice', label: { en: 'Status' }, help: 'How far', options: { options: [{ key: 'won', label: 'Won' }] } }], rules: [{ key: 'r', check: 'x', message: 'Too much' }] },
    { kind: 'form' as const, key: 'f', uid: '3', schema: 1, entity: 'q', label: 'Form', tabs: [{ key: 't', label: 'Tab', sections: [{ key: 's', label: 'Section', items: [{ field: 'status' }, { text: 'A note' }] }] }] },
    { kind: 'workflow' as const, key: 'w', uid: '4', schema: 1, entity: 'q', label: 'Flow', states: { draft: { label: 'Draft', transitions: { go: { label: 'Submit' } } } } },
  ]
  const found = Object.fromEntries(named(documents, english).map(thing => [thing.label, [thing.sort, thing.address, ...thing.path].join(' ')]))
  assert.deepEqual(found, {
    Quotation: 'entity entity/q', Status: 'field entity/q fields 0', Won: 'option entity/q fields 0 options options 0', 'Too much': 'rule entity/q rules 0', 'How far': 'text entity/q fields 0 help',
    Form: 'form form/f', Tab: 'tab form/f tabs 0', Section: 'section form/f tabs 0 sections 0', 'A note': 'text form/f tabs 0 sections 0 items 1 text',
    Flow: 'workflow workflow/w', Draft: 'state workflow/w states draft', Submit: 'action workflow/w states draft transitions go',
  })
  assert.equal(placeLabel(documents[1], ['tabs', 0, 'sections', 0, 'items', 0, 'width'], english, key => key === 'status' ? 'Status' : undefined), 'Tab › Section › Status › width')
})

test('a place in an address is read only where it is one', () => {
  assert.deepEqual(pathIn('#at=%5B%22fields%22%2C3%5D'), ['fields', 3])
  for (const hash of ['', '#problems', '#at=', '#at={}', '#at=[{}]', '#at=%E0%A4%A']) assert.equal(pathIn(hash), undefined)
})

test('a shortcut answers to its own keys, not while somebody types', context => {
  class Field { isContentEditable = false; matches = (): boolean => true }
  const page = globalThis as { HTMLElement?: unknown }
  page.HTMLElement = Field
  context.after(() => { delete page.HTMLElement })
  const event = (key: string, more: object = {}): KeyboardEvent => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false, target: null, preventDefault: () => {}, ...more }) as unknown as KeyboardEvent
  assert.ok(matches('Ctrl+Z', event('z', { ctrlKey: true })))
  assert.ok(!matches('Ctrl+Z', event('Z', { ctrlKey: true, shiftKey: true })))
  assert.ok(matches('Ctrl+Shift+Z', event('Z', { ctrlKey: true, shiftKey: true })))
  assert.ok(matches('?', event('?', { shiftKey: true })))
  assert.ok(!matches('Alt+ArrowUp', event('ArrowUp')))
  const done: string[] = []
  const table: Shortcut[] = [{ keys: 'F2', label: '', group: '', act: () => done.push('F2'), when: () => done.length === 0 }, { keys: 'Delete', label: '', group: '', act: () => done.push('Delete') }]
  assert.ok(dispatch(table, event('F2')))
  assert.ok(!dispatch(table, event('F2')))
  assert.ok(!dispatch(table, event('Delete', { isComposing: true })))
  assert.ok(!dispatch(table, event('Delete', { target: new Field() })))
  assert.deepEqual(done, ['F2'])
})

test('keys are made of words, of their spelling, and are free', () => {
  assert.equal(keyFrom('Größe (m²)', 'x'), 'gro_e_m2')
  assert.equal(keyFrom('金额', 'field'), 'field')
  assert.equal(keyFor('展会', 'zhanhui zh', 'entity', ['zhanhui']), 'zhanhui_2')
  assert.equal(keyFor('Trade fair', undefined, 'entity', []), 'trade_fair')
  assert.equal(freeKey('a', ['a', 'a_2']), 'a_3')
})

test('a text loses a language when its words are taken out', () => {
  assert.deepEqual(written({ en: 'A', 'zh-CN': '甲' }, 'en', '', ['zh-CN', 'en']), { 'zh-CN': '甲' })
  assert.equal(written({ en: 'A' }, 'en', '', ['zh-CN', 'en']), '')
  assert.deepEqual(written('A', 'zh-CN', '甲', ['zh-CN', 'en']), { en: 'A', 'zh-CN': '甲' })
})

test('a new entity brings a form, a list, a place in the navigation and rights for those who design', () => {
  const app = { kind: 'app', key: 'a', uid: 'a', schema: 1, label: 'A', languages: ['zh-CN', 'en'], default_language: 'en', currency: 'CNY', timezone: 'UTC', navigation: [{ items: [{ entity: 'q' }] }] } as AppDocument
  const roles = [{ kind: 'role', key: 'boss', uid: 'b', schema: 1, label: 'B', design: true, entities: {} }, { kind: 'role', key: 'sales', uid: 's', schema: 1, label: 'S', entities: {} }] as RoleDocument[]
  const both = (en: string, zh: string): { en: string; 'zh-CN': string } => ({ en, 'zh-CN': zh })
  const made = newEntity('fair', { en: 'Fair' }, { name: both('Name', '名称'), section: both('Basics', '基本信息'), all: both('All {what}', '全部{what}'), group: 'G' }, app, roles, kind => kind === 'form' ? ['fair'] : [])
  assert.deepEqual(made.map(address), ['entity/fair', 'form/fair_2', 'view/fair_list', 'role/boss', 'app/a'])
  assert.deepEqual(made[2]!.label, { en: 'All Fair' })
  assert.deepEqual((made[4] as AppDocument).navigation, [{ items: [{ entity: 'q' }, { entity: 'fair' }] }])
  assert.equal((made[3] as RoleDocument).entities.fair!.read, 'all')
})

test('a copy is another thing: no identity and no claim of the first', () => {
  const entity = { kind: 'entity', key: 'e', uid: 'u', schema: 1, label: 'E', title: 'n', default: true, fields: [{ key: 'n', uid: 'f', type: 'text', label: 'N' }] } as unknown as EntityDocument
  const made = copied(entity, 'e_copy', 'Copy')
  assert.notEqual(made.uid, 'u')
  assert.notEqual(made.fields[0]!.uid, 'f')
  assert.equal((made as unknown as { default?: boolean }).default, undefined)
  assert.deepEqual([made.key, made.label, made.fields[0]!.key], ['e_copy', 'Copy', 'n'])
  const form = newForm({ ...entity, fields: [...entity.fields, { key: 'r', uid: 'x', type: 'rows', label: 'R', options: { entity: 'none' } }, { key: 't', uid: 'y', type: 'formula', label: 'T' }] }, 'f', 'F', { name: '', section: 'S', all: '', group: '' }, type => type === 'formula')
  assert.deepEqual(form.tabs[0]!.sections[0]!.items, [{ field: 'n' }])
})
