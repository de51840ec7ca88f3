/** The workflow as a graph of states. Loaded when it is first looked at. */
import { Background, BaseEdge, Controls, EdgeLabelRenderer, Handle, MarkerType, MiniMap, Panel, Position, ReactFlow, ReactFlowProvider, useReactFlow, useStore, type Connection, type Edge as DrawnEdge, type EdgeProps, type FinalConnectionState, type Node as DrawnNode, type NodeChange, type NodeProps } from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { memo, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { language, say } from '../../../../runtime/ui/shared/texts.ts'
import { set } from '../../core/paths.ts'
import { Button } from '../../parts/basics.tsx'
import { AddMenu, Card, faceOf, pick, type CardFace } from '../card.tsx'
import { link } from '../commands.ts'
import { forwardEdges, globalEdges, returnEdges } from '../model/edges.ts'
import { box, byHand, drawn, overlap, plan, type Measures, type Route, type Size, type Spot } from '../model/layout.ts'
import type { Edge, Point } from '../model/shapes.ts'
import { conditionWords, edgeSentence, edgeWords } from '../words.ts'
import { currentWorld, useWorld, type World } from '../world.ts'
import './graph.css'

interface NodeData extends Record<string, unknown> { face: CardFace; picked: boolean; lit: boolean; canGoOn: boolean; rejects: boolean; focusable: boolean; onPick: (event: MouseEvent) => void }
interface EdgeData extends Record<string, unknown> { route: Route; words: string; when: string; sentence: string; picked: boolean; lit: boolean; tone: string; onPick: () => void }
type StateNode = DrawnNode<NodeData, 'state'>
type Way = DrawnEdge<EdgeData, 'way'>
export interface GraphProps { toPanel: () => void; lit: { states: ReadonlySet<string>; transitions: ReadonlySet<string> }; showReturns: boolean; tidied: number; onTidy: () => void; onReturns: () => void }

const WIDTH = 232

/** The width of a text at 12 px, near enough to reserve room for it. */
const wide = (text: string): number => [...text].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x2e80 ? 12.5 : 6.9), 0)

function measuresOf(world: World): Measures {
  const { flow, fields } = world
  const faces = new Map<string, boolean>()
  const labels = new Map<string, Size>()
  const troubled = new Set(world.problems.filter(problem => problem.path[0] === 'states').map(problem => String(problem.path[1])))
  for (const key of Object.keys(flow.states)) faces.set(key, troubled.has(key))
  return {
    state: key => ({ width: WIDTH, height: 64 + (faces.get(key) ? 24 : 0) }),
    label: edge => {
      const known = labels.get(edge.id)
      if (known) return known
      const when = conditionWords(edge.when, fields)
      const size = { width: Math.min(190, Math.max(wide(edgeWords(edge, flow)), wide(when)) + 22), height: when ? 42 : 24 }
      labels.set(edge.id, size)
      return size
    },
  }
}

const StateView = memo(function StateView({ id, data }: NodeProps<StateNode>): ReactNode {
  return <div className="graph-state">
    <Handle id="in" type="target" position={Position.Top} />
    <Card id={id} face={data.face} selected={data.picked} lit={data.lit} tabIndex={data.focusable ? 0 : -1} onPick={data.onPick} />
    {data.canGoOn && <Handle id="out" type="source" position={Position.Bottom} title={say('designer.workflow.drag_to_connect')} />}
    {data.rejects && <Handle id="rejected" type="source" position={Position.Right} className="rejects" title={say('designer.workflow.drag_to_reject')} />}
    {data.canGoOn && data.picked && <AddHere id={id} place={data.face.label} isChoice={data.face.tone === 'choice'} />}
  </div>
})

/** "+" stays as large as a finger, however small the graph is. */
function AddHere({ id, place, isChoice }: { id: string; place: string; isChoice: boolean }): ReactNode {
  const zoom = useStore(store => store.transform[2])
  return <div className="graph-add nodrag nopan" style={{ scale: Math.max(1, 1 / zoom) }}><AddMenu after={id} place={place} isChoice={isChoice} /></div>
}

