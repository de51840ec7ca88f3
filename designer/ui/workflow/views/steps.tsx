/** The workflow as approval steps from top to bottom, branches side by side: for those who never drew a graph. */
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element'
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { say } from '../../../../runtime/ui/shared/texts.ts'
import { within } from '../../core/problems.ts'
import { Button, Icon } from '../../parts/basics.tsx'
import { AddMenu, Card, faceOf, pick } from '../card.tsx'
import { addBranch, moveTo, setPriority } from '../commands.ts'
import { moveState, type Gap } from '../model/change.ts'
import { stepsOf, type Branch, type Item } from '../model/steps.ts'
import type { Edge } from '../model/shapes.ts'
import { conditionWords, edgeSentence, edgeWords } from '../words.ts'
import { useWorld } from '../world.ts'

interface ViewProps { toPanel: () => void; lit: { states: ReadonlySet<string>; transitions: ReadonlySet<string> } }

export function StepsView(props: ViewProps): ReactNode {
  const { flow } = useWorld()
  const steps = useMemo(() => stepsOf(flow), [flow])
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const canvas = place.current?.closest<HTMLElement>('.designer-canvas')
    return canvas ? autoScrollForElements({ element: canvas }) : undefined
  }, [])
  return <div className="flow-steps" ref={place} role="group" aria-label={say('designer.workflow.view_steps')}>
    <Sequence items={steps.items} {...props} />
    {steps.others.length > 0 && <section className="step-others"><h2>{say('designer.workflow.others')}</h2><p className="hint">{say('designer.workflow.others_help')}</p>
      <div>{steps.others.map(key => <Step key={key} id={key} side={[]} {...props} />)}</div></section>}
  </div>
}

function Sequence({ items, tail, ...props }: ViewProps & { items: readonly Item[]; tail?: Gap | undefined }): ReactNode {
  return <ol className="sequence">{items.map((item, index) => item.kind === 'branches'
    ? <li key={`branches-${item.key}`} className="branches-place"><Branches id={item.key} branches={item.branches} {...props} /></li>
    : item.kind === 'jump'
      ? <li key={`jump-${index}`}><GapView gap={item.gap} /><Jump to={item.gap.target} /></li>
      : <li key={item.key}>{item.gap && <GapView gap={item.gap} />}<Step id={item.key} side={item.side} {...props} /></li>)}
    {tail && <li className="tail"><GapView gap={tail} /></li>}
  </ol>
}

function Jump({ to }: { to: string }): ReactNode {
  const world = useWorld()
  return <button type="button" className="jump" onClick={() => { world.select({ states: [to], edge: undefined }); document.querySelector<HTMLElement>(`.designer-canvas [data-node="${CSS.escape(to)}"]`)?.focus() }}>
    <Icon name="corner-up-left" />{say('designer.workflow.goes_on_at', { state: world.names.state(to) })}</button>
}

/** Between two steps: the line, the move's name, "+", and where a dragged step may be dropped. */
function GapView({ gap }: { gap: Gap }): ReactNode {
  const world = useWorld()
  const element = useRef<HTMLDivElement>(null)
  const [over, setOver] = useState(false)
  const id = gap.edges.map(edge => edge.id).join() + gap.target
  useEffect(() => dropTargetForElements({
    element: element.current!,
    canDrop: ({ source }) => source.data.kind === 'step' && moveState(world.flow, source.data.key as string, gap) !== world.flow,
    onDragEnter: () => setOver(true), onDragLeave: () => setOver(false),
    onDrop: ({ source }) => { setOver(false); moveTo(world, source.data.key as string, gap) },
  }), [world.flow, id])
  const [edge] = gap.edges
  return <div className={`step-gap${over ? ' over' : ''}`} ref={element}>
    {gap.edges.length === 1 && edge!.via === 'transition' && <Way edge={edge!} />}
    <AddMenu gap={gap} />
  </div>
}

/** A way that can be chosen: its name, and its condition in words. */
function Way({ edge }: { edge: Edge }): ReactNode {
  const world = useWorld()
  const selected = world.selection.edge === edge.id
  const when = conditionWords(edge.when, world.fields)
  return <button type="button" className={`way${selected ? ' selected' : ''}`} data-edge={edge.id} aria-pressed={selected} aria-label={edgeSentence(edge, world.flow, world.names, when)}
    onClick={() => world.select({ states: [], edge: edge.id })}><span>{edgeWords(edge, world.flow)}</span>{when && <small>{when}</small>}</button>
}

