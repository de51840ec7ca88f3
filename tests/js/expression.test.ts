import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Decimal } from '../../runtime/ui/shared/decimal.ts'
import { run, type Tree } from '../../runtime/ui/shared/expression.ts'

const given = { now: new Date('2026-11-24T08:30:00Z'), timezone: 'Asia/Shanghai' }
const answer = (tree: Tree, scope: Record<string, unknown> = {}) => run(tree, name => scope[name], given)
const amount: Tree = ['f', 'amount', 'number']

test('a margin is exact where floats are not', () => {
  const tree: Tree = ['round', ['/', ['*', ['-', amount, ['f', 'cost', 'number']], ['n', '100']], amount], ['n', '2']]
  assert.equal(answer(tree, { amount: '620000.00', cost: '446400.00' }), '28')
  assert.equal(answer(['+', ['n', '0.1'], ['n', '0.2']]), '0.3')
  assert.equal(answer(['*', amount, ['n', '1.13']], { amount: '9999999999999999.99' }), '11299999999999999.9887')
})

test('numbers come as text or as JSON numbers', () => {
  assert.equal(answer(amount, { amount: 12.5 }), '12.5')
  assert.equal(answer(amount, { amount: '12.50' }), '12.5')
  assert.equal(answer(amount, { amount: '' }), null)
  assert.equal(answer(amount, { amount: 'twelve' }), null)
  assert.equal(answer(amount, { amount: NaN }), null)
})

test('an unknown name is null and a condition over null is no', () => {
  assert.equal(answer(['>', amount, ['n', '5']]), false)
  assert.equal(answer(['not', ['>', amount, ['n', '5']]]), true)
  assert.equal(answer(['=', amount, null]), true)
})

test('the clock and the zone are the ones given', () => {
  assert.equal(answer(['@today']), '2026-11-24')
  assert.equal(run(['@today'], () => null, { now: new Date('2026-11-24T23:30:00Z'), timezone: 'Asia/Shanghai' }), '2026-11-25')
  assert.equal(answer(['@now']), '2026-11-24T08:30:00.000000Z')
  assert.equal(answer(['text', ['@now'], ['@zone']]), '2026-11-24 16:30')
})

test('only functions of the language run, not what objects inherit', () => {
  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'eval', 'run', 'nothing']) {
    assert.equal(answer([name, 'x'] as unknown as Tree), null)
  }
})

test('text cannot grow without end', () => {
  let tree: Tree = 'a'
  for (let level = 0; level < 8; level++) tree = ['replace', tree, 'a', 'a'.repeat(200)]
  assert.equal(answer(tree), null)
})

test('branches not taken are not run', () => {
  const asked: string[] = []
  const get = (name: string) => { asked.push(name); return true }
  run(['if', ['f', 'a', 'yes_no'], ['f', 'b', 'text'], ['f', 'c', 'text']], get, given)
  run(['or', ['f', 'd', 'yes_no'], ['f', 'e', 'yes_no']], get, given)
  assert.deepEqual(asked, ['a', 'b', 'd'])
})

test('decimals round half up, away from zero', () => {
  for (const [number, decimals, shown] of [
    ['2.345', 2, '2.35'], ['-2.345', 2, '-2.35'], ['2.5', 0, '3'], ['1250', -2, '1300'], ['0.004', 2, '0.00'], ['-0.004', 2, '0.00'], ['7', 2, '7.00'],
  ] as const) assert.equal(Decimal.read(number)!.toString(decimals), shown)
})
