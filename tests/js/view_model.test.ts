import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ViewDocument } from '../../designer/ui/core/documents.ts'
import * as model from '../../designer/ui/view/model.ts'

const view = (more: Partial<ViewDocument> = {}): ViewDocument => ({ kind: 'view', key: 'v', uid: 'u', schema: 1, entity: 'lead', type: 'list', label: 'Leads', columns: ['name', { field: 'amount', width: 120 }, 'account.level'], ...more })
const paths = (found: ViewDocument): string[] => found.columns.map(model.pathOf)
const NAMES: model.Fit[] = [
  { name: 'name', kind: 'text', type: 'text' }, { name: 'status', kind: 'text', type: 'choice', choices: [{}] }, { name: 'level', kind: 'text', type: 'choice', choices: [{}] },
  { name: 'due_on', kind: 'date', type: 'date' }, { name: 'created_on', kind: 'datetime', type: '' },
]

test('a column is added where it was dropped, and never twice', () => {
  assert.deepEqual(paths(model.addColumns(view(), ['due_on'], 1)), ['name', 'due_on', 'amount', 'account.level'])
  const before = view()
  assert.equal(model.addColumns(before, ['amount']), before)
})

test('a view keeps its last column', () => {
  const before = view({ columns: ['name'] })
  assert.equal(model.removeColumn(before, 'name'), before)
})

test('colour rules of a column go with it, rules of the record stay', () => {
  const before = view({ colours: [{ when: 'true', colour: 'red', field: 'amount' }, { when: 'true', colour: 'blue' }] })
  assert.deepEqual(model.removeColumn(before, 'amount').colours, [{ when: 'true', colour: 'blue' }])
  assert.ok(!('colours' in model.removeColumn(view({ colours: [{ when: 'true', colour: 'red', field: 'amount' }] }), 'amount')))
})

test('a move keeps the settings of the column, and a move to its own place is none', () => {
  const moved = model.moveColumn(view(), 'amount', 0)
  assert.deepEqual(moved.columns[0], { field: 'amount', width: 120 })
  const before = view()
  assert.equal(model.moveColumn(before, 'amount', 1), before)
  assert.equal(model.moveColumn(before, 'amount', 2), before)
})

test('a column with nothing to say is written as its path', () => {
  assert.deepEqual(model.setColumn(view(), 'amount', { width: undefined }).columns[1], 'amount')
  assert.deepEqual(model.setColumn(view(), 'name', { editable: true }).columns[0], { field: 'name', editable: true })
  assert.deepEqual(model.setColumn(view(), 'name', { label: { en: '', 'zh-CN': '' } }).columns[0], 'name')
})

test('another type keeps what was set and guesses what it needs: the workflow state before other choices, an own date before the system', () => {
  const board = model.switchType(view({ group_by: 'level' }), 'board', NAMES, ['status'])
  assert.deepEqual([board.type, board.board, board.group_by], ['board', { by: 'status' }, 'level'])
  assert.deepEqual(model.switchType(view(), 'board', NAMES, []).board, { by: 'status' })
  const calendar = model.switchType(board, 'calendar', NAMES, ['status'])
  assert.deepEqual(calendar.calendar, { start: 'due_on', colour: 'status' })
  assert.deepEqual(model.switchType(calendar, 'board', NAMES, ['status']).board, { by: 'status' })
  assert.ok(!('board' in model.switchType(view(), 'board', [NAMES[0]!], [])))
})

test('columns of a board go with its field', () => {
  const before = view({ board: { by: 'status', values: ['a'], title: 'name' } })
  assert.deepEqual(model.setPart(before, 'board', 'by', 'level').board, { by: 'level', title: 'name' })
  assert.ok(!('board' in model.setPart(view({ board: { by: 'status' } }), 'board', 'by', '')))
})

test('the order is written with a minus for downwards and taken out when it is empty', () => {
  const made = model.withSort(view(), [{ path: 'amount', down: true }, { path: 'name', down: false }])
  assert.deepEqual(made.sort, ['-amount', 'name'])
  assert.deepEqual(model.sortOf(made), [{ path: 'amount', down: true }, { path: 'name', down: false }])
  assert.ok(!('sort' in model.withSort(made, [])))
})

test('only own fields that people fill in can be changed in a list', () => {
  assert.equal(model.isEditable(NAMES[0]!, false, []), true)
  assert.equal(model.isEditable(NAMES[0]!, true, []), false)
  assert.equal(model.isEditable(NAMES[1]!, false, ['status']), false)
  assert.equal(model.isEditable({ name: 'account.level', kind: 'text', type: 'choice' }, false, []), false)
  assert.equal(model.isEditable(NAMES[4]!, false, []), false)
})

test('widths stay within what a column may have', () => {
  assert.deepEqual([model.clamp(5), model.clamp(123.6), model.clamp(5000)], [40, 124, 800])
})
