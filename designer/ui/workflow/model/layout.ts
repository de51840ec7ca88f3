/** Where states and ways are drawn: layers from the initial state down, right-angled ways, a place of its own for each label.

    Our own rather than a library's: ways to a common end (every step's "rejected") would pass all layers and cost a
    general layout seconds at 100 states. Here they run in lanes beside the layers, and so do ways that lead back. */
import { acyclic, isMain } from './edges.ts'
import type { Edge, Workflow } from './shapes.ts'

export interface Size { width: number; height: number }
export interface Spot { x: number; y: number }
export interface Route { points: Spot[]; label: Spot }
export interface Plan { spots: Map<string, Spot>; routes: Map<string, Route> }
export interface Measures { state: (key: string) => Size; label: (edge: Edge) => Size }

const GAP = 30
const LAYER = 16
const LANE = 18

interface Cell { key: string; layer: number; left: number; right: number; height: number; x: number; up: Cell[]; down: Cell[]; isState: boolean }

/** Main ways that lead on, in layers; all others run beside them. */
export function split(flow: Workflow, edges: readonly Edge[]): { layered: Edge[]; beside: Edge[]; order: string[] } {
  const main = edges.filter(edge => isMain(edge) && flow.states[edge.source] && flow.states[edge.target])
  const { forward, back } = acyclic(flow, main)
  const { order } = acyclic(flow, forward)
  const others = edges.filter(edge => !isMain(edge) && flow.states[edge.source] && flow.states[edge.target])
  return { layered: forward, beside: [...back, ...others], order }
}

export function plan(flow: Workflow, edges: readonly Edge[], measures: Measures): Plan {
  const { layered, beside, order } = split(flow, edges)
  const into = new Map<string, Edge[]>()
  const out = new Map<string, Edge[]>()
  for (const edge of layered) { into.set(edge.target, [...(into.get(edge.target) ?? []), edge]); out.set(edge.source, [...(out.get(edge.source) ?? []), edge]) }
  const apart = order.filter(key => !into.has(key) && !out.has(key) && key !== flow.initial)
  const rank = ranks(order.filter(key => !apart.includes(key)), into, out, flow.initial)
  const leads = (edge: Edge): 'right' | 'left' => apart.includes(edge.target) || (rank.get(edge.target) ?? 0) > (rank.get(edge.source) ?? 0) ? 'right' : 'left'

  // Cells: states on even layers, a cell for every way on each layer it passes; one of them is as large as its label.
  const reserved = new Map<string, { left: number; right: number }>()
  for (const edge of beside) {
    const side = leads(edge)
    const has = reserved.get(edge.source) ?? { left: 0, right: 0 }
    reserved.set(edge.source, { ...has, [side]: Math.max(has[side], measures.label(edge).width + 34) })
  }
  const cells = new Map<string, Cell>()
  const layers: Cell[][] = []
  const add = (cell: Cell): Cell => { (layers[cell.layer] ??= []).push(cell); return cell }
  const chains = new Map<string, Cell[]>()
  for (const key of order) {
    if (!rank.has(key)) continue
    const { width, height } = measures.state(key)
    const more = reserved.get(key) ?? { left: 0, right: 0 }
    cells.set(key, add({ key, layer: rank.get(key)! * 2, left: width / 2 + more.left, right: width / 2 + more.right, height, x: 0, up: [], down: [], isState: true }))
  }
  for (const key of order) for (const edge of out.get(key) ?? []) {
    const from = cells.get(edge.source)!
    const to = cells.get(edge.target)!
    const labelled = (out.get(edge.source)!.length > 1 && into.get(edge.target)!.length === 1) ? to.layer - 1 : from.layer + 1
    const size = measures.label(edge)
    let before = from
    const chain: Cell[] = []
    for (let layer = from.layer + 1; layer < to.layer; layer++) {
      const half = layer === labelled ? size.width / 2 + 6 : 5
      const cell = add({ key: edge.id, layer, left: half, right: half, height: layer === labelled ? size.height : 0, x: 0, up: [before], down: [], isState: false })
      before.down.push(cell)
      chain.push(cell)
      before = cell
    }
    before.down.push(to)
    to.up.push(before)
    chains.set(edge.id, chain)
  }
  for (let layer = 0; layer < layers.length; layer++) layers[layer] ??= []
  arrange(layers)
  spread(layers)
  for (const chain of chains.values()) straighten(chain, layers)

  // Heights, then spots.
  const tops: number[] = []
  const heights = layers.map((layer, index) => Math.max(index % 2 ? 8 : 0, ...layer.map(cell => cell.height)))
  let y = 0
  heights.forEach((height, index) => { tops[index] = y; y += height + LAYER })
  const middle = (layer: number): number => tops[layer]! + heights[layer]! / 2
  const spots = new Map<string, Spot>()
  for (const [key, cell] of cells) spots.set(key, { x: cell.x, y: middle(cell.layer) })
  const routes = new Map<string, Route>()
  for (const [id, chain] of chains) routes.set(id, through(chain, spots, measures, tops, middle))

  // Ends that only side ways reach stand to the right, level with the last that leads there.
  const edgesOf = (layer: Cell[]): [number, number] => layer.length ? [Math.min(...layer.map(cell => cell.x - cell.left)), Math.max(...layer.map(cell => cell.x + cell.right))] : [0, 0]
  const bounds = layers.map(edgesOf)
  const left = Math.min(0, ...bounds.map(each => each[0]))
  const right = Math.max(0, ...bounds.map(each => each[1]))
  const targets = { left: [...new Set(beside.filter(edge => leads(edge) === 'left').map(edge => edge.target))], right: [...new Set(beside.filter(edge => leads(edge) === 'right').map(edge => edge.target))] }
  const column = right + 30 + LANE * targets.right.length
  const wanted = apart.map(key => ({ key, y: Math.max(0, ...beside.filter(edge => edge.target === key).map(edge => spots.get(edge.source)?.y ?? 0)) })).sort((one, other) => one.y - other.y)
  let free = -Infinity
  for (const item of wanted) {
    const size = measures.state(item.key)
    const at = Math.max(item.y, free + size.height / 2)
    spots.set(item.key, { x: column + 30 + size.width / 2, y: at })
    free = at + size.height / 2 + GAP
  }
  const stacked = new Map<string, number>()
  for (const edge of beside) {
    const side = leads(edge)
    const lanes = targets[side]
    const lane = side === 'right' ? right + 24 + LANE * lanes.indexOf(edge.target) : left - 24 - LANE * lanes.indexOf(edge.target)
    const number = stacked.get(edge.source + side) ?? 0
    stacked.set(edge.source + side, number + 1)
    routes.set(edge.id, along(edge, side, lane, number, spots, cells, measures, tops, heights, layers))
  }
  return { spots, routes }
}

