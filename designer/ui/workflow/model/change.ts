/** Pure edits of a workflow: put a state between others, connect, move, order, rename. */
import { freeKey, type Language, type Text } from '../../core/documents.ts'
import * as paths from '../../core/paths.ts'
import { edgesFrom, forwardEdges, mainEdge } from './edges.ts'
import { withRule } from './people.ts'
import type { Edge, Outcome, State, StateKind, Workflow } from './shapes.ts'

export type Words = Record<string, Partial<Record<Language, string>>>

/** A place between states: the ways that pass it and where they go on. */
export interface Gap { edges: readonly Edge[]; target: string }

/** `made` are the new states, the asked for one first. */
export interface Made { flow: Workflow; key: string; made: string[] }

export const redirect = (flow: Workflow, edge: Edge, to: string): Workflow => paths.set(flow, [...edge.path, 'to'], to)

export const canFollow: readonly StateKind[] = ['approval', 'choice', 'input', 'final']

/** Where a new step's rejections go: where most of the others' do, to a rejecting end, or to a new one. */
export function rejectTarget(flow: Workflow, words: Words): { flow: Workflow; to: string; made: string[] } {
  const counts = new Map<string, number>()
  for (const state of Object.values(flow.states)) {
    const to = state.outcomes?.rejected?.to
    if (to && flow.states[to]) counts.set(to, (counts.get(to) ?? 0) + 1)
  }
  const common = [...counts].sort((one, other) => other[1] - one[1])[0]?.[0] ?? Object.keys(flow.states).find(key => flow.states[key]!.outcome === 'rejected')
  if (common) return { flow, to: common, made: [] }
  const key = freeKey('rejected', Object.keys(flow.states))
  return { flow: addState(flow, key, { type: 'final', label: words.rejected as Text, outcome: 'rejected' }), to: key, made: [key] }
}

export const addState = (flow: Workflow, key: string, state: State): Workflow => ({ ...flow, states: { ...flow.states, [key]: state } })

/** A new state of a kind that goes on to `next`; `guess` is a condition that can be evaluated. */
function fresh(flow: Workflow, kind: StateKind, next: string, words: Words, guess: string): Made {
  const key = freeKey(kind === 'input' ? 'step' : kind === 'choice' ? 'route' : kind === 'final' ? 'done' : 'approval', Object.keys(flow.states))
  const label = numbered(flow, words[kind] as Text)
  if (kind === 'final') return { flow: addState(flow, key, { type: 'final', label, outcome: 'approved' }), key, made: [key] }
  if (kind === 'choice') return { flow: addState(flow, key, { type: 'choice', label, hit: 'first', cases: [{ when: guess, to: next }], otherwise: { to: next } }), key, made: [key] }
  if (kind === 'input') {
    const state: State = { type: 'input', label, owner: ['initiator'], transitions: [{ on: 'go_on', label: words.go_on as Text, to: next, by: ['owner', 'initiator'] }] }
    return { flow: addState(flow, key, state), key, made: [key] }
  }
  const reject = rejectTarget(flow, words)
  const people = withRule(reject.flow, nextManager(flow))
  const state: State = {
    type: 'approval', label, participants: [{ rule: people.name }], decide: { mode: 'any', reject_at: 'first' }, form: { comment: 'on_reject' },
    policy: { on_empty: 'admin' }, outcomes: { approved: { to: next }, rejected: { to: reject.to } },
  }
  return { flow: addState(people.flow, key, state), key, made: [key, ...reject.made] }
}

/** The manager one level above the highest who approves already: what a further level most often is. */
function nextManager(flow: Workflow): { kind: 'manager'; levels: number; of: string } {
  const levels = Object.values(flow.states).flatMap(state => state.participants ?? []).map(item => flow.rules?.[item.rule]).filter(rule => rule?.kind === 'manager').map(rule => rule!.levels ?? 1)
  return { kind: 'manager', levels: Math.min(3, 1 + Math.max(0, ...levels)), of: 'initiator' }
}

/** "Approval", "Approval 2" …: two states of one name can't be told apart. */
function numbered(flow: Workflow, text: Text): Text {
  const taken = Object.values(flow.states).map(state => state.label)
  const isTaken = (wanted: Text): boolean => taken.some(label => paths.same(label, wanted))
  if (!isTaken(text)) return text
  for (let number = 2; ; number++) {
    const tried: Text = typeof text === 'string' ? `${text} ${number}` : Object.fromEntries(Object.entries(text).map(([language, words]) => [language, `${words} ${number}`]))
    if (!isTaken(tried)) return tried
  }
}

/** Put a new state where the gap is: what led to the gap's target leads to it, and it leads on to the target. */
export function insert(flow: Workflow, gap: Gap, kind: StateKind, words: Words, guess = 'true'): Made {
  const made = fresh(flow, kind, gap.target, words, guess)
  const linked = gap.edges.reduce((changed, edge) => redirect(changed, edge, made.key), made.flow)
  return { ...made, flow: kind === 'final' ? linked : inExamples(linked, gap, made.key, kind) }
}

/** Examples take the new step, too: their paths say what must happen. */
function inExamples(flow: Workflow, gap: Gap, key: string, kind: StateKind): Workflow {
  if (!flow.examples) return flow
  const sources = new Set(gap.edges.map(edge => edge.source))
  return {
    ...flow, examples: flow.examples.map(example => {
      const at = example.visits.findIndex((state, index) => state === gap.target && index > 0 && sources.has(example.visits[index - 1]!))
      if (at < 0) return example
      const visits = [...example.visits.slice(0, at), key, ...example.visits.slice(at)]
      const decisions = kind === 'approval' && (example.decisions ?? []).every(each => each === 'approve') ? { decisions: [...(example.decisions ?? []), 'approve'] } : {}
      return { ...example, visits, ...decisions }
    }),
  }
}

