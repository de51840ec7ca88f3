/** The map as a picture; fetched when it is looked at, for the library that draws it is larger than the rest of the page. */
import '@xyflow/react/dist/base.css'
import { Background, BaseEdge, EdgeLabelRenderer, getBezierPath, Handle, MarkerType, MiniMap, Position, ReactFlow, ReactFlowProvider, useReactFlow, type Edge, type EdgeProps, type Node, type NodeProps } from '@xyflow/react'
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import type { EntityDocument } from '../core/documents.ts'
import { Button, Icon } from '../parts/basics.tsx'
import type { Designer } from '../parts/designer.tsx'
import { bundled, nextBox, type Link } from './graph.ts'
import { HEIGHT, laidOut, WIDTH } from './layout.ts'
import { sentence, text } from './words.ts'

type BoxNode = Node<{ label: string; icon: string; count: string; status: string; href: string; said: string; is: 'plain' | 'near' | 'far'; isChild: boolean; isAt: boolean; isUpright: boolean }, 'entity'>
type LinkEdge = Edge<{ label: string; is: 'plain' | 'near' | 'far'; kind: Link['kind'] }, 'link'>

function EntityBox({ data }: NodeProps<BoxNode>): ReactNode {
  return <div className={`entity-box${data.isChild ? ' is-child' : ''}`} data-is={data.is} data-status={data.status}>
    {(['ahead', 'behind'] as const).flatMap(id => (['source', 'target'] as const).map(type => <Handle key={id + type} id={`${id} ${type}`} type={type} position={id === 'ahead' ? data.isUpright ? Position.Top : Position.Right : data.isUpright ? Position.Bottom : Position.Left} isConnectable={false} tabIndex={-1} />))}
    <Icon name={data.icon} /><span className="entity-box-name"><strong className="clip">{data.label}</strong><small>{data.count}</small></span></div>
}

function LinkLine({ id, source, target, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition, data, markerEnd }: EdgeProps<LinkEdge>): ReactNode {
  const isLoop = source === target
  const loop = `M ${sourceX} ${sourceY} C ${sourceX + WIDTH} ${sourceY - 46} ${targetX + WIDTH} ${targetY + 46} ${targetX} ${targetY}`
  const [line, lineX, lineY] = getBezierPath({ sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition })
  const [path, x, y] = isLoop ? [loop, sourceX + WIDTH * .75, (sourceY + targetY) / 2] : [line, lineX, lineY]
  return <><BaseEdge id={id} path={path} className={`link-line ${data?.kind} ${data?.is}`} {...(markerEnd ? { markerEnd } : {})} />
    {data?.is === 'near' && <EdgeLabelRenderer><div className="link-label" style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}>{data.label}</div></EdgeLabelRenderer>}</>
}

/** How wide the panel is that lies over the picture. */
const SIDE = 276

export interface Shown { designer: Designer; entities: readonly EntityDocument[]; links: readonly Link[] }

const NODES = { entity: EntityBox }
const EDGES = { link: LinkLine }

