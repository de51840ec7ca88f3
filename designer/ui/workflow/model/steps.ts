/** The workflow as approval steps: one after the other, branches side by side, as business users read it. */
import { acyclic, edgesFrom, forwardEdges, graphOf, isMain, reachable } from './edges.ts'
import type { Gap } from './change.ts'
import type { Edge, Workflow } from './shapes.ts'

export interface Branch { edge: Edge; items: Item[]; /** Where the branch goes on when its steps are done. */ tail: Gap | undefined }
export type Item =
  | { kind: 'step'; key: string; gap: Gap | undefined; side: Edge[] }
  | { kind: 'branches'; key: string; branches: Branch[] }
  /** The work goes on at a step that stands elsewhere. */
  | { kind: 'jump'; gap: Gap }

export interface Steps { items: Item[]; /** Ends and steps that the main way doesn't pass. */ others: string[] }

/** The nearest state that every way from a state to an end passes (immediate post-dominators); undefined where ways end apart. */
function meetingPoints(forward: readonly Edge[], order: readonly string[], ends: ReadonlySet<string>): (key: string) => string | undefined {
  const EXIT = ''
  const place = new Map([...order].map((key, index) => [key, index]))
  place.set(EXIT, order.length)
  const next = new Map<string, string[]>()
  for (const edge of forward) next.set(edge.source, [...(next.get(edge.source) ?? []), edge.target])
  const found = new Map<string, string>([[EXIT, EXIT]])
  const common = (one: string, other: string): string => {
    while (one !== other) {
      if (place.get(one)! < place.get(other)!) one = found.get(one)!
      else other = found.get(other)!
    }
    return one
  }
  // Without circles one pass from the back is enough.
  for (const key of [...order].reverse()) {
    const targets = ends.has(key) || !next.get(key)?.length ? [EXIT] : next.get(key)!
    found.set(key, targets.filter(target => found.has(target)).reduce((one, other) => common(one, other), targets.find(target => found.has(target)) ?? EXIT))
  }
  return key => found.get(key) || undefined
}

/** The ways out of a state that lead the work on, and those that only end or interrupt it. */
export function waysOn(flow: Workflow, key: string, back: ReadonlySet<string>): { on: Edge[]; side: Edge[] } {
  const out = edgesFrom(flow, key).filter(edge => flow.states[edge.target])
  const state = flow.states[key]!
  const main = out.filter(isMain)
  if (state.type === 'choice') return { on: main, side: out.filter(edge => !isMain(edge)) }
  // A move that goes back or straight to an end is a remark on the card, as long as another one leads on.
  const leading = main.filter(edge => !back.has(edge.id) && flow.states[edge.target]!.type !== 'final')
  const on = leading.length ? leading : main.filter(edge => !back.has(edge.id)).slice(0, 1)
  return { on, side: out.filter(edge => !on.includes(edge)) }
}

export function stepsOf(flow: Workflow): Steps {
  if (!flow.states[flow.initial]) return { items: [], others: Object.keys(flow.states) }
  const { forward, back } = acyclic(flow, forwardEdges(flow).filter(isMain))
  const isBack = new Set(back.map(edge => edge.id))
  const ways = new Map(Object.keys(flow.states).map(key => [key, waysOn(flow, key, isBack)]))
  const leading = forward.filter(edge => ways.get(edge.source)!.on.includes(edge) || ways.get(edge.source)!.on.some(on => on.id === edge.id))
  const { order } = acyclic(flow, leading)
  const ends = new Set(Object.keys(flow.states).filter(key => flow.states[key]!.type === 'final'))
  const meets = meetingPoints(leading, order, ends)
  const seen = new Set<string>()

  const walk = (first: string, arriving: Edge[], stops: ReadonlySet<string>): { items: Item[]; tail: Gap | undefined } => {
    const items: Item[] = []
    let key = first
    let edges = arriving
    for (;;) {
      const gap: Gap = { edges, target: key }
      if (stops.has(key)) return { items, tail: gap }
      if (seen.has(key)) { items.push({ kind: 'jump', gap }); return { items, tail: undefined } }
      seen.add(key)
      const { on, side } = ways.get(key)!
      items.push({ kind: 'step', key, gap: edges.length ? gap : undefined, side })
      if (!on.length) return { items, tail: undefined }
      if (on.length === 1 && flow.states[key]!.type !== 'choice') { edges = on; key = on[0]!.target; continue }
      const join = meets(key)
      const inner = join ? new Set([...stops, join]) : stops
      const branches = on.map((edge): Branch => {
        const found = isBack.has(edge.id) ? { items: [{ kind: 'jump', gap: { edges: [edge], target: edge.target } } as Item], tail: undefined } : walk(edge.target, [edge], inner)
        return { edge, ...found }
      })
      items.push({ kind: 'branches', key, branches })
      const ended = branches.flatMap(branch => branch.tail && branch.tail.target === join ? branch.tail.edges : [])
      if (!join || !ended.length) return { items, tail: branches.map(branch => branch.tail).find(tail => tail && stops.has(tail.target)) }
      edges = ended
      key = join
    }
  }
  const { items } = walk(flow.initial, [], new Set())
  const reached = reachable([flow.initial], graphOf(flow, forwardEdges(flow)).out)
  const others = Object.keys(flow.states).filter(key => !seen.has(key)).sort((one, other) => Number(reached.has(other)) - Number(reached.has(one)) || one.localeCompare(other))
  return { items, others }
}

/** The sequence that holds a step, with the step's place: for moving it up and down. */
export function sequenceOf(items: readonly Item[], key: string, tail?: Gap): { items: readonly Item[]; index: number; tail: Gap | undefined } | undefined {
  const index = items.findIndex(item => item.kind === 'step' && item.key === key)
  if (index >= 0) return { items, index, tail }
  for (const item of items) {
    if (item.kind !== 'branches') continue
    for (const branch of item.branches) { const found = sequenceOf(branch.items, key, branch.tail); if (found) return found }
  }
  return undefined
}

/** The gap into which a step goes when it moves one place up or down in its sequence. */
export function neighbouringGap(steps: Steps, key: string, by: -1 | 1): Gap | undefined {
  const found = sequenceOf(steps.items, key)
  if (!found) return undefined
  const { items, index, tail } = found
  if (by < 0) {
    const before = items[index - 1]
    if (before?.kind === 'step') return before.gap
    // Over branches: before the state that opens them.
    return before?.kind === 'branches' ? (items[index - 2] as { gap?: Gap } | undefined)?.gap : undefined
  }
  const after = items[index + 1]
  if (after?.kind !== 'step') return undefined
  const further = items[index + 2]
  if (further?.kind === 'step' || further?.kind === 'jump') return further.gap
  return further ? undefined : tail
}

const orders = new WeakMap<object, string[]>()

/** All states in the order of the steps, branch by branch; what the main way doesn't pass comes last. */
export function flatOrder(flow: Workflow): string[] {
  // Keyed by the states: names of selects ask for it once per select.
  const known = orders.get(flow.states)
  if (known) return known
  const found: string[] = []
  const walk = (items: readonly Item[]): void => items.forEach(item => {
    if (item.kind === 'step') found.push(item.key)
    else if (item.kind === 'branches') item.branches.forEach(branch => walk(branch.items))
  })
  const steps = stepsOf(flow)
  walk(steps.items)
  found.push(...steps.others)
  orders.set(flow.states, found)
  return found
}