const WayView = memo(function WayView({ id, data, markerEnd }: EdgeProps<Way>): ReactNode {
  const { route, words, when, sentence, picked, lit, tone, onPick } = data!
  return <><BaseEdge id={id} path={drawn(route.points)} className={`${tone}${picked ? ' picked' : ''}${lit ? ' lit' : ''}`} interactionWidth={18} {...(markerEnd ? { markerEnd } : {})} />
    <EdgeLabelRenderer><button type="button" tabIndex={-1} className={`edge-label nodrag nopan ${tone}${picked ? ' selected' : ''}${lit ? ' lit' : ''}`} data-edge={id} aria-pressed={picked} aria-label={sentence}
      style={{ transform: `translate(-50%,-50%) translate(${route.label.x}px,${route.label.y}px)` }} onClick={onPick}><span>{words}</span>{when && <small>{when}</small>}</button></EdgeLabelRenderer></>
})
const nodeTypes = { state: StateView }
const edgeTypes = { way: WayView }

/** Places and ways: by the layout, except where states were put by hand. */
function place(world: World, edges: Edge[], measures: Measures, moving: Readonly<Record<string, Spot>>): { spots: Map<string, Spot>; routes: Map<string, Route> } {
  const planned = plan(world.flow, edges, measures)
  const kept = world.flow.layout ?? {}
  if (!Object.keys(kept).length && !Object.keys(moving).length) return planned
  const spots = new Map<string, Spot>()
  for (const key of planned.spots.keys()) {
    const size = measures.state(key)
    const corner = moving[key] ?? (kept[key] ? { x: kept[key]![0], y: kept[key]![1] } : undefined)
    if (corner) spots.set(key, { x: corner.x + size.width / 2, y: corner.y + size.height / 2 })
  }
  // What has no place of its own yet goes near what leads to it, where there is room.
  for (const [key, at] of planned.spots) {
    if (spots.has(key)) continue
    const before = edges.find(edge => edge.target === key && spots.has(edge.source))
    const start = before ? { x: spots.get(before.source)!.x, y: spots.get(before.source)!.y + 150 } : at
    const size = measures.state(key)
    let tried = start
    for (let step = 0; step < 40 && [...spots].some(([other, spot]) => overlap(box(tried, { width: size.width + 30, height: size.height + 30 }), box(spot, measures.state(other)))); step++)
      tried = { x: start.x + (step % 2 ? -1 : 1) * Math.ceil((step % 8) / 2) * (WIDTH + 40), y: start.y + Math.floor(step / 8) * 130 }
    spots.set(key, tried)
  }
  return { spots, routes: byHand(spots, edges, measures) }
}

function corners(spots: ReadonlyMap<string, Spot>, measures: Measures): Record<string, Point> {
  return Object.fromEntries([...spots].map(([key, at]) => { const size = measures.state(key); return [key, [Math.round(at.x - size.width / 2), Math.round(at.y - size.height / 2)]] }))
}

/** The thing made before, as long as it would look the same: what keeps its identity is not drawn anew. */
function same<Made>(kept: Map<string, { sign: string; made: Made }>, id: string, sign: string, make: () => Made): Made {
  const before = kept.get(id)
  if (before?.sign === sign) return before.made
  const made = make()
  kept.set(id, { sign, made })
  return made
}

const toneOf = (edge: Edge): string => edge.via === 'return' || edge.via === 'global' ? 'back' : edge.name === 'rejected' || edge.name === 'expired' ? 'no' : 'yes'

