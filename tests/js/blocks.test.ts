/** Building blocks as the designers put them in: every pattern's steps between two states, every list's shape. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { test } from 'node:test'
import { newUid, type AppDocument, type EntityDocument, type Field, type ViewDocument } from '../../designer/ui/core/documents.ts'
import { newEntity } from '../../designer/ui/core/making.ts'
import { placeSteps, stepsOfBlock, withoutPassing } from '../../designer/ui/workflow/model/blocks.ts'
import { gapAfter, type Words } from '../../designer/ui/workflow/model/change.ts'
import { graphProblems } from '../../designer/ui/workflow/model/checks.ts'
import { forwardEdges } from '../../designer/ui/workflow/model/edges.ts'
import type { Workflow } from '../../designer/ui/workflow/model/shapes.ts'
import { shaped } from '../../designer/ui/view/model.ts'

interface Block { key: string; label: string; fields: Field[]; document: Record<string, unknown> }
const blocks = (folder: string): Block[] => fs.globSync(`templates_library/${folder}/*.json`).sort().map(file => JSON.parse(fs.readFileSync(file, 'utf8')) as Block)
const words = new Proxy({}, { get: (_, name) => ({ en: String(name), 'zh-CN': String(name) }) }) as Words

/** A flow whose states are called as those of the patterns are, and end elsewhere. */
const flow = (): Workflow => ({
  kind: 'workflow', key: 'f', uid: 'u', schema: 1, dsl: 'formwork.workflow/1', entity: 'thing', status_field: 'status', initial: 'draft',
  rules: { manager: { kind: 'role', value: 'boss' } }, defaults: { dedupe: 'none', on_initiator: 'manager' },
  states: {
    draft: { type: 'input', label: 'Draft', status: 'draft', transitions: [{ on: 'submit', to: 'check', by: ['initiator'] }] },
    check: { type: 'approval', label: 'Check', status: 'check', participants: [{ rule: 'manager' }], decide: { mode: 'any' }, outcomes: { approved: { to: 'approved' }, rejected: { to: 'sent_back' } } },
    approved: { type: 'final', label: 'Approved', status: 'approved', outcome: 'approved' },
    sent_back: { type: 'final', label: 'Sent back', status: 'sent_back', outcome: 'rejected' },
  },
  global: [{ on: 'withdraw', to: 'draft', by: ['initiator'], from: ['check'], until: 'first_decision' }],
  examples: [{ name: 'one', record: {}, visits: ['draft', 'check', 'approved'], decisions: ['approve'] }],
} as unknown as Workflow)

for (const block of blocks('workflows').filter(each => each.key !== 'task_flow')) {
  test(`the steps of ${block.key} stand between two states, and every way leads on`, () => {
    const before = flow()
    const { gap } = gapAfter(before, 'draft', words)!
    const made = placeSteps(before, block.document as unknown as Workflow, gap, words, block.fields)!
    const names = (key: string): string => key
    assert.deepEqual(graphProblems(made.flow, names).filter(each => each.level === 'error'), [])
    const old = Object.keys(before.states)
    assert.deepEqual(Object.keys(made.flow.states).filter(key => !old.includes(key)).length, stepsOfBlock(block.document as unknown as Workflow).length)
    for (const edge of forwardEdges(made.flow)) assert.ok(made.flow.states[edge.target], `${edge.source} → ${edge.target}`)
    assert.equal(made.flow.states.draft!.transitions![0]!.to, made.key)
    const fresh = made.made.filter(key => made.flow.states[key]!.type === 'approval')
    for (const key of fresh) {
      const state = made.flow.states[key]!
      assert.equal(state.outcomes!.rejected!.to, 'sent_back', 'rejections go where the others go')
      assert.notEqual(state.outcomes!.approved!.to, 'approved', 'the steps that were there still follow')
      for (const item of state.participants!) assert.ok(made.flow.rules![item.rule])
      assert.equal(state.status, undefined, 'its status is made with it')
      assert.equal(state.policy?.on_initiator, state.policy?.on_initiator === 'manager' ? 'nothing but what differs' : state.policy?.on_initiator)
    }
    assert.deepEqual(made.flow.global![0]!.from, ['check', ...fresh])
    assert.deepEqual(made.flow.rules!.manager, { kind: 'role', value: 'boss' }, 'a rule of the same name stays the flow’s own')
  })
}

test('what is only a beginning and its ends has no steps to put in', () => {
  const block = blocks('workflows').find(each => each.key === 'task_flow')!.document as unknown as Workflow
  assert.deepEqual(stepsOfBlock(block), [])
  const { gap } = gapAfter(flow(), 'draft', words)!
  assert.equal(placeSteps(flow(), block, gap, words, []), undefined)
})

test('examples whose way leads through the gap go', () => {
  const { gap } = gapAfter(flow(), 'draft', words)!
  assert.equal(withoutPassing(flow(), gap).examples, undefined)
  const other = gapAfter({ ...flow(), examples: [{ name: 'x', record: {}, visits: ['draft'] }] } as Workflow, 'draft', words)!
  assert.equal(withoutPassing(other.flow, other.gap), other.flow)
})

for (const block of blocks('views')) {
  test(`a view takes the shape of ${block.key} and stays itself`, () => {
    const before = { kind: 'view', key: 'v', uid: 'u', schema: 1, entity: 'thing', label: 'Mine', type: 'list', columns: ['name'], default: true, group_by: 'kind', page_size: 20 } as unknown as ViewDocument
    const after = shaped(before, { ...block.document, kind: 'view', key: 'b', uid: 'x', schema: 1, entity: 'thing', label: block.label } as unknown as ViewDocument)
    assert.deepEqual([after.key, after.uid, after.label, after.default, after.page_size], ['v', 'u', 'Mine', true, 20])
    assert.equal(after.type, block.document.type)
    assert.equal(after.group_by, block.document.group_by)
  })
}

test('an entity begun with a block has a form without what is calculated, a list, and rights of its own', () => {
  const block = blocks('entities').find(each => each.key === 'task')!
  const body = { ...block.document, fields: block.fields.map(field => ({ ...field, uid: newUid() })) } as unknown as EntityDocument
  const app = { kind: 'app', key: 'a', uid: 'u', schema: 1, navigation: [{ label: 'x', items: [] }] } as unknown as AppDocument
  const made = newEntity('todo', { en: 'To do' }, { name: '', section: '', all: '{what}', group: '' }, app, [], () => [], body, type => type === 'formula')
  const [entity, form, view] = made as unknown as [EntityDocument, { tabs: { sections: { items: { field: string }[] }[] }[] }, ViewDocument]
  assert.deepEqual([entity.key, entity.title, entity.owner], ['todo', 'title', 'owner'])
  assert.deepEqual(form.tabs[0]!.sections[0]!.items.map(item => item.field), block.fields.filter(field => field.type !== 'formula').map(field => field.key))
  assert.equal(view.default, true)
  assert.deepEqual((made.at(-1) as AppDocument).navigation![0]!.items, [{ entity: 'todo' }])
})
