import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emptyGroup, fromTree, isComplete, newRow, operatorsOf, toText } from '../../designer/ui/expressions/condition.ts'
import { callAt, comparedName, completed, fit, wordAt, type Candidate } from '../../designer/ui/expressions/completion.ts'
import { moved, pasted } from '../../designer/ui/expressions/choice_edits.ts'
import { numberExample } from '../../designer/ui/expressions/number_example.ts'
import { findName, namesAt, type World } from '../../designer/ui/expressions/names.ts'
import type { EntityDocument } from '../../designer/ui/core/documents.ts'

test('rows write brackets where groups need them, and none where they do not', () => {
  const group = emptyGroup()
  group.items = [newRow('amount', 'more', [{ is: 'number', text: '100000' }]), { ...emptyGroup('or'), items: [newRow('region', 'is', [{ is: 'text', text: 'east' }]), newRow('urgent', 'yes')] }]
  assert.equal(toText(group), 'amount > 100000 and (region = "east" or urgent)')
  assert.equal(toText({ ...group, not: true }), 'not (amount > 100000 and (region = "east" or urgent))')
  assert.equal(toText(emptyGroup()), '')
})

test('a row without its value is not complete, an empty text is a value', () => {
  assert.equal(isComplete(newRow('amount', 'more', [{ is: 'number', text: '' }])), false)
  assert.equal(isComplete(newRow('name', 'is', [{ is: 'text', text: '' }])), true)
  assert.equal(isComplete(newRow('tags', 'has_any')), false)
  assert.equal(isComplete(newRow('note', 'blank')), true)
})

test('operators follow from the kind', () => {
  const keys = (kind: Parameters<typeof operatorsOf>[0], given = {}): string[] => operatorsOf(kind, given).map(each => each.key)
  assert.ok(keys('text').includes('contains') && !keys('text', { choice: true }).includes('contains'))
  assert.ok(keys('date').includes('at_most') && !keys('reference').includes('more'))
  assert.deepEqual(keys('rows'), ['blank', 'filled'])
  assert.ok(keys('number', { changed: true }).includes('changed'))
})

test('rows read days from today, in both directions', () => {
  const group = fromTree(['and', ['<', ['f', 'due_on', 'date'], ['add_days', ['@today'], ['n', '30']]], ['>', ['f', 'due_on', 'date'], ['add_days', ['@today'], ['neg', ['n', '7']]]]])
  assert.equal(toText(group), 'due_on < today() + 30 and due_on > today() - 7')
})

test('the word at the caret: names with steps, texts in quotes', () => {
  assert.deepEqual(wordAt('amount > account.le', 19), { from: 9, to: 19, typed: 'account.le', inText: false, quote: '' })
  assert.equal(wordAt('region = "ea', 12).typed, 'ea')
  assert.equal(wordAt('region = "ea', 12).inText, true)
  assert.equal(wordAt('金额', 2).typed, '金额')
})

test('options are offered for the name that a text is compared with', () => {
  assert.equal(comparedName('region = "', 10), 'region')
  assert.equal(comparedName('status in ("a", "', 17), 'status')
  assert.equal(comparedName('has_any(tags, "', 15), 'tags')
  assert.equal(comparedName('concat("', 8), undefined)
})

test('the call around the caret, and which argument', () => {
  assert.deepEqual(callAt('round(amount * (1 + 2), ', 24), { name: 'round', argument: 1 })
  assert.equal(callAt('amount + 1', 10), undefined)
  assert.deepEqual(callAt('contains(name, "a(b", ', 22), { name: 'contains', argument: 2 })
})

