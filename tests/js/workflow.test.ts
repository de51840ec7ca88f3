import assert from 'node:assert/strict'
import fs from 'node:fs'
import test from 'node:test'
import { addCase, connect, disconnect, gapAfter, insert, moveState, redirect, renameState, reorder } from '../../designer/ui/workflow/model/change.ts'
import { graphProblems, peopleProblems } from '../../designer/ui/workflow/model/checks.ts'
import { durationOf, minutesOf, spanOf } from '../../designer/ui/workflow/model/durations.ts'
import { edgesFrom, forwardEdges, mainEdge, returnEdges } from '../../designer/ui/workflow/model/edges.ts'
import { box, byHand, overlap, plan, type Measures } from '../../designer/ui/workflow/model/layout.ts'
import { ruleUses, setRule, withRule } from '../../designer/ui/workflow/model/people.ts'
import { copyOf, obstacle, paste, removeStates, successor } from '../../designer/ui/workflow/model/remove.ts'
import { choicesOf, columnsOf, rightOf, setRight } from '../../designer/ui/workflow/model/rights.ts'
import { flatOrder, neighbouringGap, stepsOf, type Item } from '../../designer/ui/workflow/model/steps.ts'
import type { Edge, Workflow } from '../../designer/ui/workflow/model/shapes.ts'

const pack = (key: string): Workflow => JSON.parse(fs.readFileSync(new URL(`../../industry_packs/manufacturing/workflows/${key}.json`, import.meta.url), 'utf8')) as Workflow
const quotation = (): Workflow => pack('quotation_approval')
const WORDS = { approval: { en: 'Approval' }, choice: { en: 'Condition' }, input: { en: 'Step' }, final: { en: 'Done' }, rejected: { en: 'Rejected' }, go_on: { en: 'Continue' } }
const edge = (flow: Workflow, id: string): Edge => forwardEdges(flow).find(each => each.id === id)!
const codes = (flow: Workflow): string[] => graphProblems(flow, key => key).map(problem => problem.code)

/** The steps as text: branches in brackets, jumps with an arrow. */
const drawn = (items: readonly Item[]): string => items.map(item => item.kind === 'step' ? item.key : item.kind === 'jump' ? `→${item.gap.target}` : `[${item.branches.map(branch => drawn(branch.items)).join(' | ')}]`).join(' ')

test('a step put between two others takes over the way and leads on', () => {
  const before = quotation()
  const { flow, key, made } = insert(before, { edges: [edge(before, 'states/gm/outcomes/approved')], target: 'approved' }, 'approval', WORDS)
  assert.deepEqual(made, [key])
  assert.equal(flow.states.gm!.outcomes!.approved!.to, key)
  assert.equal(flow.states[key]!.outcomes!.approved!.to, 'approved')
  assert.equal(flow.states[key]!.outcomes!.rejected!.to, 'rejected', 'rejections go where the others go')
  assert.equal(flow.states.manager!.outcomes!.approved!.to, 'approved', 'other ways to the same end stay')
  const big = flow.examples!.find(example => example.name === 'big')!
  assert.deepEqual(big.visits.slice(-3), ['gm', key, 'approved'], 'the examples take the new step')
  assert.equal(big.decisions!.length, 5)
  assert.deepEqual(codes(flow), [])
  assert.equal(before.states.gm!.outcomes!.approved!.to, 'approved', 'the flow before is untouched')
})

test('a step put where branches meet catches all of them', () => {
  const before = quotation()
  const steps = stepsOf(before)
  const end = steps.items.find(item => item.kind === 'step' && item.key === 'approved') as unknown as { gap: { edges: Edge[]; target: string } }
  assert.equal(end.gap.edges.length, 3)
  const { flow, key } = insert(before, end.gap, 'approval', WORDS)
  assert.deepEqual(forwardEdges(flow).filter(each => each.target === 'approved').map(each => each.source), [key])
})