function Canvas({ designer, entities, links }: Shown): ReactNode {
  const flow = useReactFlow()
  const asked = decodeURIComponent(location.hash.slice(1))
  const [at, setAt] = useState(entities.some(entity => entity.key === asked) ? asked : '')
  const place = useRef<HTMLDivElement>(null)
  const bundles = useMemo(() => bundled(links), [links])
  const [frame, setFrame] = useState({ width: 1000, height: 720 })
  useLayoutEffect(() => {
    const measure = (): void => { const { width, height } = place.current!.getBoundingClientRect(); if (width > 0) setFrame({ width, height }) }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(place.current!)
    return () => observer.disconnect()
  }, [])
  const layout = useMemo(() => laidOut(entities.map(entity => entity.key), bundles, frame), [entities, bundles, frame])
  const { boxes, isUpright } = layout
  const near = useMemo(() => new Set(links.flatMap(link => link.from === at ? [link.to] : link.to === at ? [link.from] : [])), [links, at])
  const name = (key: string): string => { const found = entities.find(entity => entity.key === key); return found ? designer.read(found.label, key) : key }
  const said = (entity: EntityDocument): string => text('selected', { entity: designer.read(entity.label, entity.key), out: links.filter(link => link.from === entity.key).length, in: links.filter(link => link.to === entity.key).length })
  const nodes = useMemo(() => entities.map((entity): BoxNode => {
    const box = boxes.find(each => each.id === entity.key)!
    return {
      id: entity.key, type: 'entity', position: { x: box.x, y: box.y }, width: WIDTH, height: HEIGHT, ariaLabel: said(entity), draggable: false,
      data: { label: designer.read(entity.label, entity.key), icon: entity.icon ?? 'box', count: text('fields_count', { count: entity.fields.filter(field => !field.retired).length }), status: designer.draft.status(`entity/${entity.key}`), href: designer.href(`entity/${entity.key}`), said: said(entity), is: !at ? 'plain' : entity.key === at || near.has(entity.key) ? 'near' : 'far', isChild: entity.part_of !== undefined, isAt: entity.key === at, isUpright },
      className: entity.key === at ? 'is-at' : '', focusable: true, selectable: true,
    }
  }), [entities, boxes, at, near])
  const edges = useMemo(() => bundles.map((bundle): LinkEdge => ({
    id: `${bundle.kind} ${bundle.from} ${bundle.to}`, type: 'link', source: bundle.from, target: bundle.to, sourceHandle: `${bundle.kind === 'rows' ? 'behind' : 'ahead'} source`, targetHandle: `${bundle.kind === 'rows' ? 'ahead' : 'behind'} target`, focusable: false, selectable: false, markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16 },
    data: { kind: bundle.kind, label: bundle.links.map(link => designer.read(link.field.label, link.field.key)).join(' · '), is: !at ? 'plain' : bundle.from === at || bundle.to === at ? 'near' : 'far' },
  })), [bundles, at])
  useEffect(() => { setTimeout(() => void flow.fitView({ padding: .05, maxZoom: 1.1 })) }, [layout])
  const focus = (key: string): void => {
    setAt(key)
    history.replaceState(history.state, '', `#${encodeURIComponent(key)}`)
    const box = boxes.find(each => each.id === key)
    setTimeout(() => {
      place.current?.querySelector<HTMLElement>(`.react-flow__node[data-id="${key}"]`)?.focus({ preventScroll: true })
      const { x, y, zoom } = flow.getViewport()
      const frame = place.current!.querySelector('.diagram-canvas')!.getBoundingClientRect()
      if (box && (box.x * zoom + x < 0 || box.y * zoom + y < 0 || (box.x + WIDTH) * zoom + x > frame.width - (frame.width > 700 ? SIDE : 0) || (box.y + HEIGHT) * zoom + y > frame.height)) void flow.setCenter(box.x + WIDTH / 2, box.y + HEIGHT / 2, { zoom, duration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 200 })
    })
    designer.announce(said(entities.find(entity => entity.key === key)!))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const node = (event.target as HTMLElement).closest<HTMLElement>('.react-flow__node')
    if (!node) return
    if (event.key === 'Enter') { event.preventDefault(); event.stopPropagation(); void designer.leave(designer.href(`entity/${node.dataset.id!}`)) }
    else if (event.key.startsWith('Arrow') && !event.altKey && !event.ctrlKey) {
      event.preventDefault()
      event.stopPropagation()
      const next = nextBox(boxes, node.dataset.id!, event.key as 'ArrowUp')
      if (next) focus(next)
    } else if (event.key === 'Escape') { event.stopPropagation(); setAt('') }
  }
  const shown = at ? links.filter(link => link.from === at || link.to === at) : []
  return <div className="diagram" ref={place}>
    <div className="diagram-canvas" onKeyDownCapture={event => onKeyDown(event as unknown as KeyboardEvent)}>
      <ReactFlow nodes={nodes} edges={edges} nodeTypes={NODES} edgeTypes={EDGES} fitView fitViewOptions={{ padding: .05, maxZoom: 1.1 }} minZoom={.2} maxZoom={2} nodesConnectable={false} nodesDraggable={false} deleteKeyCode={null} selectionKeyCode={null} disableKeyboardA11y
        proOptions={{ hideAttribution: true }} aria-label={text('picture')} onNodeClick={(_, node) => { if (node.id === at) void designer.leave(designer.href(`entity/${node.id}`)); else focus(node.id) }} onNodeDoubleClick={(_, node) => void designer.leave(designer.href(`entity/${node.id}`))} onPaneClick={() => setAt('')}>
        <Background gap={20} />
        {entities.length > 30 && <MiniMap pannable ariaLabel={null} nodeColor="var(--line-2)" maskColor="color-mix(in oklab, var(--sunken) 70%, transparent)" />}
      </ReactFlow>
      <div className="diagram-zoom button-group"><Button small icon="zoom-in" shown={false} label={text('zoom_in')} onClick={() => void flow.zoomIn()} /><Button small icon="zoom-out" shown={false} label={text('zoom_out')} onClick={() => void flow.zoomOut()} /><Button small icon="maximize" shown={false} label={text('fit')} onClick={() => void flow.fitView({ padding: .08 })} /></div>
      <p className="diagram-legend"><span className="legend reference" aria-hidden="true" />{text('legend_reference')}<span className="legend rows" aria-hidden="true" />{text('legend_rows')}<span className="muted legend-hint">{text('hint')}</span></p>
    </div>
    {at && <aside className="diagram-side" aria-label={name(at)}><h2><Icon name={entities.find(entity => entity.key === at)?.icon ?? 'box'} />{name(at)}</h2>
      <a className="button primary" href={designer.href(`entity/${at}`)}>{text('open', { entity: name(at) })}</a>
      <ul>{shown.map(link => <li key={`${link.from} ${link.field.key}`}>{sentence(link, name, designer)}</li>)}{!shown.length && <li className="muted">{text('nothing')}</li>}</ul></aside>}
  </div>
}

export const Picture = (shown: Shown): ReactNode => <ReactFlowProvider><Canvas {...shown} /></ReactFlowProvider>