function ranks(order: readonly string[], into: ReadonlyMap<string, Edge[]>, out: ReadonlyMap<string, Edge[]>, initial: string): Map<string, number> {
  const rank = new Map<string, number>()
  for (const key of order) rank.set(key, Math.max(0, ...(into.get(key) ?? []).map(edge => (rank.get(edge.source) ?? -1) + 1)))
  // What nothing leads to stands just above what it leads to.
  for (const key of order) if (!into.has(key) && key !== initial) rank.set(key, Math.max(0, Math.min(...(out.get(key) ?? []).map(edge => rank.get(edge.target)!)) - 1))
  return rank
}

/** Order within the layers: by the mean place of the neighbours, a few times up and down. Ties keep the order of branches. */
function arrange(layers: Cell[][]): void {
  const place = new Map<Cell, number>()
  const note = (layer: Cell[]): void => layer.forEach((cell, index) => place.set(cell, index))
  layers.forEach(note)
  const mean = (cells: Cell[], own: number): number => cells.length ? cells.reduce((sum, cell) => sum + place.get(cell)!, 0) / cells.length : own
  for (let sweep = 0; sweep < 4; sweep++) {
    const isDown = sweep % 2 === 0
    for (let step = 1; step < layers.length; step++) {
      const layer = layers[isDown ? step : layers.length - 1 - step]!
      const key = new Map(layer.map((cell, index) => [cell, mean(isDown ? cell.up : cell.down, index)]))
      layer.sort((one, other) => key.get(one)! - key.get(other)!)
      note(layer)
    }
  }
}

