/** The map of an app: entities and what leads from one to another, as a picture and as a list. */
import '../main.ts'
import '@xyflow/react/dist/base.css'
import './diagram.css'
import { Background, BaseEdge, EdgeLabelRenderer, getBezierPath, Handle, MarkerType, MiniMap, Position, ReactFlow, ReactFlowProvider, useReactFlow, type Edge, type EdgeProps, type Node, type NodeProps } from '@xyflow/react'
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { EntityDocument } from '../core/documents.ts'
import { Button, Icon } from '../parts/basics.tsx'
import { mount, useDesigner, type Designer } from '../parts/designer.tsx'
import { Frame } from '../parts/frame.tsx'
import { bundled, linksOf, nextBox, type Link } from './graph.ts'
import { HEIGHT, laidOut, WIDTH } from './layout.ts'

const text = (code: string, values: Record<string, string | number> = {}): string => say(`designer.diagram.${code}`, values)

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

const NODES = { entity: EntityBox }
const EDGES = { link: LinkLine }

function Picture({ designer, entities, links }: { designer: Designer; entities: readonly EntityDocument[]; links: readonly Link[] }): ReactNode {
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

const sentence = (link: Link, name: (key: string) => string, designer: Designer): string =>
  text(link.kind === 'rows' ? 'owns' : 'refers', { from: name(link.from), to: link.from === link.to ? text('self') : name(link.to), field: designer.read(link.field.label, link.field.key) })

function List({ designer, entities, links }: { designer: Designer; entities: readonly EntityDocument[]; links: readonly Link[] }): ReactNode {
  const name = (key: string): string => { const found = entities.find(entity => entity.key === key); return found ? designer.read(found.label, key) : key }
  const cell = (found: readonly Link[], other: (link: Link) => string): ReactNode => found.length
    ? <ul>{found.map(link => <li key={`${link.from} ${link.field.key}`}><a href={designer.href(`entity/${other(link)}`)}>{name(other(link))}</a> <span className="muted">{designer.read(link.field.label, link.field.key)}</span></li>)}</ul> : <span className="muted">{text('nothing')}</span>
  return <div className="panel"><div className="table-scroll" tabIndex={0} role="region" aria-label={text('picture')}><table className="table relation-list"><caption className="sr">{text('picture')}</caption><thead><tr>{['entity', 'owner', 'references', 'rows', 'referred'].map(key => <th scope="col" key={key}>{text(key)}</th>)}</tr></thead>
    <tbody>{entities.map(entity => <tr key={entity.key}><th scope="row"><a href={designer.href(`entity/${entity.key}`)}><Icon name={entity.icon ?? 'box'} />{designer.read(entity.label, entity.key)}</a> <small className="muted">{text('fields_count', { count: entity.fields.filter(field => !field.retired).length })}</small></th>
      <td data-label={text('owner')}>{entity.part_of ? <a href={designer.href(`entity/${entity.part_of}`)}>{name(entity.part_of)}</a> : <span className="muted">{text('nothing')}</span>}</td>
      <td data-label={text('references')}>{cell(links.filter(link => link.from === entity.key && link.kind === 'reference'), link => link.to)}</td><td data-label={text('rows')}>{cell(links.filter(link => link.from === entity.key && link.kind === 'rows'), link => link.to)}</td>
      <td data-label={text('referred')}>{cell(links.filter(link => link.to === entity.key && link.kind === 'reference'), link => link.from)}</td></tr>)}</tbody></table></div></div>
}

function Diagram(): ReactNode {
  const designer = useDesigner()
  const [isList, setList] = useState(() => matchMedia('(width < 700px)').matches)
  const documents = designer.draft.all<EntityDocument>('entity')
  const memory = useRef<{ documents: readonly EntityDocument[]; sorted: EntityDocument[] } | undefined>(undefined)
  if (!memory.current || memory.current.documents.length !== documents.length || memory.current.documents.some((document, at) => document !== documents[at])) memory.current = { documents, sorted: [...documents].sort((one, other) => designer.read(one.label, one.key).localeCompare(designer.read(other.label, other.key), designer.language)) }
  const entities = memory.current.sorted
  const links = useMemo(() => linksOf(entities), [entities])
  useEffect(() => { document.querySelector('.designer-canvas')?.classList.toggle('has-diagram', !isList) }, [isList])
  const keys = text('keys')
  const shortcuts = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'].map(key => ({ keys: key, label: text('key_walk'), group: keys, act: () => {}, when: () => false }))
  return <Frame title={text('title')} findings={[]} shortcuts={[...shortcuts, { keys: 'Enter', label: text('key_open'), group: keys, act: () => {}, when: () => false }]}
    tools={<div className="segments" role="group" aria-label={text('view')}><button type="button" aria-pressed={!isList} onClick={() => setList(false)}><Icon name="workflow" /><span>{text('as_picture')}</span></button><button type="button" aria-pressed={isList} onClick={() => setList(true)}><Icon name="list" /><span>{text('as_list')}</span></button></div>}>
    {!entities.length ? <p className="empty-line">{text('empty')}</p> : isList ? <List designer={designer} entities={entities} links={links} /> : <ReactFlowProvider><Picture designer={designer} entities={entities} links={links} /></ReactFlowProvider>}
  </Frame>
}

mount(() => <Diagram />)
