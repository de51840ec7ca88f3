/** Where the arrow keys lead: along the ways in the graph, through the cards elsewhere. */
import { edgesFrom, forwardEdges } from './model/edges.ts'
import { awaitedFocus } from './commands.ts'
import type { World } from './world.ts'

type Key = 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight'
export type View = 'steps' | 'graph' | 'table'

const canvas = (): HTMLElement | null => document.querySelector<HTMLElement>('.designer-canvas')
const at = (part: 'node' | 'edge', id: string | undefined): HTMLElement | null => id === undefined ? null : canvas()?.querySelector<HTMLElement>(`[data-${part}="${CSS.escape(id)}"]`) ?? null

/** The state or way that has the focus. */
export function focused(): { state?: string; edge?: string; element?: HTMLElement } {
  const awaited = awaitedFocus()
  if (awaited) return awaited
  const element = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>('.designer-canvas [data-node], .designer-canvas [data-edge]')
  if (!element) return {}
  return { element, ...(element.dataset.node !== undefined ? { state: element.dataset.node } : { edge: element.dataset.edge! }) }
}

export function walk(world: World, view: View, key: Key): void {
  const here = focused()
  const next = !here.element ? at('node', world.selection.states[0] ?? world.flow.initial) : view === 'graph' ? alongWays(world, here, key) : view === 'steps' ? through(here.element, key) : inTable(here.element, key)
  if (!next) return
  next.focus({ preventScroll: view === 'graph' })
  if (next.dataset.node !== undefined) world.select({ states: [next.dataset.node], edge: undefined })
  else if (next.dataset.edge !== undefined) world.select({ states: [], edge: next.dataset.edge })
  if (view !== 'graph') next.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}

function alongWays({ flow }: World, here: { state?: string; edge?: string; element?: HTMLElement }, key: Key): HTMLElement | null {
  if (here.edge !== undefined) {
    const edge = forwardEdges(flow).find(each => each.id === here.edge)
    if (!edge) return null
    if (key === 'ArrowDown') return at('node', edge.target)
    if (key === 'ArrowUp') return at('node', edge.source)
    const siblings = edgesFrom(flow, edge.source)
    const place = siblings.findIndex(each => each.id === edge.id) + (key === 'ArrowRight' ? 1 : -1)
    return at('edge', siblings[(place + siblings.length) % siblings.length]?.id)
  }
  if (key === 'ArrowDown') return at('edge', edgesFrom(flow, here.state!)[0]?.id)
  if (key === 'ArrowUp') return at('edge', forwardEdges(flow).find(each => each.target === here.state)?.id)
  return nearest(here.element!, [...canvas()!.querySelectorAll<HTMLElement>('[data-node]')], key)
}

function through(here: HTMLElement, key: Key): HTMLElement | null {
  const all = [...canvas()!.querySelectorAll<HTMLElement>('.flow-steps [data-node], .flow-steps [data-edge]')]
  if (key === 'ArrowLeft' || key === 'ArrowRight') return nearest(here, all, key)
  return all[all.indexOf(here) + (key === 'ArrowDown' ? 1 : -1)] ?? null
}

function inTable(here: HTMLElement, key: Key): HTMLElement | null {
  const row = here.closest('tr')
  const inRow = row ? [...row.querySelectorAll<HTMLElement>('[data-node], [data-edge]')] : []
  if (key === 'ArrowLeft' || key === 'ArrowRight') return inRow[inRow.indexOf(here) + (key === 'ArrowRight' ? 1 : -1)] ?? null
  const rows = [...canvas()!.querySelectorAll<HTMLElement>('tbody [data-node]')]
  const place = rows.indexOf(row!.querySelector<HTMLElement>('[data-node]')!)
  return rows[place + (key === 'ArrowDown' ? 1 : -1)] ?? null
}

/** The nearest one to that side, nearness along the line counting most. */
function nearest(here: HTMLElement, all: HTMLElement[], key: Key): HTMLElement | null {
  const own = here.getBoundingClientRect()
  const x = own.left + own.width / 2
  const y = own.top + own.height / 2
  const sign = key === 'ArrowRight' ? 1 : -1
  let best: HTMLElement | null = null
  let least = Infinity
  for (const other of all) {
    if (other === here) continue
    const rect = other.getBoundingClientRect()
    const across = (rect.left + rect.width / 2 - x) * sign
    if (across < 8) continue
    const cost = across + 3 * Math.abs(rect.top + rect.height / 2 - y)
    if (cost < least) { least = cost; best = other }
  }
  return best
}