function Graph({ toPanel, lit, showReturns, tidied, onTidy, onReturns }: GraphProps): ReactNode {
  const world = useWorld()
  const { flow, names, fields, selection, edit, designer } = world
  const [moving, setMoving] = useState<Record<string, Spot>>({})
  const boxing = useRef(false)
  const flowView = useReactFlow()
  const shown = useMemo(() => {
    const returns = returnEdges(flow).filter(edge => showReturns || selection.states.includes(edge.source))
    return [...forwardEdges(flow), ...returns, ...(showReturns ? globalEdges(flow) : [])].filter(edge => flow.states[edge.target] && edge.source !== edge.target)
  }, [flow, showReturns, selection.states.join()])
  const measures = useMemo(() => measuresOf(world), [flow, world.problems])
  const placed = useMemo(() => place(world, shown, measures, moving), [flow, shown, measures, moving])
  const focusable = selection.states[0] ?? flow.initial
  const kept = useRef({ nodes: new Map<string, { sign: string; made: StateNode }>(), edges: new Map<string, { sign: string; made: Way }>() })
  const nodes = useMemo(() => [...placed.spots].map(([key, at]): StateNode => {
    const size = measures.state(key)
    const state = flow.states[key]!
    const picked = selection.states.includes(key)
    const data = { face: faceOf(world, key), picked, lit: lit.states.has(key), canGoOn: state.type !== 'final', rejects: state.type === 'approval', focusable: key === focusable }
    const position = { x: at.x - size.width / 2, y: at.y - size.height / 2 }
    return same(kept.current.nodes, key, JSON.stringify([data, position, size]), () => ({ id: key, type: 'state', position, width: size.width, height: size.height, measured: size, selected: picked, focusable: false, data: { ...data, onPick: event => pick(key, event, toPanel) } }))
  }), [placed, selection, lit, world.problems, measures])
  const edges = useMemo(() => shown.flatMap((edge): Way[] => {
    const route = placed.routes.get(edge.id)
    if (!route) return []
    const when = conditionWords(edge.when, fields)
    const tone = toneOf(edge)
    const picked = selection.edge === edge.id
    const data = { route, words: edgeWords(edge, flow), when, sentence: edgeSentence(edge, flow, names, when), picked, lit: lit.transitions.has(edge.id), tone }
    return [same(kept.current.edges, edge.id, JSON.stringify([data, edge.source, edge.target]), () => ({ id: edge.id, source: edge.source, target: edge.target, sourceHandle: 'out', targetHandle: 'in', type: 'way', focusable: false, selectable: false, ...(picked ? { zIndex: 10 } : {}),
      markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16, color: picked || data.lit ? 'var(--accent)' : tone === 'no' ? 'var(--bad)' : 'var(--edge)' },
      data: { ...data, onPick: () => currentWorld().select({ states: [], edge: edge.id }) } }))]
  }), [placed, shown, selection.edge, lit])
  // All of it in sight, lanes and labels as well: at first, and after tidying up.
  useEffect(() => {
    const xs = [...placed.routes.values()].flatMap(route => route.points.map(point => point.x)).concat([...placed.spots.values()].flatMap(at => [at.x - WIDTH / 2, at.x + WIDTH / 2]))
    const ys = [...placed.routes.values()].flatMap(route => route.points.map(point => point.y)).concat([...placed.spots.values()].flatMap(at => [at.y - 40, at.y + 40]))
    const [x, y] = [Math.min(...xs), Math.min(...ys)]
    requestAnimationFrame(() => void flowView.fitBounds({ x, y, width: Math.max(Math.max(...xs) - x, 700), height: Math.max(Math.max(...ys) - y, 500) }, { padding: .05 }))
  }, [tidied])

  const onNodesChange = useCallback((changes: NodeChange<StateNode>[]) => {
    const moved = changes.flatMap(change => change.type === 'position' && change.position && change.dragging ? [[change.id, change.position] as const] : [])
    if (moved.length) setMoving(before => ({ ...before, ...Object.fromEntries(moved) }))
    const chosen = changes.filter(change => change.type === 'select')
    if (boxing.current && chosen.length) {
      const states = new Set(selection.states)
      for (const change of chosen) { if (change.selected) states.add(change.id); else states.delete(change.id) }
      world.select({ states: [...states], edge: undefined })
    }
  }, [selection, flow])
  const onDragStop = useCallback(() => {
    // From the first state put by hand on, all keep their places: nothing else shall move by it.
    const layout = corners(placed.spots, measures)
    const keys = Object.keys(moving)
    if (!keys.length) return
    edit(say('designer.workflow.did.place', { state: keys.map(names.state).join(', ') }), before => set(before, ['layout'], layout))
    setMoving({})
  }, [placed, moving, flow])
  useEffect(() => {
    const nudge = (event: Event): void => {
      const { keys, x, y } = (event as CustomEvent<{ keys: readonly string[]; x: number; y: number }>).detail
      const layout = corners(placed.spots, measures)
      for (const key of keys) if (layout[key]) layout[key] = [layout[key]![0] + x * 20, layout[key]![1] + y * 20]
      edit(say('designer.workflow.did.place', { state: keys.map(names.state).join(', ') }), before => set(before, ['layout'], layout), { merge: `nudge-${keys.join()}` })
    }
    document.addEventListener('workflow:nudge', nudge)
    return () => document.removeEventListener('workflow:nudge', nudge)
  }, [placed])
  const onConnect = useCallback((made: Connection) => link(currentWorld(), made.source, made.target, made.sourceHandle === 'rejected' ? 'rejected' : undefined), [flow])
  // Dropped anywhere on a state, not only on the point at its top.
  const onConnectEnd = useCallback((event: MouseEvent | TouchEvent, made: FinalConnectionState) => {
    if (made.isValid || !made.fromNode) return
    const point = 'changedTouches' in event ? event.changedTouches[0]! : event
    const to = document.elementFromPoint(point.clientX, point.clientY)?.closest<HTMLElement>('.react-flow__node')?.dataset.id
    if (to && to !== made.fromNode.id) link(currentWorld(), made.fromNode.id, to, made.fromHandle?.id === 'rejected' ? 'rejected' : undefined)
  }, [])
  const isChinese = language().startsWith('zh')
  return <ReactFlow className="flow-graph" nodes={nodes} edges={edges} nodeTypes={nodeTypes} edgeTypes={edgeTypes} onNodesChange={onNodesChange} onNodeDragStop={onDragStop} onSelectionDragStop={onDragStop} onConnect={onConnect} onConnectEnd={onConnectEnd}
    onSelectionStart={() => { boxing.current = true }} onSelectionEnd={() => { boxing.current = false }} isValidConnection={made => made.source !== made.target}
    onPaneClick={() => world.select({ states: [], edge: undefined })} nodesFocusable={false} edgesFocusable={false} disableKeyboardA11y deleteKeyCode={null} nodeDragThreshold={4} minZoom={.15} maxZoom={1.6}
    proOptions={{ hideAttribution: true }} ariaLabelConfig={isChinese ? { 'controls.ariaLabel': say('designer.workflow.zoom'), 'controls.zoomIn.ariaLabel': say('designer.workflow.zoom_in'), 'controls.zoomOut.ariaLabel': say('designer.workflow.zoom_out'), 'controls.fitView.ariaLabel': say('designer.workflow.fit'), 'minimap.ariaLabel': say('designer.workflow.map') } : {}}
    aria-label={say('designer.workflow.view_graph')} key={designer.place}>
    <Panel position="top-right" className="graph-tools"><Button small icon="wand-sparkles" label={say('designer.workflow.tidy')} onClick={onTidy} /><Button small icon="undo-2" label={say('designer.workflow.show_returns')} pressed={showReturns} onClick={onReturns} /></Panel>
    <Background gap={20} /><Controls showInteractive={false} />
    {nodes.length > 12 && <MiniMap pannable zoomable ariaLabel={say('designer.workflow.map')} nodeColor="var(--line-2)" />}
  </ReactFlow>
}

export default function GraphView(props: GraphProps): ReactNode {
  return <ReactFlowProvider><Graph {...props} /></ReactFlowProvider>
}