/** Places along the layers: as near to the neighbours' as the order and the widths allow (least squares, pooled). */
function spread(layers: Cell[][]): void {
  for (const layer of layers) { let x = 0; for (const cell of layer) { cell.x = x + cell.left; x = cell.x + cell.right + GAP } }
  const place = (layer: Cell[], wish: (cell: Cell) => number): void => {
    const offsets: number[] = []
    layer.forEach((cell, index) => { const before = layer[index - 1]; offsets.push(before ? offsets[index - 1]! + before.right + cell.left + (cell.isState && before.isState ? GAP : 14) : 0) })
    const pools: { sum: number; count: number; from: number }[] = []
    layer.forEach((cell, index) => {
      const weight = cell.isState ? 1 : 2
      pools.push({ sum: (wish(cell) - offsets[index]!) * weight, count: weight, from: index })
      while (pools.length > 1 && pools.at(-2)!.sum / pools.at(-2)!.count >= pools.at(-1)!.sum / pools.at(-1)!.count) {
        const last = pools.pop()!
        const into = pools.at(-1)!
        into.sum += last.sum
        into.count += last.count
      }
    })
    pools.forEach((pool, number) => { for (let index = pool.from; index < (pools[number + 1]?.from ?? layer.length); index++) layer[index]!.x = pool.sum / pool.count + offsets[index]! })
  }
  const mean = (cells: Cell[], own: number): number => cells.length ? cells.reduce((sum, cell) => sum + cell.x, 0) / cells.length : own
  // The last sweep goes down: a step stands under the one before it.
  for (let sweep = 0; sweep < 7; sweep++) {
    const isDown = sweep % 2 === 0
    for (let step = 0; step < layers.length; step++) {
      const layer = layers[isDown ? step : layers.length - 1 - step]!
      place(layer, cell => mean(isDown ? cell.up : cell.down, cell.x))
    }
  }
  const least = Math.min(0, ...layers.flatMap(layer => layer.slice(0, 1).map(cell => cell.x - cell.left)))
  for (const layer of layers) for (const cell of layer) cell.x = Math.round(cell.x - least)
}

/** A way in one straight line where its layers leave room: under its source, over its target, or between. */
function straighten(chain: Cell[], layers: Cell[][]): void {
  let least = -Infinity
  let most = Infinity
  for (const cell of chain) {
    const layer = layers[cell.layer]!
    const at = layer.indexOf(cell)
    const before = layer[at - 1]
    const after = layer[at + 1]
    const room = (other: Cell): number => (cell.isState && other.isState ? GAP : 14)
    if (before) least = Math.max(least, before.x + before.right + room(before) + cell.left)
    if (after) most = Math.min(most, after.x - after.left - room(after) - cell.right)
  }
  if (least > most) return
  const from = chain[0]!.up[0]!
  const to = chain.at(-1)!.down[0]!
  const fits = (from.down.length > 1 ? [to.x, from.x] : [from.x, to.x]).find(x => x >= least && x <= most)
  const middle = chain.map(cell => cell.x).sort((one, other) => one - other)[chain.length >> 1]!
  const x = fits ?? Math.max(least, Math.min(most, middle))
  for (const cell of chain) cell.x = x
}

function through(chain: Cell[], spots: Map<string, Spot>, measures: Measures, tops: number[], middle: (layer: number) => number): Route {
  const from = chain[0]!.up[0]!
  const to = chain.at(-1)!.down[0]!
  const start = spots.get(from.key)!
  const end = spots.get(to.key)!
  const points: Spot[] = [{ x: start.x, y: start.y + measures.state(from.key).height / 2 }]
  const go = (x: number, y: number): void => { const last = points.at(-1)!; if (Math.abs(last.x - x) > 1) points.push({ x: last.x, y }, { x, y }) }
  for (const cell of chain) go(cell.x, tops[cell.layer]! - LAYER / 2)
  go(end.x, tops[to.layer]! - LAYER / 2)
  points.push({ x: end.x, y: end.y - measures.state(to.key).height / 2 })
  const labelled = chain.find(cell => cell.height > 0) ?? chain[0]!
  return { points, label: { x: labelled.x, y: middle(labelled.layer) } }
}

