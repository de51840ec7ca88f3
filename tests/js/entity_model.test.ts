import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EntityDocument, Field } from '../../designer/ui/core/documents.ts'
import { choicesOf, doubled, keyOf, keyProblem, lost, moved, pasted, put, retyped, standingOf, stepped } from '../../designer/ui/entity/model.ts'

const field = (key: string, more: Partial<Field> = {}): Field => ({ key, uid: key, type: 'text', label: key, ...more })
const FOUR = ['a', 'b', 'c', 'd'].map(key => field(key))
const keys = (fields: readonly Field[]): string => fields.map(each => each.key).join('')
const entity = (key: string, ...fields: Field[]): EntityDocument => ({ kind: 'entity', key, uid: key, schema: 1, label: key, title: 'a', fields })

test('several fields move together and keep their order', () => {
  assert.equal(keys(moved(FOUR, new Set(['a', 'c']), 4)), 'bdac')
  assert.equal(keys(moved(FOUR, new Set(['b', 'd']), 0)), 'bdac')
  assert.equal(keys(stepped(FOUR, new Set(['b', 'c']), -1)), 'bcad')
  assert.equal(keys(stepped(FOUR, new Set(['b', 'c']), 1)), 'adbc')
  assert.equal(keys(stepped(FOUR, new Set(['d']), 1)), 'abcd')
  assert.equal(keys(stepped(FOUR, new Set(['a']), -1)), 'abcd')
})

test('a key comes from the English label, else from pinyin, and is free', () => {
  assert.equal(keyOf({ 'zh-CN': '金额', en: 'Net amount' }, 'jine je', [], 'field'), 'net_amount')
  assert.equal(keyOf({ 'zh-CN': '金额', en: '' }, 'jine je', [], 'field'), 'jine')
  assert.equal(keyOf('金额', undefined, ['field'], 'field'), 'field_2')
  assert.equal(keyProblem('Net', new Set()), 'syntax')
  assert.equal(keyProblem('net', new Set(['net'])), 'taken')
  assert.equal(keyProblem('net_2', new Set(['net'])), undefined)
})

test('copies have keys and identities of their own', () => {
  const { fields, made } = doubled(FOUR, new Set(['a', 'b']), label => `${label} copy`)
  assert.equal(keys(fields), 'aba_2b_2cd')
  assert.notEqual(made[0]!.uid, 'a')
  assert.equal(made[0]!.label, 'a copy')
})

test('pasting into another entity renames what clashes and says what it left behind', () => {
  const clip = { entity: 'one', fields: [field('a'), field('sum', { type: 'formula', formula: 'a * rate', options: { result: 'number' } }), field('twice', { type: 'formula', formula: 'a * 2' }), field('day', { type: 'date', default: 'started' }), field('who', { type: 'reference', options: { entity: 'gone' } })] }
  const { fields, dropped } = pasted(clip, entity('two', field('a')), new Set(['one', 'two']), false)
  assert.deepEqual(fields.map(each => [each.key, each.formula, each.default]), [['a_2', undefined, undefined], ['twice', 'a_2 * 2', undefined], ['day', undefined, undefined]])
  assert.deepEqual(dropped.map(each => [each.field, each.part, each.name]).sort(), [['day', 'default', 'started'], ['sum', 'field', 'rate'], ['who', 'field', 'gone']])
})

test('pasting at home keeps what it stands on', () => {
  const { fields } = pasted({ entity: 'two', fields: [field('twice', { type: 'formula', formula: 'a * 2' })] }, entity('two', field('a'), field('twice')), new Set(['two']), true)
  assert.deepEqual(fields.map(each => [each.key, each.formula]), [['twice_2', 'a * 2']])
})

test('another type keeps the options that it has too', () => {
  const decimal = { key: 'decimal', options: [{ key: 'scale', type: 'integer' }, { key: 'minimum', type: 'constant_number' }], is_derived: false }
  const money = field('m', { type: 'money', required: true, unique: true, options: { scale: 4, currency: 'USD' } })
  assert.deepEqual(retyped(money, decimal), { key: 'm', uid: 'm', type: 'decimal', label: 'm', required: true, unique: true, options: { scale: 4 } })
  const formula = retyped(money, { key: 'formula', options: [{ key: 'result', type: 'choice' }], is_derived: true }, { result: 'number' }, '0')
  assert.deepEqual(formula, { key: 'm', uid: 'm', type: 'formula', label: 'm', formula: '0', options: { result: 'number' } })
})

test('options can be made of the values that occur', () => {
  const found = choicesOf(['Gold', '银牌', 'Gold', '', '无'], [{ key: 'gold', label: { en: 'Gold', 'zh-CN': '金牌' } }], word => ({ 银牌: 'yinpai yp' } as Record<string, string>)[word])
  assert.deepEqual(found.map(each => each.key), ['gold', 'yinpai', 'option'])
  assert.deepEqual(lost(found, found.slice(1)).map(each => each.key), ['gold'])
})

test('the standing compares with what is published', () => {
  const published = field('a', { required: true })
  assert.equal(standingOf(field('a'), undefined), 'new')
  assert.equal(standingOf(field('a'), published), 'changed')
  assert.equal(standingOf(put(field('a'), 'required', true, false), published), 'same')
  assert.equal(standingOf(field('a', { retired: true }), published), 'retired')
  assert.deepEqual(put(published, 'required', false, false), field('a'))
})
