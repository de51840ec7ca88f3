/** Taking states out, and what led to them leads elsewhere; copying and pasting them. */
import { freeKey, type Field } from '../../core/documents.ts'
import * as paths from '../../core/paths.ts'
import { addState, redirect, type Gap, type Made, type Words, rejectTarget } from './change.ts'
import { edgesFrom, forwardEdges, mainEdge } from './edges.ts'
import { withoutUnusedRules, withRule } from './people.ts'
import type { Edge, FormRights, PersonRule, State, Workflow } from './shapes.ts'

/** Ways from states that stay into those that go. */
export function incoming(flow: Workflow, keys: readonly string[]): Edge[] {
  const gone = new Set(keys)
  return forwardEdges(flow).filter(edge => gone.has(edge.target) && !gone.has(edge.source))
}

/** Whether a move can simply go, rather than lead elsewhere. */
export const isOptional = (edge: Edge): boolean => edge.via === 'transition' || edge.via === 'case' || edge.via === 'timer' || edge.via === 'otherwise' || (edge.via === 'outcome' && edge.name === 'expired')

/** Where the work went on after the states that go: the first one that stays. */
export function successor(flow: Workflow, key: string, gone: ReadonlySet<string>): string | undefined {
  const seen = new Set<string>()
  for (let at: string | undefined = key; at && !seen.has(at); at = mainEdge(flow, at)?.target) {
    if (!gone.has(at) && flow.states[at]) return at
    seen.add(at)
  }
  return undefined
}

/** Why states can't go: undefined where they can. */
export function obstacle(flow: Workflow, keys: readonly string[]): 'initial' | 'too_few' | undefined {
  const gone = new Set(keys)
  if (Object.keys(flow.states).filter(key => !gone.has(key)).length < 2) return 'too_few'
  if (gone.has(flow.initial)) {
    const next = successor(flow, flow.initial, gone)
    if (!next || flow.states[next]!.type === 'final') return 'initial'
  }
  return undefined
}

/** Take states out. `to`: where what led to them leads (without: to what came after each); null: those ways go too, where they can. */
export function removeStates(flow: Workflow, keys: readonly string[], to?: string | null): Workflow {
  if (obstacle(flow, keys)) return flow
  const gone = new Set(keys)
  const anyEnd = Object.keys(flow.states).find(key => flow.states[key]!.type === 'final' && !gone.has(key)) ?? Object.keys(flow.states).find(key => !gone.has(key))!
  let changed = flow
  // From the back, so that taking one out of a list leaves the places of the others.
  for (const edge of incoming(flow, keys).reverse()) {
    const state = changed.states[edge.source]!
    const isLast = edge.via === 'case' && (state.cases?.length ?? 0) < 2
    if (to === null && isOptional(edge) && !isLast) changed = paths.set(changed, edge.via === 'timer' ? edge.path.slice(0, -1) : edge.path, undefined)
    else changed = redirect(changed, edge, to ?? successor(flow, edge.target, gone) ?? anyEnd)
  }
  const without = <Value>(map: Record<string, Value>): Record<string, Value> => Object.fromEntries(Object.entries(map).filter(([key]) => !gone.has(key)))
  const initial = gone.has(flow.initial) ? successor(flow, flow.initial, gone)! : flow.initial
  changed = { ...changed, initial, states: without(changed.states) }
  for (const [key, state] of Object.entries(changed.states)) {
    const left = state.return?.to.filter(name => !gone.has(name))
    if (left && left.length !== state.return!.to.length) changed = paths.set(changed, left.length ? ['states', key, 'return', 'to'] : ['states', key, 'return'], left.length ? left : undefined)
  }
  if (changed.global) {
    const moves = changed.global.flatMap(move => {
      const from = move.from?.filter(key => !gone.has(key))
      // Without sources a move would be open everywhere: it goes with the last of them.
      if (move.from?.length && !from!.length) return []
      return [{ ...move, ...(from ? { from } : {}), to: gone.has(move.to) ? initial : move.to }]
    })
    changed = moves.length ? { ...changed, global: moves } : paths.set(changed, ['global'], undefined)
  }
  if (changed.examples) changed = { ...changed, examples: changed.examples.map(example => ({ ...example, visits: example.visits.filter(key => !gone.has(key)) })) }
  if (changed.layout) { const layout = without(changed.layout); changed = Object.keys(layout).length ? { ...changed, layout } : paths.set(changed, ['layout'], undefined) }
  return withoutUnusedRules(flow, changed)
}

/** Copied states with the person rules they name. */
export interface CopiedStates { entity: string; states: Record<string, State>; rules: Record<string, PersonRule>; order: string[] }

