/** What is wrong with a workflow, found at once after each edit; the server's check finds the rest after saving. */
import { acyclic, edgesFrom, forwardEdges, globalEdges, graphOf, isHuman, reachable, returnEdges } from './edges.ts'
import type { Path } from '../../core/paths.ts'
import type { PersonRule, State, Workflow } from './shapes.ts'

export interface Problem { code: string; level: 'error' | 'warning'; path: Path; values: Record<string, string | number> }

/** What is known of people; without it their checks are left out. */
export interface People { holders: Record<string, number>; departments: { key: string; count: number }[]; logins: ReadonlySet<string>; complete: boolean }

/** Codes of the server's check that this one says at once, so that they are not said twice. */
export const SAID_AT_ONCE: ReadonlySet<string> = new Set([
  'definition.unreachable_state', 'definition.no_way_out', 'definition.no_final_state', 'definition.unknown_state', 'definition.initial_is_final', 'definition.endless_loop',
])

export function graphProblems(flow: Workflow, name: (key: string) => string): Problem[] {
  const found: Problem[] = []
  const say = (code: string, level: Problem['level'], path: Path, values: Problem['values'] = {}): void => { found.push({ code, level, path, values }) }
  const states = Object.keys(flow.states)
  const forward = forwardEdges(flow)
  const returns = returnEdges(flow)
  const globals = globalEdges(flow)
  const all = [...forward, ...returns, ...globals]
  const { out } = graphOf(flow, all)
  if (!flow.states[flow.initial]) { say('initial_missing', 'error', ['initial'], { name: flow.initial }); return found }
  if (flow.states[flow.initial]!.type === 'final') say('initial_is_final', 'error', ['initial'])
  for (const edge of [...forward, ...(flow.global ?? []).map((move, index) => ({ source: '', target: move.to, path: ['global', index] as Path }))])
    if (!flow.states[edge.target]) say('target_missing', 'error', edge.path, { name: edge.target, state: edge.source ? name(edge.source) : '' })
  const reached = reachable([flow.initial], out)
  for (const key of states) if (!reached.has(key)) say('unreachable', 'error', ['states', key], { state: name(key) })
  const finals = states.filter(key => flow.states[key]!.type === 'final')
  if (!finals.length) say('no_end', 'error', ['states'])
  const leads = graphOf(flow, forward)
  const ending = reachable(finals, leads.into, 'source')
  for (const key of states) if (finals.length && !ending.has(key)) say(leads.out.get(key)!.length ? 'no_exit_from_loop' : 'no_way_out', 'error', ['states', key], { state: name(key) })
  // Choices that lead back to themselves without anybody deciding.
  const automatic = forward.filter(edge => flow.states[edge.source]?.type === 'choice' && flow.states[edge.target]?.type === 'choice')
  for (const edge of acyclic(flow, automatic).back) say('automatic_loop', 'warning', edge.path, { state: name(edge.source), to: name(edge.target) })
  for (const key of states) if (flow.states[key]!.return && flow.states[key]!.return!.max === undefined && flow.limits?.max_rounds === undefined) say('endless_returns', 'warning', ['states', key, 'return'], { state: name(key) })
  for (const key of states) for (const problem of stateProblems(flow.states[key]!, key, name)) found.push(problem)
  return found
}

function* stateProblems(state: State, key: string, name: (key: string) => string): Generator<Problem> {
  const at: Path = ['states', key]
  if (state.type === 'approval' && !state.participants?.length) yield { code: 'nobody', level: 'error', path: [...at, 'participants'], values: { state: name(key) } }
  if (state.type === 'input' && !state.transitions?.length) yield { code: 'no_moves', level: 'error', path: [...at, 'transitions'], values: { state: name(key) } }
  if (state.type === 'choice' && !state.otherwise && (state.hit ?? 'unique') === 'first') yield { code: 'no_otherwise', level: 'warning', path: at, values: { state: name(key) } }
  for (const [index, item] of (state.cases ?? []).entries()) if (item.when.trim() === 'true') yield { code: 'always', level: 'warning', path: [...at, 'cases', index], values: { state: name(key), case: index + 1 } }
}

/** Approvers that nobody is, as far as can be told beforehand. */
export function peopleProblems(flow: Workflow, people: People, name: (key: string) => string, ruleName: (rule: PersonRule) => string): Problem[] {
  const found: Problem[] = []
  for (const [key, state] of Object.entries(flow.states)) {
    state.participants?.forEach((item, index) => {
      const rule = flow.rules?.[item.rule]
      const path: Path = ['states', key, 'participants', index]
      const values = { state: name(key), who: rule ? ruleName(rule) : item.rule }
      if (!rule) found.push({ code: 'rule_missing', level: 'error', path, values })
      else if (isEmpty(rule, people)) found.push({ code: rule.kind === 'role' ? 'nobody_in_role' : 'nobody_found', level: 'warning', path, values })
      const need = item.need ?? 1
      if (rule?.kind === 'role' && state.decide?.mode === 'groups' && (people.holders[rule.value ?? ''] ?? 0) < need && (people.holders[rule.value ?? ''] ?? 0) > 0)
        found.push({ code: 'too_few', level: 'warning', path, values: { ...values, need, count: people.holders[rule.value ?? '']! } })
    })
  }
  return found
}

function isEmpty(rule: PersonRule, people: People): boolean {
  if (rule.kind === 'role') return rule.value !== undefined && people.holders[rule.value] === 0
  if (rule.kind === 'department') return people.departments.some(each => each.key === rule.value && each.count === 0) || !people.departments.some(each => each.key === rule.value)
  if (rule.kind === 'user') return people.complete && !people.logins.has(rule.value ?? '')
  return false
}

/** Several ways that may be open at once: in which order they are asked matters. */
export const hasPriority = (state: State): boolean => (state.cases?.length ?? 0) > 1 && state.hit === 'first'

export { edgesFrom, isHuman }
