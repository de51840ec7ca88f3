/** Rights as the matrix of roles changes them, and where keys lead in a grid. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { block, moved } from '../../designer/ui/core/cells.ts'
import type { EntityDocument, RoleDocument } from '../../designer/ui/core/documents.ts'
import { fieldCounts, fixedBy, governing, inOrder, newRole, readsAnything, rightOf, ruleOf, scopeOf, withRight, withScope } from '../../designer/ui/roles/rights.ts'

const role = (entities: RoleDocument['entities'] = {}): RoleDocument => ({ kind: 'role', key: 'sales', uid: 'u', schema: 1, label: 'Sales', entities })
const entity = (key: string, part_of?: string): EntityDocument => ({ kind: 'entity', key, uid: key, schema: 1, label: key, title: 'name', fields: [
  { key: 'name', uid: 'a', type: 'text', label: 'Name' }, { key: 'cost', uid: 'b', type: 'money', label: 'Cost' }, { key: 'margin', uid: 'c', type: 'formula', label: 'Margin' },
  { key: 'old', uid: 'd', type: 'text', label: 'Old', retired: true }], ...(part_of ? { part_of } : {}) })

test('what a role does not say is forbidden', () => {
  assert.equal(scopeOf(role(), 'lead', 'read'), 'none')
  assert.equal(scopeOf(role({ lead: { read: 'own', create: true } }), 'lead', 'create'), 'all')
  assert.equal(scopeOf(role({ lead: { read: { rule: 'x = 1' } } }), 'lead', 'read'), 'rule')
  assert.equal(ruleOf(role({ lead: { read: { rule: 'x = 1' } } }), 'lead', 'read'), 'x = 1')
})

test('a scope is set, and setting what is there changes nothing', () => {
  const before = role({ lead: { read: 'own', fields: { cost: 'hidden' } } })
  const after = withScope(before, 'lead', 'change', 'department')
  assert.deepEqual(after.entities.lead, { read: 'own', fields: { cost: 'hidden' }, change: 'department' })
  assert.equal(withScope(after, 'lead', 'change', 'department'), after)
  assert.deepEqual(withScope(before, 'lead', 'create', 'own').entities.lead!.create, true)
  assert.deepEqual(withScope(before, 'lead', 'read', 'rule', 'a = 1').entities.lead!.read, { rule: 'a = 1' })
  assert.deepEqual(before.entities.lead, { read: 'own', fields: { cost: 'hidden' } })
})

test('a field goes by the others until it is named', () => {
  const before = role({ lead: { read: 'all', otherwise: 'read' } })
  assert.deepEqual(rightOf(before, 'lead', 'cost'), { right: 'read', isNamed: false })
  const named = withRight(before, 'lead', 'cost', 'hidden')
  assert.deepEqual(rightOf(named, 'lead', 'cost'), { right: 'hidden', isNamed: true })
  assert.deepEqual(withRight(named, 'lead', 'cost', undefined), before)
  assert.equal(withRight(named, 'lead', 'cost', 'hidden'), named)
  assert.equal(rightOf(withRight(before, 'lead', '', 'write'), 'lead', 'name').right, 'write')
})

test('a field keeps its place when its right changes', () => {
  const before = role({ lead: { fields: { a: 'read', b: 'read', c: 'read' } } })
  assert.deepEqual(Object.keys(withRight(before, 'lead', 'b', 'hidden').entities.lead!.fields!), ['a', 'b', 'c'])
})

test('retired fields are not counted', () => {
  assert.deepEqual(fieldCounts(role({ lead: { otherwise: 'read', fields: { cost: 'hidden', old: 'hidden' } } }), entity('lead')), { hidden: 1, read: 2, write: 0 })
})

test('rows follow their owner, however far up', () => {
  const all = [entity('part', 'line'), entity('line', 'order'), entity('order'), entity('account')]
  const byKey = new Map(all.map(each => [each.key, each]))
  assert.equal(governing(byKey, 'part'), 'order')
  assert.equal(governing(byKey, 'account'), 'account')
  assert.deepEqual(inOrder(all, each => each.key).map(each => each.key), ['account', 'order', 'line', 'part'])
  const circle = new Map([entity('a', 'b'), entity('b', 'a')].map(each => [each.key, each]))
  assert.ok(['a', 'b'].includes(governing(circle, 'a')))
})

test('what nobody writes is known', () => {
  const [name, , margin] = entity('lead').fields
  assert.equal(fixedBy(margin!, new Set()), 'computed')
  assert.equal(fixedBy(name!, new Set(['name'])), 'workflow')
  assert.equal(fixedBy(name!, new Set()), undefined)
})

test('a duplicate may do what its model may', () => {
  const made = newRole('copy', 'u2', { en: 'Copy' }, { ...role({ lead: { read: 'all' } }), design: true })
  assert.deepEqual([made.key, made.uid, made.design, made.entities], ['copy', 'u2', true, { lead: { read: 'all' } }])
  assert.equal(readsAnything(made), true)
  assert.equal(readsAnything(newRole('new', 'u3', 'New')), false)
})

test('keys lead through a grid and not beyond it', () => {
  const at = { row: 2, column: 2 }
  assert.deepEqual(moved(at, 'ArrowUp', false, 5, 5), { row: 1, column: 2 })
  assert.deepEqual(moved(at, 'ArrowDown', true, 5, 5), { row: 4, column: 2 })
  assert.deepEqual(moved(at, 'End', false, 5, 5), { row: 2, column: 4 })
  assert.deepEqual(moved(at, 'Home', true, 5, 5), { row: 0, column: 0 })
  assert.deepEqual(moved({ row: 0, column: 0 }, 'ArrowLeft', false, 5, 5), { row: 0, column: 0 })
  assert.deepEqual(moved(at, 'PageDown', false, 5, 5), { row: 4, column: 2 })
  assert.equal(moved(at, 'x', false, 5, 5), undefined)
  assert.equal(block({ row: 3, column: 1 }, { row: 1, column: 2 }).length, 6)
})
