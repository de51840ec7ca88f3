/** An approval pattern's steps in a workflow that is there already: between two of its states, as if they had been copied. */
import type { Field } from '../../core/documents.ts'
import * as paths from '../../core/paths.ts'
import type { Gap, Made, Words } from './change.ts'
import { edgesFrom } from './edges.ts'
import { copyOf, paste } from './remove.ts'
import type { Policy, State, Workflow } from './shapes.ts'

/** The states between a pattern's beginning and its ends, in the order in which they are come by. */
export function stepsOfBlock(block: Workflow): string[] {
  const order = [block.initial]
  for (const key of order) for (const edge of edgesFrom(block, key)) if (!order.includes(edge.target) && block.states[edge.target]) order.push(edge.target)
  return order.filter(key => key !== block.initial && block.states[key]!.type !== 'final')
}

/** Put the pattern's steps into the gap. What its people do in special cases goes along where the workflow's defaults say otherwise. */
export function placeSteps(flow: Workflow, block: Workflow, gap: Gap, words: Words, fields: readonly Field[]): Made | undefined {
  const order = stepsOfBlock(block)
  if (!order.length) return undefined
  const states = Object.fromEntries(Object.entries(block.states).map(([key, { status: _, ...state }]) => [key, state.type === 'approval' ? withPolicy(state, flow.defaults, block.defaults) : state])) as Record<string, State>
  // From nowhere in particular: names of the pattern's own ends must not be taken for the workflow's.
  const made = paste(flow, { ...copyOf({ ...block, states }, order), entity: '' }, gap, words, fields)
  const approvals = made.made.filter(key => made.flow.states[key]!.type === 'approval')
  const at = made.flow.global?.findIndex(move => move.on === 'withdraw' && move.from) ?? -1
  if (at < 0) return made
  const from = [...made.flow.global![at]!.from!, ...approvals]
  return { ...made, flow: paths.set(made.flow, ['global', at, 'from'], from) }
}

function withPolicy(state: State, theirs: Policy | undefined, own: Policy | undefined): State {
  const differs = Object.fromEntries(Object.entries(own ?? {}).filter(([name, value]) => !paths.same(value, theirs?.[name as keyof Policy])))
  const policy = { ...differs, ...state.policy }
  return Object.keys(policy).length ? { ...state, policy } : state
}

/** Examples whose way the pattern has changed say nothing any more: they go. */
export function withoutPassing(flow: Workflow, gap: Gap): Workflow {
  const sources = new Set(gap.edges.map(edge => edge.source))
  const left = flow.examples?.filter(example => !example.visits.some((state, at) => state === gap.target && at > 0 && sources.has(example.visits[at - 1]!)))
  return !left || left.length === flow.examples!.length ? flow : paths.set(flow, ['examples'], left.length ? left : undefined)
}