test('completion finds by key, label, other language and pinyin, and puts the caret into the brackets', () => {
  const all: Candidate[] = [
    { text: 'amount', label: '金额', note: '', keywords: 'Amount 金额 jine je', sort: 'name' },
    { text: 'round', label: 'round(数字, [小数位数])', note: '', keywords: 'round sishewuru', sort: 'function', signature: 'round(数字, [小数位数])' },
    { text: 'today', label: 'today()', note: '', keywords: '', sort: 'function', signature: 'today()' },
  ]
  for (const typed of ['am', '金', 'jine', 'Amount']) assert.equal(fit(typed, all)[0]!.text, 'amount', typed)
  assert.deepEqual(completed('1 + rou', wordAt('1 + rou', 7), all[1]!), { text: '1 + round()', caret: 10 })
  assert.deepEqual(completed('tod', wordAt('tod', 3), all[2]!), { text: 'today()', caret: 7 })
  const choice: Candidate = { text: 'east', label: '华东', note: '', keywords: '', sort: 'choice' }
  assert.deepEqual(completed('region = "e', wordAt('region = "e', 11), choice), { text: 'region = "east"', caret: 15 })
})

test('pasted lines become options with keys of their own; what is there is skipped', () => {
  const made = pasted([{ key: 'east', label: { 'zh-CN': '华东' } }], '华东\n华南\nnorth = 华北\n\nwest\t华西\tWest\nNorth East', ['zh-CN', 'en'])
  assert.equal(made.added, 4)
  assert.equal(made.skipped, 1)
  assert.deepEqual(made.list.map(each => each.key), ['east', 'option_2', 'north', 'west', 'north_east'])
  assert.deepEqual(made.list[3]!.label, { 'zh-CN': '华西', en: 'West' })
  assert.equal(pasted([], Array.from({ length: 1200 }, (_, at) => `选项 ${at}`).join('\n'), ['en']).list.length, 1000)
  assert.deepEqual(moved(['a', 'b', 'c'], 0, 2), ['b', 'c', 'a'])
})

test('the example of a running number', () => {
  const day = new Date(2026, 10, 24)
  assert.deepEqual(numberExample('QT-{YYYY}{MM}-{0000}', day), { shown: 'QT-202611-0001' })
  assert.deepEqual(numberExample('合同{YY}{MM}{DD}第{000}号', day, 12), { shown: '合同261124第012号' })
  assert.deepEqual(numberExample('QT-{MM}-{000}', day), { problem: 'ambiguous' })
  assert.deepEqual(numberExample('QT-{YYYY}', day), { problem: 'unreadable' })
})

const entity = (key: string, fields: object[]): EntityDocument => ({ kind: 'entity', key, uid: key, schema: 1, label: key, title: 'name', fields } as unknown as EntityDocument)
const world: World = {
  entities: new Map([
    ['quotation', entity('quotation', [{ key: 'amount', type: 'money', label: { 'zh-CN': '金额' } }, { key: 'account', type: 'reference', label: '客户', options: { entity: 'account' } },
      { key: 'level', type: 'mirror', label: '级别', options: { via: 'account', field: 'level' } }, { key: 'gone', type: 'text', label: 'x', retired: true }])],
    ['account', entity('account', [{ key: 'level', type: 'choice', label: '客户级别', options: { options: [{ key: 'a', label: 'A' }] } }, { key: 'owner', type: 'user', label: '负责人' }])],
  ]),
  kinds: new Map([['money', { kind: 'number', is_derived: false }], ['reference', { kind: 'reference', is_derived: false }], ['choice', { kind: 'text', is_derived: false }], ['user', { kind: 'reference', is_derived: false }]]),
  language: 'zh-CN', say: code => code, roles: [],
}

test('names of a place: own fields, one step through references, what a mirror shows; retired ones are not there', () => {
  const names = namesAt(world, 'quotation', 'form')
  const find = (name: string) => findName(world, names, name)
  assert.equal(find('amount')?.kind, 'number')
  assert.equal(find('account.level')?.label, '客户 › 客户级别')
  assert.equal(find('level')?.choices?.length, 1)
  assert.equal(find('account.owner.department')?.kind, 'reference')
  assert.equal(find('gone'), undefined)
  assert.ok(find('old.amount') && find('actor.id') && find('is_new()'))
  assert.equal(namesAt(world, 'quotation', 'list').some(each => each.name === 'old.amount'), false)
})
