import { test } from 'node:test'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { differences, merge, settle, type MergeClash } from '../../designer/ui/core/merge.ts'

interface Case { name: string; base: unknown; mine: unknown; theirs: unknown; merged: unknown; clashes: MergeClash[] }
const cases = JSON.parse(fs.readFileSync(new URL('./merge_cases.json', import.meta.url), 'utf8')) as Case[]
const bare = (clash: MergeClash): unknown => JSON.parse(JSON.stringify(clash))

test('the browser merges as the server does', () => {
  for (const each of cases) {
    const { merged, clashes } = merge(each.base, each.mine, each.theirs)
    assert.deepEqual(merged, each.merged, each.name)
    assert.deepEqual(clashes.map(bare), each.clashes, each.name)
  }
})

test('choosing my side at every clash keeps what merged', () => {
  const found = cases.find(each => each.name === 'both change one label')!
  const { merged, clashes } = merge(found.base, found.mine, found.theirs)
  assert.deepEqual(settle(merged, clashes, ['mine']), { label: 'B' })
  assert.deepEqual(settle(merged, clashes, ['theirs']), { label: 'C' })
})

test('chosen removals do not shift the places of other clashes', () => {
  const base = { l: [{ key: 'a', v: 1 }, { key: 'b', v: 1 }, { key: 'c', v: 1 }] }
  const mine = { l: [{ key: 'a', v: 2 }, { key: 'b', v: 2 }, { key: 'c', v: 2 }] }
  const theirs = { l: [{ key: 'b', v: 3 }] }
  const { merged, clashes } = merge<unknown>(base, mine, theirs)
  assert.equal(clashes.length, 3)
  assert.deepEqual(settle(merged, clashes, ['theirs', 'theirs', 'mine']), { l: [{ key: 'b', v: 3 }, { key: 'c', v: 2 }] })
})

test('the other order can be chosen, with what clashes inside', () => {
  const found = cases.find(each => each.name === 'an order and a change inside')!
  const { merged, clashes } = merge(found.base, found.mine, found.theirs)
  const all = clashes.map(() => 'theirs' as const)
  assert.deepEqual(settle(merged, clashes, all), found.theirs)
  assert.deepEqual(settle(merged, clashes, clashes.map(() => 'mine' as const)), found.mine)
})

test('differences name the places that changed', () => {
  const before = { label: { en: 'A', 'zh-CN': '甲' }, items: [{ field: 'a' }, { field: 'b', width: 1 }, { text: 'hello' }], at: [1, 2] }
  const after = { label: { en: 'B', 'zh-CN': '甲' }, items: [{ field: 'b', width: 2 }, { text: 'hello!' }, { field: 'c' }], at: [1, 3] }
  assert.deepEqual(differences(before, after), [['label', 'en'], ['items', 0, 'width'], ['items', 1, 'text'], ['items', 2], ['items', 0], ['at']])
  assert.deepEqual(differences(before, structuredClone(before)), [])
  assert.deepEqual(differences({ l: ['a', 'b', 'c'] }, { l: ['c', 'a', 'b'] }), [['l', 0]])
})
