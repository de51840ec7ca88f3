/** The workflow as a graph: which ways lead from where to where, and which of them carry the work on. */
import type { Path } from '../../core/paths.ts'
import type { Edge, State, Target, Via, Workflow } from './shapes.ts'

const edge = (source: string, target: string, via: Via, name: string, path: Path, more: Partial<Edge> = {}): Edge =>
  ({ id: path.join('/'), source, target, via, name, path, ...more })

/** The ways out of one state; targets may name states that don't exist. */
export function edgesFrom(flow: Workflow, key: string): Edge[] {
  const state = flow.states[key]
  if (!state) return []
  const at: Path = ['states', key]
  const found: Edge[] = []
  state.transitions?.forEach((item, index) => found.push(edge(key, item.to, 'transition', item.on, [...at, 'transitions', index], { label: item.label, when: item.when })))
  state.cases?.forEach((item, index) => found.push(edge(key, item.to, 'case', String(index + 1), [...at, 'cases', index], { when: item.when })))
  if (state.otherwise) found.push(edge(key, state.otherwise.to, 'otherwise', 'otherwise', [...at, 'otherwise']))
  for (const name of ['approved', 'rejected', 'expired'] as const) {
    const item = state.outcomes?.[name]
    if (item) found.push(edge(key, item.to, 'outcome', name, [...at, 'outcomes', name]))
  }
  state.timers?.forEach((item, index) => {
    if (typeof item.do === 'object' && 'to' in item.do) found.push(edge(key, item.do.to, 'timer', item.id, [...at, 'timers', index, 'do']))
  })
  return found
}

/** Edges by which work goes on: neither returns nor global moves. */
export const forwardEdges = (flow: Workflow): Edge[] => Object.keys(flow.states).flatMap(key => edgesFrom(flow, key))

/** Where a step may be returned to, as edges; `initiator` is the initial state, `previous` stays a word. */
export function returnEdges(flow: Workflow): Edge[] {
  return Object.entries(flow.states).flatMap(([key, state]) => (state.return?.to ?? []).flatMap((to, index) => {
    const target = to === 'initiator' ? flow.initial : to
    return to === 'previous' || !flow.states[target] ? [] : [edge(key, target, 'return', to, ['states', key, 'return', 'to', index])]
  }))
}

export const isHuman = (state: State | undefined): boolean => state?.type === 'input' || state?.type === 'approval'

/** The states in which a global move is open. */
export function globalSources(flow: Workflow, index: number): string[] {
  const move = flow.global?.[index]
  if (!move) return []
  return move.from?.length ? move.from : Object.keys(flow.states).filter(key => isHuman(flow.states[key]))
}

export function globalEdges(flow: Workflow): Edge[] {
  return (flow.global ?? []).flatMap((move, index) => globalSources(flow, index).filter(source => source !== move.to)
    .map(source => ({ ...edge(source, move.to, 'global', move.on, ['global', index], { label: move.label, when: move.when }), id: `global/${index}/${source}` })))
}

/** What happens when all goes well: transitions, cases, otherwise, approval. */
export const isMain = (given: Edge): boolean => given.via === 'transition' || given.via === 'case' || given.via === 'otherwise' || (given.via === 'outcome' && given.name === 'approved')

export const targetAt = (state: State, given: Edge): Target | undefined => {
  const [, , part, index] = given.path
  if (part === 'otherwise') return state.otherwise
  if (part === 'outcomes') return state.outcomes?.[index as 'approved']
  if (part === 'transitions') return state.transitions?.[Number(index)]
  if (part === 'cases') return state.cases?.[Number(index)]
  return undefined
}

/** The edge by which work goes on from a state: approval, the first transition, otherwise or the last case. */
export function mainEdge(flow: Workflow, key: string): Edge | undefined {
  const out = edgesFrom(flow, key)
  return out.find(item => item.via === 'outcome' && item.name === 'approved')
    ?? out.find(item => item.via === 'transition' && item.target !== key)
    ?? out.find(item => item.via === 'otherwise') ?? out.findLast(item => item.via === 'case')
}

export interface Graph { out: Map<string, Edge[]>; into: Map<string, Edge[]> }

/** Edges between states that exist, by source and by target. */
export function graphOf(flow: Workflow, edges: readonly Edge[]): Graph {
  const out = new Map<string, Edge[]>()
  const into = new Map<string, Edge[]>()
  for (const key of Object.keys(flow.states)) { out.set(key, []); into.set(key, []) }
  for (const item of edges) if (out.has(item.source) && out.has(item.target)) { out.get(item.source)!.push(item); into.get(item.target)!.push(item) }
  return { out, into }
}

/** The main edges without those that lead back (found by walking from the initial state): a graph without circles. */
export function acyclic(flow: Workflow, edges: readonly Edge[]): { forward: Edge[]; back: Edge[]; order: string[] } {
  const { out } = graphOf(flow, edges)
  const done = new Map<string, 'open' | 'closed'>()
  const back = new Set<Edge>()
  const finished: string[] = []
  const roots = [flow.initial, ...Object.keys(flow.states)].filter(key => out.has(key))
  for (const root of roots) {
    if (done.has(root)) continue
    const stack: { key: string; next: number }[] = [{ key: root, next: 0 }]
    done.set(root, 'open')
    while (stack.length) {
      const top = stack.at(-1)!
      const item = out.get(top.key)![top.next++]
      if (!item) { done.set(top.key, 'closed'); finished.push(top.key); stack.pop(); continue }
      const seen = done.get(item.target)
      if (seen === 'open') back.add(item)
      else if (!seen) { done.set(item.target, 'open'); stack.push({ key: item.target, next: 0 }) }
    }
  }
  const known = edges.filter(item => out.has(item.source) && out.has(item.target))
  return { forward: known.filter(item => !back.has(item)), back: [...back], order: finished.reverse() }
}

export function reachable(starts: readonly string[], next: ReadonlyMap<string, readonly Edge[]>, end: 'source' | 'target' = 'target'): Set<string> {
  const found = new Set(starts)
  const waiting = [...found]
  while (waiting.length) for (const item of next.get(waiting.pop()!) ?? []) if (!found.has(item[end])) { found.add(item[end]); waiting.push(item[end]) }
  return found
}
