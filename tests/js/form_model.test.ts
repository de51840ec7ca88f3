/** The form designer's pure edits: what a command does to a form, and what doesn't change. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EntityDocument, Field, FormDocument } from '../../designer/ui/core/documents.ts'
import { clipOf, namesIn, paste, renamed } from '../../designer/ui/form/clip.ts'
import { guessType } from '../../designer/ui/form/guess.ts'
import * as model from '../../designer/ui/form/model.ts'

const form = (): FormDocument => ({
  kind: 'form', key: 'deal', uid: 'u', schema: 1, entity: 'deal', label: 'Deal', purpose: 'full',
  tabs: [
    { key: 'main', label: 'Main', sections: [
      { key: 'basic', label: 'Basics', columns: 2, items: [{ field: 'name' }, { field: 'amount', width: 2 }, { text: 'Mind the date.' }, { field: 'due' }] },
      { key: 'rest', columns: 1, items: [] }] },
    { key: 'more', label: 'More', sections: [{ key: 'basic', items: [{ rows: 'lines', fields: ['product'] }, { text: 'Below.' }] }] },
  ],
  related: [{ entity: 'contract', field: 'deal', columns: ['number'] }],
})
const ids = (made: FormDocument): string[] => model.placed(made).map(each => each.id)
const field = (key: string, more: Partial<Field> = {}): Field => ({ key, uid: `uid-${key}`, type: 'text', label: key, ...more })

test('items are named by their field, texts by their order', () => {
  assert.deepEqual(ids(form()), ['f:name', 'f:amount', 'x:0', 'f:due', 'f:lines', 'x:1'])
})

test('a field that stands there twice has two ids', () => {
  const twice = model.insertItems(form(), { tab: 0, section: 1, index: 0 }, [{ field: 'name' }])
  assert.ok(ids(twice).includes('f:name#2'))
})

test('moving shares everything it does not touch', () => {
  const before = form()
  const after = model.moveItems(before, ['f:due'], { tab: 0, section: 0, index: 0 })
  assert.deepEqual(ids(after).slice(0, 4), ['f:due', 'f:name', 'f:amount', 'x:0'])
  assert.equal(after.tabs[1], before.tabs[1])
  assert.equal(after.tabs[0]!.sections[1], before.tabs[0]!.sections[1])
  assert.equal(model.find(after, 'f:due')!.item, model.find(before, 'f:due')!.item)
})

test('moving to where it stands is no change', () => {
  const before = form()
  assert.equal(model.moveItems(before, ['f:amount'], { tab: 0, section: 0, index: 1 }), before)
  assert.equal(model.moveItems(before, ['f:amount'], { tab: 0, section: 0, index: 2 }), before)
})

test('several move as one, in the order of the form', () => {
  const after = model.moveItems(form(), ['f:due', 'f:name'], { tab: 1, section: 0, index: 1 })
  assert.deepEqual(after.tabs[1]!.sections[0]!.items.map(model.keyOf), ['lines', 'name', 'due', undefined])
})

test('a step goes on into the next section and the next tab, and ends at the form’s end', () => {
  let now = form()
  const seen: string[] = []
  for (;;) {
    const spot = model.neighbour(now, ['f:due'], 1)
    if (!spot) break
    now = model.moveItems(now, ['f:due'], spot)
    const at = model.find(now, 'f:due')!
    seen.push(`${at.tab}/${at.section}/${at.index}`)
  }
  assert.deepEqual(seen, ['0/1/0', '1/0/0', '1/0/1', '1/0/2'])
  assert.deepEqual(model.neighbour(now, ['f:due'], -1, true), { tab: 0, section: 1, index: 0 })
})

test('a section takes its fields along, or leaves them to its neighbour', () => {
  assert.deepEqual(ids(model.removeSection(form(), 's:main/basic', false)), ['f:lines', 'x:0'])
  const kept = model.removeSection(form(), 's:main/basic', true)
  assert.deepEqual(kept.tabs[0]!.sections.map(section => [section.key, section.items.length]), [['rest', 4]])
  const onlyTab = model.removeSection(form(), 's:more/basic', true)
  assert.equal(onlyTab.tabs[0]!.sections[1]!.items.length, 2)
})

test('a section that comes to a tab with one of its name gets another key', () => {
  const [after, id] = model.moveSection(form(), 's:main/basic', 1, 0)
  assert.equal(id, 's:more/basic_2')
  assert.equal(model.sectionAt(after, id)!.it.items.length, 4)
})

test('the last tab stays; another hands its sections to the one before', () => {
  const one = model.removeTab(form(), 't:more', true)
  assert.deepEqual(one.tabs[0]!.sections.map(section => section.key), ['basic', 'rest', 'basic_2'])
  assert.equal(model.removeTab(one, 't:main', false), one)
})

test('something new goes behind the selection, at the end of a section or tab, into an empty tab', () => {
  assert.deepEqual(model.spotAfter(form(), 'f:amount', 0), { tab: 0, section: 0, index: 2 })
  assert.deepEqual(model.spotAfter(form(), 's:main/basic', 0), { tab: 0, section: 0, index: 4 })
  assert.deepEqual(model.spotAfter(form(), undefined, 1), { tab: 1, section: 0, index: 2 })
  const empty = model.insertTab(form(), 2, model.newTab(form(), 'New'))
  const [made, spot] = model.withRoom(empty, model.spotAfter(empty, 't:tab', 0))
  assert.deepEqual(spot, { tab: 2, section: 0, index: 0 })
  assert.equal(made.tabs[2]!.sections[0]!.key, 'section')
})

test('paths and ids lead to each other', () => {
  for (const id of ['f:amount', 'x:1', 's:more/basic', 't:more', 'l:contract.deal']) assert.equal(model.idAt(form(), model.pathOf(form(), id)!), id)
  assert.equal(model.idAt(form(), ['tabs', 0, 'sections', 0, 'items', 1, 'required']), 'f:amount')
})

test('a patch sets, and undefined takes away', () => {
  const wide = model.patchItem(form(), 'f:amount', { width: undefined, required: 'true' })
  assert.deepEqual(model.find(wide, 'f:amount')!.item, { field: 'amount', required: 'true' })
})

test('an item spans its width, a wide type and a grid the whole row', () => {
  assert.equal(model.spanOf({ field: 'a' }, 3, false), 1)
  assert.equal(model.spanOf({ field: 'a', width: 4 }, 3, false), 3)
  assert.equal(model.spanOf({ field: 'a' }, 3, true), 3)
  assert.equal(model.spanOf({ rows: 'a', fields: [] }, 4, false), 4)
})

test('a quick form has the title, what is required and not filled in by itself, and is never empty', () => {
  const entity = { title: 'number', fields: [field('number', { type: 'number' }), field('account', { required: true }), field('owner', { required: true, default: 'actor.id' }),
    field('note'), field('lines', { type: 'rows', required: true }), field('phone')] } as unknown as EntityDocument
  assert.deepEqual(model.quickFields(entity, type => type === 'number'), ['account', 'note', 'phone'])
})

// clipboard --------------------------------------------------------------------------------------------
test('names in an expression are the own fields, not functions, words or texts', () => {
  assert.deepEqual([...namesIn('if(amount > 10 and not is_blank(due), "amount and name", account.level)')], ['amount', 'due', 'account'])
  assert.deepEqual([...namesIn('old.status = "x" or actor.id = owner')], ['status', 'owner'])
  assert.deepEqual([...namesIn('account = record.customer', true)], ['customer'])
  assert.equal(renamed('amount > 1 and account.level = "amount"', new Map([['amount', 'amount_2'], ['account', 'customer']])), 'amount_2 > 1 and customer.level = "amount"')
  assert.equal(renamed('account = record.account', new Map([['account', 'customer']]), true), 'account = record.customer')
})

const fields = [field('name'), field('amount', { type: 'money', default: 'base * 2', options: { minimum: '0' } }), field('due', { type: 'date' }), field('total', { type: 'formula', formula: 'amount * 2', options: { result: 'number' } }),
  field('lines', { type: 'rows', options: { entity: 'line' } })]
const home = (onto: FormDocument) => ({ entity: 'deal', fields, form: onto, entities: new Set(['deal', 'line']), app: { from: 'crm', to: 'crm' } })

test('pasting in the same form doubles the field; where the form lacks it, it is shown again', () => {
  const source = form()
  const clip = clipOf(source, 'deal', fields, ['f:amount'])
  const doubled = paste(clip, home(source))
  assert.deepEqual(doubled.items, [{ field: 'amount_2', width: 2 }])
  assert.equal(doubled.fields[0]!.default, 'base * 2')
  assert.notEqual(doubled.fields[0]!.uid, 'uid-amount')
  const again = paste(clip, home(model.removeItems(source, ['f:amount'])))
  assert.deepEqual([again.items, again.fields], [[{ field: 'amount', width: 2 }], []])
})

test('in another entity fields come with options and with rules that mean something there', () => {
  let source = model.patchItem(form(), 'f:due', { required: 'amount > 5', visible: 'is_blank(stage)' })
  source = model.insertItems(source, { tab: 0, section: 1, index: 0 }, [{ field: 'total' }])
  const clip = clipOf(source, 'deal', fields, ['f:amount', 'f:due', 'f:total', 'f:lines', 'x:0'])
  const target = { ...home({ ...form(), entity: 'order', tabs: [{ key: 'main', label: '', sections: [] }] }), entity: 'order', fields: [field('amount'), field('name')] }
  const made = paste(clip, target)
  assert.deepEqual(made.items, [{ field: 'amount_2', width: 2 }, { field: 'due', required: 'amount_2 > 5' }, { field: 'total' }, { text: 'Mind the date.' }])
  assert.deepEqual(made.fields.map(each => [each.key, each.default, each.formula, each.options]), [['amount_2', undefined, undefined, { minimum: '0' }], ['due', undefined, undefined, undefined], ['total', undefined, 'amount_2 * 2', { result: 'number' }]])
  assert.deepEqual(new Set(made.dropped.map(each => `${each.field} ${each.part} ${each.name}`)), new Set(['lines field line', 'due visible stage', 'amount default base']))
})

test('what stands on a field that cannot come stays behind too', () => {
  const sources = [field('line_sum', { type: 'rollup', options: { rows: 'lines' } }), field('tax', { type: 'formula', formula: 'line_sum * 0.13' })]
  const clip = { entity: 'deal', items: sources.map(each => ({ item: { field: each.key }, field: each })) }
  const made = paste(clip, { ...home(form()), entity: 'order', fields: [] })
  assert.deepEqual([made.items, made.dropped], [[], [{ field: 'line_sum', part: 'field', name: 'lines' }, { field: 'tax', part: 'field', name: 'line_sum' }]])
})

// guessing a type from a name --------------------------------------------------------------------------
test('a name suggests its kind, and a vague one suggests nothing', () => {
  const types = [
    { key: 'text', keywords: 'text 文本 string name title', is_system: false }, { key: 'date', keywords: 'date 日期 riqi day deadline', is_system: false },
    { key: 'money', keywords: 'money 金额 jine amount price 单价', is_system: false }, { key: 'phone', keywords: 'phone 电话 dianhua telephone mobile 手机', is_system: false },
    { key: 'reference', keywords: 'reference 关联 客户', is_system: false }, { key: 'created_on', keywords: 'created date', is_system: true }]
  const guesses = (words: string): string => guessType(words, types)
  assert.deepEqual(['Delivery date', 'Updated by', '联系电话', '含税金额', 'Unit price', '客户', 'Phone number', 'Remark'].map(guesses),
    ['date', 'text', 'phone', 'money', 'money', 'text', 'phone', 'text'])
})
