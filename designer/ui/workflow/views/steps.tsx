/** The workflow as approval steps from top to bottom, branches side by side: for those who never drew a graph. */
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element'
import { memo, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { say } from '../../../../runtime/ui/shared/texts.ts'
import { within } from '../../core/problems.ts'
import { Button, Icon } from '../../parts/basics.tsx'
import type { Block } from '../../parts/blocks.tsx'
import { AddMenu, Card, faceOf, gapSign, pick, type CardFace } from '../card.tsx'
import { addBranch, focusOn, moveTo, setPriority } from '../commands.ts'
import { moveState, type Gap } from '../model/change.ts'
import { stepsOf, type Branch, type Item } from '../model/steps.ts'
import type { Edge } from '../model/shapes.ts'
import { conditionWords, edgeSentence, edgeWords } from '../words.ts'
import { currentWorld, useWorld, type World } from '../world.ts'

interface ViewProps { toPanel: () => void; lit: { states: ReadonlySet<string>; transitions: ReadonlySet<string> } }

export function StepsView(props: ViewProps): ReactNode {
  const world = useWorld()
  const { flow } = world
  const steps = useMemo(() => stepsOf(flow), [flow])
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const canvas = place.current?.closest<HTMLElement>('.designer-canvas')
    return canvas ? autoScrollForElements({ element: canvas }) : undefined
  }, [])
  return <div className="flow-steps" ref={place} role="group" aria-label={say('designer.workflow.view_steps')}>
    <Sequence items={steps.items} {...props} />
    {steps.others.length > 0 && <section className="step-others"><h2>{say('designer.workflow.others')}</h2><p className="hint">{say('designer.workflow.others_help')}</p>
      <div>{steps.others.map(key => <Step key={key} {...stepFace(world, key, [], props)} />)}</div></section>}
  </div>
}

/** `head`: the way that the branch's head names already. */
function Sequence({ items, tail, head, ...props }: ViewProps & { items: readonly Item[]; tail?: Gap | undefined; head?: string }): ReactNode {
  const world = useWorld()
  const face = (gap: Gap): GapFace => gapFace(world, gap, head)
  return <ol className="sequence">{items.map((item, index) => item.kind === 'branches'
    ? <li key={`branches-${item.key}`}><Branches id={item.key} branches={item.branches} {...props} /></li>
    : item.kind === 'jump'
      ? <li key={`jump-${index}`}><GapView {...face(item.gap)} /><Jump to={item.gap.target} name={world.names.state(item.gap.target)} /></li>
      : <li key={item.key}>{item.gap && <GapView {...face(item.gap)} />}<Step {...stepFace(world, item.key, item.side, props)} /></li>)}
    {tail && <li className="tail"><GapView {...face(tail)} /></li>}
  </ol>
}

/** Parts are drawn anew only when they look different: a flow may have hundreds. */
const bySign = (before: { sign: string }, after: { sign: string }): boolean => before.sign === after.sign

const Jump = memo(function Jump({ to, name }: { to: string; name: string }): ReactNode {
  return <button type="button" className="jump" onClick={() => { currentWorld().select({ states: [to], edge: undefined }); focusOn({ state: to }) }}>
    <Icon name="corner-up-left" />{say('designer.workflow.goes_on_at', { state: name })}</button>
})

interface WayFace { id: string; words: string; when: string; sentence: string; target: string; name: string; selected: boolean }
const wayFace = (world: World, edge: Edge): WayFace => {
  const when = conditionWords(edge.when, world.fields)
  return { id: edge.id, words: edgeWords(edge, world.flow), when, sentence: edgeSentence(edge, world.flow, world.names, when), target: world.names.state(edge.target), name: edge.name, selected: world.selection.edge === edge.id }
}
const choose = (edge: string): void => currentWorld().select({ states: [], edge })

interface GapFace { gap: Gap; place: string; way: WayFace | undefined; sign: string }
function gapFace(world: World, gap: Gap, head?: string): GapFace {
  const [edge] = gap.edges
  const way = gap.edges.length === 1 && edge!.via === 'transition' && edge!.id !== head ? wayFace(world, edge!) : undefined
  const place = edge ? world.names.state(edge.source) : ''
  return { gap, place, way, sign: `${gapSign(gap)}${place}${way ? way.sentence + way.selected : ''}` }
}

/** Between two steps: the line, the move's name, "+", and where a dragged step may be dropped. */
const GapView = memo(function GapView({ gap, place, way }: GapFace): ReactNode {
  const element = useRef<HTMLDivElement>(null)
  const [over, setOver] = useState(false)
  useEffect(() => dropTargetForElements({
    element: element.current!,
    canDrop: ({ source }) => { const { flow } = currentWorld(); return source.data.kind === 'block' || (source.data.kind === 'step' && moveState(flow, source.data.key as string, gap) !== flow) },
    onDragEnter: () => setOver(true), onDragLeave: () => setOver(false),
    onDrop: ({ source }) => { setOver(false); if (source.data.kind === 'block') void import('../blocks.tsx').then(part => part.drop(source.data.block as Block, gap)); else moveTo(currentWorld(), source.data.key as string, gap) },
  }), [gapSign(gap)])
  return <div className={`step-gap${over ? ' over' : ''}`} ref={element}>
    {way && <button type="button" className={`way${way.selected ? ' selected' : ''}`} data-edge={way.id} aria-pressed={way.selected} aria-label={way.sentence} onClick={() => choose(way.id)}><span>{way.words}</span>{way.when && <small>{way.when}</small>}</button>}
    <AddMenu gap={gap} place={place} />
  </div>
}, bySign)