/** A way beside the layers: out at the side of its state, along a lane, in at the side of its target. */
function along(edge: Edge, side: 'left' | 'right', lane: number, number: number, spots: Map<string, Spot>, cells: Map<string, Cell>, measures: Measures, tops: number[], heights: number[], layers: Cell[][]): Route {
  const sign = side === 'right' ? 1 : -1
  const source = spots.get(edge.source)!
  const target = spots.get(edge.target)!
  const own = measures.state(edge.source)
  const size = measures.state(edge.target)
  const label = measures.label(edge)
  const start = { x: source.x + sign * own.width / 2, y: source.y + 14 + (number % 2 ? -28 : 0) }
  const at = { x: start.x + sign * (12 + label.width / 2), y: start.y }
  const cell = cells.get(edge.source)
  const isOutermost = !cell || (side === 'right' ? layers[cell.layer]!.at(-1) : layers[cell.layer]![0]) === cell
  const points: Spot[] = [start]
  if (isOutermost) points.push({ x: lane, y: start.y })
  else {
    const turn = start.x + sign * (label.width + 24)
    const corridor = tops[cell.layer]! + heights[cell.layer]! + 5
    points.push({ x: turn, y: start.y }, { x: turn, y: corridor }, { x: lane, y: corridor })
  }
  const there = cells.get(edge.target)
  const isFree = !there || (side === 'right' ? layers[there.layer]!.at(-1) : layers[there.layer]![0]) === there
  // Ends beside the layers are entered from the side that faces them.
  const facing = there ? sign : -1
  if (isFree) points.push({ x: lane, y: target.y }, { x: target.x + facing * size.width / 2, y: target.y })
  else {
    const corridor = tops[there.layer]! - LAYER + 5
    points.push({ x: lane, y: corridor }, { x: target.x + sign * (size.width / 2 - 24), y: corridor }, { x: target.x + sign * (size.width / 2 - 24), y: target.y - size.height / 2 })
  }
  return { points: tidy(points), label: at }
}

const tidy = (points: Spot[]): Spot[] => points.filter((point, index) => index === 0 || Math.abs(point.x - points[index - 1]!.x) > .5 || Math.abs(point.y - points[index - 1]!.y) > .5)

/** Ways between states that were put somewhere by hand; labels where they cover neither a state nor another label. */
export function byHand(spots: ReadonlyMap<string, Spot>, edges: readonly Edge[], measures: Measures): Map<string, Route> {
  const keys = [...spots.keys()]
  const boxes = [...spots].map(([key, at]) => box(at, measures.state(key)))
  const room = new Room()
  for (const each of boxes) room.take(each)
  const found = new Map<string, Route>()
  for (const edge of edges) {
    const source = spots.get(edge.source)
    const target = spots.get(edge.target)
    if (!source || !target) continue
    const direct = between(source, measures.state(edge.source), target, measures.state(edge.target), isMain(edge))
    const [top, bottom] = [direct[0]!.y, direct.at(-1)!.y]
    const points = tidy(bottom - top < 40 ? direct : around(direct, boxes.filter((each, index) => each.top < bottom && each.bottom > top && keys[index] !== edge.source && keys[index] !== edge.target)))
    const size = measures.label(edge)
    const isFree = (at: Spot): boolean => room.isFree(box(at, size))
    const onLine = places(points)
    const label = onLine.find(isFree) ?? beside(onLine, size).find(isFree) ?? onLine[0]!
    room.take(box(label, size))
    found.set(edge.id, { points, label })
  }
  return found
}

function between(source: Spot, own: Size, target: Spot, size: Size, isDown: boolean): Spot[] {
  const below = target.y - size.height / 2 - (source.y + own.height / 2)
  if (isDown && below > 24) {
    const y = source.y + own.height / 2 + below / 2
    return [{ x: source.x, y: source.y + own.height / 2 }, { x: source.x, y }, { x: target.x, y }, { x: target.x, y: target.y - size.height / 2 }]
  }
  const sign = target.x >= source.x ? 1 : -1
  const beside = Math.abs(target.x - source.x) - (own.width + size.width) / 2
  const y = source.y + 14
  if (beside > 40) {
    const x = source.x + sign * (own.width / 2 + beside / 2)
    return [{ x: source.x + sign * own.width / 2, y }, { x, y }, { x, y: target.y }, { x: target.x - sign * size.width / 2, y: target.y }]
  }
  const x = sign > 0 ? Math.max(source.x + own.width / 2, target.x + size.width / 2) + 40 : Math.min(source.x - own.width / 2, target.x - size.width / 2) - 40
  return [{ x: source.x + sign * own.width / 2, y }, { x, y }, { x, y: target.y }, { x: target.x + sign * size.width / 2, y: target.y }]
}