function Step({ id, side, toPanel, lit }: ViewProps & { id: string; side: Edge[] }): ReactNode {
  const world = useWorld()
  const element = useRef<HTMLDivElement>(null)
  const [dragged, setDragged] = useState(false)
  const state = world.flow.states[id]!
  const canMove = (state.type === 'approval' || state.type === 'input') && id !== world.flow.initial
  useEffect(() => canMove ? draggable({ element: element.current!, getInitialData: () => ({ kind: 'step', key: id }), onDragStart: () => setDragged(true), onDrop: () => setDragged(false) }) : undefined, [id, canMove])
  return <div className={`flow-step${dragged ? ' dragged' : ''}`} ref={element}>
    <Card id={id} face={faceOf(world, id)} selected={world.selection.states.includes(id)} lit={lit.states.has(id)} onPick={event => pick(world, id, event, toPanel)} />
    {side.length > 0 && <ul className="side-ways" aria-label={say('designer.workflow.other_ways', { state: world.names.state(id) })}>{side.map(edge => <li key={edge.id}>
      <button type="button" className={`side-way ${edge.name}${world.selection.edge === edge.id ? ' selected' : ''}`} data-edge={edge.id} aria-pressed={world.selection.edge === edge.id} onClick={() => world.select({ states: [], edge: edge.id })}>
        {edgeWords(edge, world.flow)} <Icon name="arrow-right" /><span className="sr">{say('designer.workflow.leads_to')}</span> {world.names.state(edge.target)}</button></li>)}</ul>}
  </div>
}

function Branches({ id, branches, ...props }: ViewProps & { id: string; branches: Branch[] }): ReactNode {
  const world = useWorld()
  const state = world.flow.states[id]!
  return <div className="branches" role="group" aria-label={say('designer.workflow.branches_of', { state: world.names.state(id) })}>
    {state.type === 'choice' && <div className="branch-add"><Button small icon="git-branch" label={say('designer.workflow.add.branch')} onClick={() => addBranch(world, id)} /></div>}
    <div className="branch-row">{branches.map(branch => <section key={branch.edge.id} className="branch">
      <BranchHead edge={branch.edge} count={branches.length} lit={props.lit.transitions.has(branch.edge.id)} />
      <Sequence items={branch.items} tail={branch.tail} {...props} />
    </section>)}</div>
  </div>
}

function BranchHead({ edge, lit }: { edge: Edge; count: number; lit: boolean }): ReactNode {
  const world = useWorld()
  const element = useRef<HTMLDivElement>(null)
  const [over, setOver] = useState(false)
  const { flow, fields, selection } = world
  const state = flow.states[edge.source]!
  const selected = selection.edge === edge.id
  const isOrdered = edge.via === 'case'
  const when = conditionWords(edge.when, fields)
  const problems = within(world.problems, world.designer.place, edge.path)
  useEffect(() => isOrdered ? combine(
    draggable({ element: element.current!, getInitialData: () => ({ kind: 'branch', id: edge.id, source: edge.source, index: edge.path.at(-1) }) }),
    dropTargetForElements({
      element: element.current!, canDrop: ({ source }) => source.data.kind === 'branch' && source.data.source === edge.source && source.data.id !== edge.id,
      onDragEnter: () => setOver(true), onDragLeave: () => setOver(false),
      onDrop: ({ source }) => { setOver(false); const moved = { ...edge, path: [...edge.path.slice(0, -1), source.data.index as number], id: source.data.id as string }; setPriority(world, moved, Number(edge.path.at(-1))) },
    })) : undefined, [flow, edge.id])
  const title = isOrdered ? (state.hit === 'first' ? say('designer.workflow.priority', { number: edge.name }) : say('designer.workflow.case_number', { number: edge.name })) : edgeWords(edge, flow)
  return <div ref={element} className={`branch-head-place${over ? ' over' : ''}`}>
    <button type="button" className={`branch-head${selected ? ' selected' : ''}${lit ? ' lit' : ''}`} data-edge={edge.id} aria-pressed={selected} onClick={() => world.select({ states: [], edge: edge.id })}>
      <small>{title}</small><span>{edge.via === 'otherwise' ? say('designer.workflow.otherwise_help') : when || edgeWords(edge, flow)}</span>
      {problems[0] && <span className={`state-problem ${problems[0].level}`}><Icon name="triangle-alert" /><span className="clip">{problems[0].message}</span></span>}
    </button></div>
}