export function copyOf(flow: Workflow, keys: readonly string[]): CopiedStates {
  const states = Object.fromEntries(keys.filter(key => flow.states[key]).map(key => [key, flow.states[key]!]))
  const text = JSON.stringify(states)
  const rules = Object.fromEntries(Object.entries(flow.rules ?? {}).filter(([name]) => text.includes(`"${name}"`) || text.includes(`"rule:${name}"`)))
  return { entity: flow.entity, states, rules, order: keys.filter(key => flow.states[key]) }
}

/** Put copied states into a workflow: into the gap one after the other, or unconnected. `dropped`: fields that this entity hasn't. */
export function paste(flow: Workflow, clip: CopiedStates, gap: Gap | undefined, words: Words, fields: readonly Field[]): Made & { dropped: string[] } {
  const known = new Set(fields.map(field => field.key))
  const dropped = new Set<string>()
  const names = new Map<string, string>()
  let changed = flow
  const ruleNames = new Map<string, string>()
  for (const [name, rule] of Object.entries(clip.rules)) {
    const made = withRule(changed, rule)
    changed = made.flow
    ruleNames.set(name, made.name)
  }
  for (const key of clip.order) names.set(key, freeKey(key, [...Object.keys(changed.states), ...names.values()]))
  const reject = clip.order.some(key => clip.states[key]!.type === 'approval') ? rejectTarget(changed, words) : { flow: changed, to: '', made: [] }
  changed = reject.flow
  const end = gap?.target ?? Object.keys(changed.states).find(key => changed.states[key]!.outcome === 'approved') ?? changed.initial
  const rights = (form: FormRights | undefined): FormRights | undefined => {
    if (!form || clip.entity === flow.entity) return form
    const keep = (list: string[] | undefined): string[] | undefined => list?.filter(key => known.has(key) || (dropped.add(key), false))
    const { view: _, ...rest } = form
    return Object.fromEntries(Object.entries({ ...rest, edit: keep(form.edit), require: keep(form.require), hide: keep(form.hide) }).filter(([, value]) => value !== undefined)) as FormRights
  }
  for (const key of clip.order) changed = addState(changed, names.get(key)!, renamed(clip.states[key]!, ruleNames, rights))
  // Ways among the copies stay among them; others lead where they led, or to the nearest thing that fits.
  // Copies that no other copy leads to follow one another.
  const ledTo = new Set(clip.order.flatMap(key => edgesFrom({ ...flow, states: clip.states }, key).map(edge => edge.target)))
  for (const [index, key] of clip.order.entries()) {
    const following = clip.order.slice(index + 1).find(other => !ledTo.has(other))
    for (const edge of edgesFrom(changed, names.get(key)!)) {
      const copied = names.get(edge.target)
      const isReject = edge.via === 'outcome' && edge.name === 'rejected'
      const stays = edge.target in flow.states && clip.entity === flow.entity
      if (copied) changed = redirect(changed, edge, copied)
      else if (isReject && !stays) changed = redirect(changed, edge, reject.to)
      else if (gap && edge.id === mainEdge(changed, names.get(key)!)?.id) changed = redirect(changed, edge, following ? names.get(following)! : gap.target)
      else if (!stays) changed = redirect(changed, edge, end)
    }
    const copy = changed.states[names.get(key)!]!
    const back = copy.return?.to.map(name => names.get(name) ?? name).filter(name => name === 'initiator' || name === 'previous' || changed.states[name])
    if (copy.return) changed = paths.set(changed, ['states', names.get(key)!, 'return'], back?.length ? { ...copy.return, to: back } : undefined)
  }
  const first = names.get(clip.order[0]!)!
  if (gap && changed.states[first]!.type !== 'final') for (const edge of gap.edges) changed = redirect(changed, edge, first)
  return { flow: changed, key: first, made: [...names.values(), ...reject.made], dropped: [...dropped] }
}

function renamed(state: State, rules: ReadonlyMap<string, string>, rights: (form: FormRights | undefined) => FormRights | undefined): State {
  const walk = (value: unknown): unknown => {
    if (typeof value === 'string' && value.startsWith('rule:')) return `rule:${rules.get(value.slice(5)) ?? value.slice(5)}`
    if (Array.isArray(value)) return value.map(walk)
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => {
      if ((key === 'rule' || key === 'add' || key === 'transfer' || key === 'fallback') && typeof inner === 'string') return [key, rules.get(inner) ?? inner]
      if (key === 'form') return [key, rights(inner as FormRights)]
      return [key, walk(inner)]
    }).filter(([, inner]) => inner !== undefined))
  }
  return walk(state) as State
}