/** What is taken, by squares of the plane: asking looks at the neighbours only. */
class Room {
  private readonly squares = new Map<string, Box[]>()
  private static *over(each: Box): Generator<string> {
    for (let x = Math.floor(each.left / 256); x <= Math.floor(each.right / 256); x++) for (let y = Math.floor(each.top / 256); y <= Math.floor(each.bottom / 256); y++) yield `${x},${y}`
  }

  take(each: Box): void { for (const square of Room.over(each)) { const list = this.squares.get(square); if (list) list.push(each); else this.squares.set(square, [each]) } }
  isFree(each: Box): boolean {
    for (const square of Room.over(each)) if (this.squares.get(square)?.some(other => overlap(each, other))) return false
    return true
  }
}

/** A way down that would pass behind states goes beside them. */
function around(points: Spot[], others: readonly Box[]): Spot[] {
  const isHit = (way: readonly Spot[]): boolean => way.slice(1).some((to, index) => { const from = way[index]!; const line = { left: Math.min(from.x, to.x) - 4, right: Math.max(from.x, to.x) + 4, top: Math.min(from.y, to.y), bottom: Math.max(from.y, to.y) }; return others.some(other => overlap(line, other)) })
  const start = points[0]!
  const end = points.at(-1)!
  if (!isHit(points)) return points
  const lanes = others.flatMap(other => [other.left - 24, other.right + 24]).sort((one, other) => Math.abs(one - start.x) + Math.abs(one - end.x) - Math.abs(other - start.x) - Math.abs(other - end.x))
  for (const x of lanes.slice(0, 60)) {
    const way = [start, { x: start.x, y: start.y + 14 }, { x, y: start.y + 14 }, { x, y: end.y - 14 }, { x: end.x, y: end.y - 14 }, end]
    if (!isHit(way)) return way
  }
  return points
}

function beside(along: readonly Spot[], size: Size): Spot[] {
  return along.flatMap(at => [{ x: at.x + size.width / 2 + 8, y: at.y }, { x: at.x - size.width / 2 - 8, y: at.y }, { x: at.x, y: at.y + size.height }, { x: at.x, y: at.y - size.height }])
}

/** Points along a way, the middle first. */
function places(points: readonly Spot[]): Spot[] {
  const lengths = points.slice(1).map((point, index) => Math.hypot(point.x - points[index]!.x, point.y - points[index]!.y))
  const whole = lengths.reduce((sum, length) => sum + length, 0)
  return [.5, .4, .6, .3, .7, .2, .8, .12, .88].map(part => {
    let left = whole * part
    for (const [index, length] of lengths.entries()) {
      if (left <= length) { const from = points[index]!, to = points[index + 1]!, share = length ? left / length : 0; return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share } }
      left -= length
    }
    return points.at(-1)!
  })
}

export interface Box { left: number; right: number; top: number; bottom: number }
export const box = (at: Spot, size: Size): Box => ({ left: at.x - size.width / 2, right: at.x + size.width / 2, top: at.y - size.height / 2, bottom: at.y + size.height / 2 })
export const overlap = (one: Box, other: Box): boolean => one.left < other.right - 1 && one.right > other.left + 1 && one.top < other.bottom - 1 && one.bottom > other.top + 1

/** A line through the points with rounded corners, as an SVG path. */
export function drawn(points: readonly Spot[], radius = 10): string {
  let path = `M${points[0]!.x},${points[0]!.y}`
  for (let index = 1; index < points.length - 1; index++) {
    const [before, here, after] = [points[index - 1]!, points[index]!, points[index + 1]!]
    const one = Math.hypot(here.x - before.x, here.y - before.y) || 1
    const other = Math.hypot(after.x - here.x, after.y - here.y) || 1
    const bend = Math.min(radius, one / 2, other / 2)
    path += `L${here.x - (here.x - before.x) / one * bend},${here.y - (here.y - before.y) / one * bend}Q${here.x},${here.y} ${here.x + (after.x - here.x) / other * bend},${here.y + (after.y - here.y) / other * bend}`
  }
  const end = points.at(-1)!
  return `${path}L${end.x},${end.y}`
}