test('a condition comes with an otherwise, a first approval with an end for rejections', () => {
  const flow: Workflow = { ...quotation(), initial: 'draft', examples: [], global: [], rules: {}, states: { draft: { type: 'input', transitions: [{ on: 'submit', to: 'done', by: ['any'] }] }, done: { type: 'final', outcome: 'approved' } } }
  const gap = gapAfter(flow, 'draft', WORDS)!.gap
  const choice = insert(flow, gap, 'choice', WORDS, 'amount > 10000')
  assert.deepEqual(choice.flow.states[choice.key], { type: 'choice', label: { en: 'Condition' }, hit: 'first', cases: [{ when: 'amount > 10000', to: 'done' }], otherwise: { to: 'done' } })
  const first = insert(flow, gap, 'approval', WORDS)
  assert.equal(first.made.length, 2)
  assert.equal(first.flow.states[first.made[1]!]!.outcome, 'rejected')
  const second = insert(first.flow, gapAfter(first.flow, first.key, WORDS)!.gap, 'approval', WORDS)
  const third = insert(second.flow, gapAfter(second.flow, second.key, WORDS)!.gap, 'approval', WORDS)
  assert.equal(drawn(stepsOf(third.flow).items), 'draft approval approval_2 approval_3 done')
  assert.deepEqual(codes(third.flow), [])
  assert.deepEqual(third.flow.states.approval_3!.label, { en: 'Approval 3' })
})

test('the steps show branches side by side, where they meet, and ways back', () => {
  assert.equal(drawn(stepsOf(quotation()).items), 'draft route [ | manager | manager_big countersign gm | →draft] approved')
  assert.equal(drawn(stepsOf(pack('contract_approval')).items), 'draft countersign size [gm | ] active completed')
  assert.deepEqual(stepsOf(quotation()).others.sort(), ['cancelled', 'rejected'])
  assert.deepEqual(flatOrder(quotation()).length, Object.keys(quotation().states).length, 'every state stands somewhere')
})

test('a step moves up and down; what led to it leads past it', () => {
  const before = quotation()
  const up = moveState(before, 'gm', neighbouringGap(stepsOf(before), 'gm', -1)!)
  assert.equal(drawn(stepsOf(up).items), 'draft route [ | manager | manager_big gm countersign | →draft] approved')
  const down = moveState(up, 'gm', neighbouringGap(stepsOf(up), 'gm', 1)!)
  assert.deepEqual(down, before, 'down again is as before')
  assert.equal(moveState(before, 'draft', { edges: [edge(before, 'states/gm/outcomes/approved')], target: 'approved' }), before, 'the start stays the start')
  const across = moveState(before, 'manager', { edges: [edge(before, 'states/gm/outcomes/approved')], target: 'approved' })
  assert.equal(drawn(stepsOf(across).items), 'draft route [ |  | manager_big countersign gm manager | →draft] approved')
})

test('branches change their order, and a new one goes where the others do', () => {
  const flow = quotation()
  assert.deepEqual(reorder(flow, edge(flow, 'states/route/cases/2'), 0).states.route!.cases!.map(item => item.to), ['manager_big', 'approved', 'manager'])
  assert.deepEqual(reorder(flow, edge(flow, 'states/route/cases/0'), 1).states.route!.cases!.map(item => item.to), ['manager', 'approved', 'manager_big'])
  assert.equal(addCase(flow, 'route', 'amount > 1', 'gm').states.route!.cases!.length, 4)
})

test('deleting a state leads its ways on, and forgets it everywhere', () => {
  const flow = removeStates(quotation(), ['countersign'])
  assert.equal(flow.states.manager_big!.outcomes!.approved!.to, 'gm')
  assert.deepEqual(flow.states.gm!.return!.to, ['initiator'])
  assert.deepEqual(flow.global![1]!.from, ['manager', 'manager_big', 'gm'])
  assert.equal(flow.rules!.engineering, undefined, 'people whom nobody asks any more go')
  assert.ok(flow.rules!.general_manager)
  assert.ok(!flow.examples!.some(example => example.visits.includes('countersign')))
  assert.deepEqual(codes(flow), [])
})

test('deleting with a choice of where the ways lead, or without them', () => {
  assert.equal(removeStates(quotation(), ['gm'], 'rejected').states.countersign!.outcomes!.approved!.to, 'rejected')
  const dropped = removeStates(quotation(), ['manager'], null)
  assert.deepEqual(dropped.states.route!.cases!.map(item => item.to), ['approved', 'manager_big'], 'the branch goes as well')
  const several = removeStates(quotation(), ['manager_big', 'countersign', 'gm'])
  assert.equal(several.states.route!.cases![2]!.to, 'approved')
  assert.equal(successor(quotation(), 'manager_big', new Set(['manager_big', 'countersign'])), 'gm')
  assert.equal(obstacle({ ...quotation(), states: { a: { type: 'input' }, b: { type: 'final' } }, initial: 'a' }, ['b']), 'too_few')
  const flow: Workflow = { ...quotation(), states: { a: { type: 'input', transitions: [{ on: 'x', to: 'b', by: ['any'] }] }, b: { type: 'final' }, c: { type: 'final' } }, initial: 'a' }
  assert.equal(obstacle(flow, ['a']), 'initial')
  assert.equal(removeStates(flow, ['a']), flow)
  const onlyOne = removeStates({ ...quotation(), global: [{ on: 'withdraw', to: 'draft', by: ['initiator'], from: ['gm'] }] }, ['gm'])
  assert.equal(onlyOne.global, undefined, 'a move that was open nowhere else is not open everywhere')
})