/** The gap after a state: its main way out. Where it has none yet, one is made, to an end. */
export function gapAfter(flow: Workflow, key: string, words: Words): { flow: Workflow; gap: Gap } | undefined {
  const state = flow.states[key]
  if (!state || state.type === 'final') return undefined
  const edge = mainEdge(flow, key)
  if (edge) return { flow, gap: { edges: [edge], target: edge.target } }
  const end = Object.keys(flow.states).find(other => flow.states[other]!.outcome === 'approved') ?? Object.keys(flow.states).find(other => flow.states[other]!.type === 'final')
  if (!end || state.type !== 'input') return undefined
  const linked = addTransition(flow, key, end, words)
  return { flow: linked, gap: { edges: [edgesFrom(linked, key).at(-1)!], target: end } }
}

export function addTransition(flow: Workflow, key: string, to: string, words: Words): Workflow {
  const state = flow.states[key]!
  const on = freeKey('go_on', (state.transitions ?? []).map(item => item.on))
  return paths.insert(flow, ['states', key, 'transitions'], state.transitions?.length ?? 0, { on, label: words.go_on, to, by: ['owner', 'initiator'] })
}

export const addCase = (flow: Workflow, key: string, when: string, to: string): Workflow =>
  paths.insert(flow, ['states', key, 'cases'], flow.states[key]?.cases?.length ?? 0, { when, to })

/** A way from one state to another: a move, a branch, or an approval's outcome. Undefined where none is possible. */
export function connect(flow: Workflow, source: string, to: string, words: Words, outcome: 'approved' | 'rejected' | 'expired' = 'approved', guess = 'true'): Workflow | undefined {
  const state = flow.states[source]
  if (!state || !flow.states[to] || source === to || state.type === 'final') return undefined
  if (state.type === 'input') return addTransition(flow, source, to, words)
  if (state.type === 'choice') return addCase(flow, source, guess, to)
  return paths.set(flow, ['states', source, 'outcomes', outcome, 'to'], to)
}

/** Take a move, branch or optional outcome away. Undefined where the state can't be without it. */
export function disconnect(flow: Workflow, edge: Edge): Workflow | undefined {
  const state = flow.states[edge.source]
  if (edge.via === 'case' && (state?.cases?.length ?? 0) < 2) return undefined
  if (edge.via === 'outcome' && edge.name !== 'expired') return undefined
  if (edge.via === 'timer') return paths.set(flow, edge.path.slice(0, -1), undefined)
  if (edge.via === 'global') return paths.set(flow, edge.path, undefined)
  if (edge.via === 'return') {
    const left = flow.states[edge.source]!.return!.to.filter((_, index) => index !== edge.path.at(-1))
    return paths.set(flow, left.length ? ['states', edge.source, 'return', 'to'] : ['states', edge.source, 'return'], left.length ? left : undefined)
  }
  return paths.set(flow, edge.path, undefined)
}

/** Let a step change its place: what led to it leads past it, and it stands in the gap. The flow itself where that changes nothing. */
export function moveState(flow: Workflow, key: string, gap: Gap): Workflow {
  const own = mainEdge(flow, key)
  if (!own || gap.target === key || gap.edges.some(edge => edge.source === key) || key === flow.initial) return flow
  const past = forwardEdges(flow).filter(edge => edge.target === key).reduce((changed, edge) => redirect(changed, edge, own.target), flow)
  const placed = gap.edges.reduce((changed, edge) => redirect(changed, edge, key), past)
  return redirect(placed, own, gap.target)
}

/** Let a branch or move come earlier or later among its state's: the order in which conditions are asked. */
export function reorder(flow: Workflow, edge: Edge, to: number): Workflow {
  if (edge.via !== 'case' && edge.via !== 'transition') return flow
  const list = edge.path.slice(0, -1)
  const length = (paths.get(flow, list) as unknown[]).length
  const from = Number(edge.path.at(-1))
  const place = Math.max(0, Math.min(length - 1, to))
  return paths.move(flow, list, from, place > from ? place + 1 : place)
}

/** Another key for a state, everywhere. */
export function renameState(flow: Workflow, from: string, to: string): Workflow {
  if (from === to || !flow.states[from] || flow.states[to]) return flow
  const one = (key: string): string => key === from ? to : key
  let changed: Workflow = { ...flow, states: Object.fromEntries(Object.entries(flow.states).map(([key, state]) => [one(key), state])), initial: one(flow.initial) }
  for (const edge of forwardEdges(changed)) if (edge.target === from) changed = redirect(changed, edge, to)
  for (const [key, state] of Object.entries(changed.states)) if (state.return?.to.includes(from)) changed = paths.set(changed, ['states', key, 'return', 'to'], state.return.to.map(one))
  if (changed.global) changed = { ...changed, global: changed.global.map(move => ({ ...move, to: one(move.to), ...(move.from ? { from: move.from.map(one) } : {}) })) }
  if (changed.examples) changed = { ...changed, examples: changed.examples.map(example => ({ ...example, visits: example.visits.map(one) })) }
  if (changed.layout?.[from]) changed = { ...changed, layout: Object.fromEntries(Object.entries(changed.layout).map(([key, at]) => [one(key), at])) }
  return changed
}

/** Other kinds of end for the states that may be one. */
export const setOutcome = (flow: Workflow, key: string, outcome: Outcome): Workflow => paths.set(flow, ['states', key, 'outcome'], outcome)
