/** Places for the boxes, across or upwards: whichever shows them larger. */
import dagre from '@dagrejs/dagre'
import type { Box } from './graph.ts'

export const WIDTH = 168
export const HEIGHT = 58
export interface Layout { boxes: Box[]; isUpright: boolean; width: number; height: number }
interface Pair { from: string; to: string; kind: 'reference' | 'rows' }

/** The layout that fits a frame of this size best. */
export function laidOut(ids: readonly string[], links: readonly Pair[], frame: { width: number; height: number }): Layout {
  const zoom = (layout: Layout): number => Math.min(1.1, frame.width / layout.width, frame.height / layout.height)
  return [false, true].map(isUpright => one(ids, links, isUpright)).reduce((best, layout) => zoom(layout) > zoom(best) ? layout : best)
}

function one(ids: readonly string[], links: readonly Pair[], isUpright: boolean): Layout {
  const graph = new dagre.graphlib.Graph({ multigraph: true })
  graph.setGraph(isUpright ? { rankdir: 'BT', nodesep: 22, ranksep: 58 } : { rankdir: 'LR', nodesep: 20, ranksep: 74 })
  graph.setDefaultEdgeLabel(() => ({}))
  const linked = new Set(links.flatMap(link => link.from === link.to ? [] : [link.from, link.to]))
  for (const id of ids) if (linked.has(id)) graph.setNode(id, { width: WIDTH, height: HEIGHT })
  for (const link of links) {
    if (link.from === link.to) continue
    // Rows stand by their owner, on the side from which others refer to it.
    const [from, to] = link.kind === 'rows' ? [link.to, link.from] : [link.from, link.to]
    graph.setEdge(from, to, { weight: link.kind === 'rows' ? 4 : 1 }, `${from} ${to} ${link.kind}`)
  }
  dagre.layout(graph)
  const placed = ids.flatMap((id): Box[] => {
    const found = linked.has(id) ? graph.node(id) : undefined
    return found ? [{ id, x: found.x - WIDTH / 2, y: found.y - HEIGHT / 2, width: WIDTH, height: HEIGHT }] : []
  })
  // Those that nothing leads to or from stand in rows of their own below.
  const bottom = placed.reduce((most, box) => Math.max(most, box.y + box.height), 0)
  const across = placed.reduce((most, box) => Math.max(most, box.x + box.width), 0)
  const perRow = Math.max(3, Math.floor(across / (WIDTH + 24)))
  const alone = ids.filter(id => !linked.has(id)).map((id, at) => ({ id, x: (at % perRow) * (WIDTH + 24), y: bottom + (placed.length ? 60 : 0) + Math.floor(at / perRow) * (HEIGHT + 22), width: WIDTH, height: HEIGHT }))
  const boxes = [...placed, ...alone]
  return { boxes, isUpright, width: Math.max(1, ...boxes.map(box => box.x + box.width)), height: Math.max(1, ...boxes.map(box => box.y + box.height)) }
}