test('copies come with their people, keep the ways among them, and stand in the gap', () => {
  const from = quotation()
  const clip = copyOf(from, ['countersign', 'gm'])
  assert.deepEqual(Object.keys(clip.rules).sort(), ['engineering', 'finance', 'general_manager'])
  const gap = { edges: [edge(from, 'states/manager/outcomes/approved')], target: 'approved' }
  const { flow, made, dropped } = paste(from, clip, gap, WORDS, [])
  assert.deepEqual(made, ['countersign_2', 'gm_2'])
  assert.deepEqual(dropped, [], 'in the same entity nothing is lost')
  assert.equal(flow.states.manager!.outcomes!.approved!.to, 'countersign_2')
  assert.equal(flow.states.countersign_2!.outcomes!.approved!.to, 'gm_2')
  assert.equal(flow.states.gm_2!.outcomes!.approved!.to, 'approved')
  assert.deepEqual(flow.states.gm_2!.return!.to, ['initiator', 'countersign_2'])
  assert.deepEqual(codes(flow), [])
  const contract = pack('contract_approval')
  const elsewhere = paste(contract, clip, { edges: [edge(contract, 'states/gm/outcomes/approved')], target: 'active' }, WORDS, [])
  assert.deepEqual(elsewhere.dropped.sort(), ['cost_check', 'feasibility_note'])
  assert.deepEqual(codes(elsewhere.flow), [])
})

test('who acts is said by content: a shared rule is not changed from one of its places', () => {
  const flow = quotation()
  const path = ['states', 'manager', 'participants', 0, 'rule']
  const changed = setRule(flow, path, { kind: 'role', value: 'finance', exclude: ['initiator'] })
  assert.equal(changed.states.manager!.participants![0]!.rule, 'finance', 'the rule that says this is there already')
  assert.equal(changed.states.manager_big!.participants![0]!.rule, 'sales_manager')
  const own = setRule(flow, ['states', 'gm', 'participants', 0, 'rule'], { kind: 'user', value: 'gm' })
  assert.deepEqual(own.rules!.general_manager, { kind: 'user', value: 'gm' }, 'a rule of this place alone is changed where it is')
  assert.equal(withRule(flow, { kind: 'role', value: 'general_manager' }).name, 'general_manager')
  assert.equal(ruleUses(flow).filter(use => use.rule === 'skip_manager').length, 2)
})

test('connecting and disconnecting by kind', () => {
  const flow = quotation()
  assert.equal(connect(flow, 'gm', 'cancelled', WORDS, 'rejected')!.states.gm!.outcomes!.rejected!.to, 'cancelled')
  assert.equal(connect(flow, 'draft', 'gm', WORDS)!.states.draft!.transitions!.length, 3)
  assert.equal(connect(flow, 'route', 'gm', WORDS)!.states.route!.cases!.at(-1)!.to, 'gm')
  assert.equal(connect(flow, 'approved', 'gm', WORDS), undefined, 'nothing follows an end')
  assert.equal(disconnect(flow, edge(flow, 'states/gm/outcomes/approved')), undefined, 'an approval needs both outcomes')
  assert.equal(disconnect(flow, edge(flow, 'states/draft/transitions/1'))!.states.draft!.transitions!.length, 1)
  const [back] = returnEdges(flow).filter(each => each.source === 'manager')
  assert.equal(disconnect(flow, back!)!.states.manager!.return, undefined)
})

test('a new key reaches every place', () => {
  const flow = renameState(quotation(), 'manager_big', 'sales_head')
  assert.ok(!JSON.stringify(flow).includes('"manager_big"'))
  assert.deepEqual(codes(flow), [])
})