interface StepFace { id: string; face: CardFace; name: string; side: WayFace[]; selected: boolean; lit: boolean; canMove: boolean; toPanel: () => void; sign: string }
function stepFace(world: World, id: string, edges: readonly Edge[], props: ViewProps): StepFace {
  const state = world.flow.states[id]!
  const found = { id, face: faceOf(world, id), name: world.names.state(id), side: edges.map(edge => wayFace(world, edge)), selected: world.selection.states.includes(id), lit: props.lit.states.has(id),
    canMove: (state.type === 'approval' || state.type === 'input') && id !== world.flow.initial }
  return { ...found, toPanel: props.toPanel, sign: JSON.stringify(found) }
}

const Step = memo(function Step({ id, face, name, side, selected, lit, canMove, toPanel }: StepFace): ReactNode {
  const element = useRef<HTMLDivElement>(null)
  const [dragged, setDragged] = useState(false)
  useEffect(() => canMove ? draggable({ element: element.current!, getInitialData: () => ({ kind: 'step', key: id }), onDragStart: () => setDragged(true), onDrop: () => setDragged(false) }) : undefined, [id, canMove])
  return <div className={`flow-step${dragged ? ' dragged' : ''}`} ref={element}>
    <Card id={id} face={face} selected={selected} lit={lit} onPick={event => pick(id, event, toPanel)} />
    {side.length > 0 && <ul className="side-ways" aria-label={say('designer.workflow.other_ways', { state: name })}>{side.map(way => <li key={way.id}>
      <button type="button" className={`side-way ${way.name}${way.selected ? ' selected' : ''}`} data-edge={way.id} aria-pressed={way.selected} onClick={() => choose(way.id)}>
        {way.words} <Icon name="arrow-right" /><span className="sr">{say('designer.workflow.leads_to')}</span> {way.target}</button></li>)}</ul>}
  </div>
}, bySign)

function Branches({ id, branches, ...props }: ViewProps & { id: string; branches: Branch[] }): ReactNode {
  const world = useWorld()
  const state = world.flow.states[id]!
  return <div className="branches" role="group" aria-label={say('designer.workflow.branches_of', { state: world.names.state(id) })}>
    <div className="branch-add">{state.type === 'choice' && <Button small icon="git-branch" label={say('designer.workflow.add.branch')} onClick={() => addBranch(currentWorld(), id)} />}</div>
    <div className="branch-row">{branches.map(branch => <section key={branch.edge.id} className={`branch${branch.tail ? '' : ' ends'}`}>
      <BranchHead {...headFace(world, branch.edge, props.lit.transitions.has(branch.edge.id))} />
      <Sequence items={branch.items} tail={branch.tail} head={branch.edge.id} {...props} />
    </section>)}</div>
  </div>
}

interface HeadFace { edge: Edge; title: string; words: string; selected: boolean; lit: boolean; problem: { level: string; message: string } | undefined; sign: string }
function headFace(world: World, edge: Edge, lit: boolean): HeadFace {
  const way = wayFace(world, edge)
  const isFirst = world.flow.states[edge.source]!.hit === 'first'
  const title = edge.via === 'case' ? say(`designer.workflow.${isFirst ? 'priority' : 'case_number'}`, { number: edge.name }) : edge.via === 'otherwise' ? way.words : say('designer.workflow.action_word')
  const [problem] = within(world.problems, world.designer.place, edge.path)
  const found = { title, words: edge.via === 'otherwise' ? say('designer.workflow.otherwise_help') : way.when || way.words, selected: way.selected, lit, problem: problem && { level: problem.level, message: problem.message } }
  return { edge, ...found, sign: edge.id + JSON.stringify(found) }
}

const BranchHead = memo(function BranchHead({ edge, title, words, selected, lit, problem }: HeadFace): ReactNode {
  const element = useRef<HTMLDivElement>(null)
  const [over, setOver] = useState(false)
  useEffect(() => edge.via === 'case' ? combine(
    draggable({ element: element.current!, getInitialData: () => ({ kind: 'branch', id: edge.id, source: edge.source, index: edge.path.at(-1) }) }),
    dropTargetForElements({
      element: element.current!, canDrop: ({ source }) => source.data.kind === 'branch' && source.data.source === edge.source && source.data.id !== edge.id,
      onDragEnter: () => setOver(true), onDragLeave: () => setOver(false),
      onDrop: ({ source }) => { setOver(false); const moved = { ...edge, path: [...edge.path.slice(0, -1), source.data.index as number], id: source.data.id as string }; setPriority(currentWorld(), moved, Number(edge.path.at(-1))) },
    })) : undefined, [edge.id])
  return <div ref={element} className={`branch-head-place${over ? ' over' : ''}`}>
    <button type="button" className={`branch-head${selected ? ' selected' : ''}${lit ? ' lit' : ''}`} data-edge={edge.id} aria-pressed={selected} onClick={() => choose(edge.id)}>
      <small>{title}</small><span>{words}</span>
      {problem && <span className={`state-problem ${problem.level}`}><Icon name="triangle-alert" /><span className="clip">{problem.message}</span></span>}
    </button></div>
}, bySign)