test('what is wrong is found at once', () => {
  const flow = quotation()
  assert.deepEqual(codes(redirect(flow, edge(flow, 'states/countersign/outcomes/approved'), 'approved')), ['unreachable'])
  assert.ok(codes(redirect(flow, edge(flow, 'states/gm/outcomes/approved'), 'nowhere')).includes('target_missing'))
  const loop: Workflow = { ...flow, global: [], states: { draft: { type: 'input', transitions: [{ on: 'a', to: 'b', by: ['any'] }] }, b: { type: 'input', transitions: [{ on: 'a', to: 'draft', by: ['any'] }] }, done: { type: 'final' } } }
  assert.deepEqual(codes(loop).sort(), ['no_exit_from_loop', 'no_exit_from_loop', 'unreachable'])
  const people = { holders: { finance: 1, general_manager: 0 }, departments: [], logins: new Set<string>(), complete: true }
  assert.deepEqual(peopleProblems(flow, people, key => key, rule => rule.kind).map(problem => [problem.code, problem.values.state]), [['nobody_in_role', 'gm']])
})

test('rights of fields by state are those of the running workflow', () => {
  let flow = quotation()
  const gm = { state: 'gm', participant: undefined }
  assert.equal(rightOf(flow, gm, 'amount'), 'read')
  assert.equal(rightOf(flow, gm, 'internal_note'), 'edit', 'open while the record is locked')
  assert.equal(rightOf(flow, { state: 'draft', participant: undefined }, 'amount'), 'edit', 'nothing is locked at the start')
  assert.equal(rightOf(flow, { state: 'countersign', participant: 0 }, 'cost_check'), 'require')
  assert.equal(rightOf(flow, { state: 'countersign', participant: 1 }, 'cost_check'), 'read')
  for (const right of choicesOf(flow, gm, 'amount')) assert.equal(rightOf(setRight(flow, gm, 'amount', right), gm, 'amount'), right)
  flow = setRight(setRight(flow, gm, 'amount', 'require'), gm, 'amount', 'read')
  assert.deepEqual(flow, quotation(), 'there and back leaves no trace')
  assert.equal(columnsOf(flow, flatOrder(flow)).length, 7)
})

test('durations', () => {
  assert.deepEqual(['P1D', 'PT36H', 'PT90M', 'P1DT12H'].map(text => minutesOf(text)), [1440, 2160, 90, 2160])
  assert.deepEqual(spanOf('PT48H'), { amount: 2, unit: 'days' })
  assert.equal(durationOf(spanOf('PT90M')), 'PT90M')
})

const MEASURES: Measures = { state: () => ({ width: 232, height: 64 }), label: each => ({ width: each.when ? 150 : 60, height: each.when ? 42 : 24 }) }
test('no label covers a state or another label, and no state another one', () => {
  for (const key of ['quotation_approval', 'project_flow', 'service_flow', 'contract_approval', 'lead_flow', 'order_flow', 'visit_flow', 'receipt_check']) {
    const flow = pack(key)
    const edges = [...forwardEdges(flow), ...returnEdges(flow)]
    const { spots, routes } = plan(flow, edges, MEASURES)
    assert.equal(spots.size, Object.keys(flow.states).length)
    const states = [...spots].map(([name, at]) => ({ name, box: box(at, MEASURES.state(name)) }))
    const labels = edges.map(each => ({ name: each.id, box: box(routes.get(each.id)!.label, MEASURES.label(each)) }))
    for (const [index, label] of labels.entries()) for (const other of [...states, ...labels.slice(index + 1)]) assert.ok(!overlap(label.box, other.box), `${key}: ${label.name} over ${other.name}`)
    for (const [index, state] of states.entries()) for (const other of states.slice(index + 1)) assert.ok(!overlap(state.box, other.box), `${key}: ${state.name} over ${other.name}`)
    // The same with one state moved by hand.
    const [name, at] = [...spots][1]!
    const moved = new Map([...spots, [name, { x: at.x + 40, y: at.y + 10 }]] as const)
    const byHandRoutes = byHand(moved, forwardEdges(flow), MEASURES)
    for (const each of forwardEdges(flow)) for (const [other, place] of moved) assert.ok(!overlap(box(byHandRoutes.get(each.id)!.label, MEASURES.label(each)), box(place, MEASURES.state(other))), `${key}: ${each.id} over ${other} by hand`)
  }
})

test('mainEdge is the way on', () => {
  const flow = quotation()
  assert.equal(mainEdge(flow, 'draft')!.target, 'route')
  assert.equal(mainEdge(flow, 'gm')!.target, 'approved')
  assert.equal(mainEdge(flow, 'approved'), undefined)
  assert.equal(edgesFrom(flow, 'route').length, 4)
})
