/** The workflow designer: one model, three views, panels beside them. */
import '../main.ts'
import './workflow.css'
import type { ComponentType } from 'preact'
import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { fetching } from '../core/fetching.ts'
import type { Finding } from '../core/problems.ts'
import type { Shortcut } from '../core/shortcuts.ts'
import { set } from '../core/paths.ts'
import { Button, Icon } from '../parts/basics.tsx'
import { mount, type Designer } from '../parts/designer.tsx'
import { Frame, showPanel } from '../parts/frame.tsx'
import { later } from '../parts/later.tsx'
import { addAfter, addAt, copyStates, duplicate, findEdge, focusOn, gapOf, move, moveWay, paste, unlink } from './commands.ts'
import type { Gap } from './model/change.ts'
import { forwardEdges, returnEdges } from './model/edges.ts'
import { obstacle } from './model/remove.ts'
import { FlowPanel } from './panel/flow.tsx'
import { RightsMatrix } from './panel/rights.tsx'
import { StatePanel } from './panel/state.tsx'
import { WayPanel } from './panel/ways.tsx'
import { Removing } from './removing.tsx'
import { StepsView } from './views/steps.tsx'
import { TableView } from './views/table.tsx'
import type { GraphProps } from './views/graph.tsx'
import { focused, walk, type View } from './walk.ts'
import { joined } from './words.ts'
import { makeWorld, NOTHING, useMakeWorld, WorldProvider, type More, type World } from './world.ts'

const w = (code: string, values?: Record<string, string | number>): string => say(`designer.workflow.${code}`, values)
const VIEWS: readonly { view: View; icon: string }[] = [{ view: 'steps', icon: 'list-tree' }, { view: 'graph', icon: 'workflow' }, { view: 'table', icon: 'table' }]
const SLOT = 'formwork.workflow.view'
const isNarrow = (): boolean => matchMedia('(width < 900px)').matches
const NO_LIGHT = { states: new Set<string>(), transitions: new Set<string>() }

/** Ways are named by their id, or by the states they join. */
type Taken = string | { from: string; to: string }
interface SimulationProps { workflow: string; onHighlight: (states: readonly string[], transitions: readonly Taken[]) => void }
/** Loaded when it is asked for; a build may be without it. */
const simulation = Object.values(import.meta.glob<{ SimulationPanel: ComponentType<SimulationProps> }>('../simulation/panel.tsx'))[0]

/** A part that comes with the first look at it. */
function Later<Props extends object>({ load, props }: { load: () => Promise<ComponentType<Props>>; props: Props }): ReactNode {
  const [Part, setPart] = useState<{ it: ComponentType<Props> }>()
  useEffect(() => { let stays = true; void load().then(it => { if (stays) setPart({ it }) }); return () => { stays = false } }, [])
  return Part ? <Part.it {...props} /> : <p className="hint" aria-busy="true">{w('loading')}</p>
}
const loadGraph = async (): Promise<ComponentType<GraphProps>> => (await fetching(() => import('./views/graph.tsx'))).default as ComponentType<GraphProps>
const loadSimulation = async (): Promise<ComponentType<SimulationProps>> => (await fetching(simulation!)).SimulationPanel

const FlowBlocks = later(() => import('./blocks.tsx'), part => part.FlowBlocks, false)

/** The focus goes to the panel's first thing to fill in; Escape brings it back. */
const toPanel = (selector = '.designer-right :is(input, select, textarea, button):not([disabled])'): void => {
  requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector<HTMLElement>(selector)?.focus()))
}

function WorkflowDesigner(): ReactNode {
  const world = useMakeWorld()
  const { designer, flow, selection, problems } = world
  const [view, setView] = useState<View>(() => { const kept = localStorage.getItem(SLOT) as View | null; return kept && (kept !== 'graph' || !isNarrow()) ? kept : 'steps' })
  const [removing, setRemoving] = useState<readonly string[]>()
  const [matrix, setMatrix] = useState(false)
  const [blocks, setBlocks] = useState(false)
  const [gap, setGap] = useState<Gap>()
  const [simulating, setSimulating] = useState(false)
  const [showReturns, setShowReturns] = useState(false)
  const [tidied, setTidied] = useState(0)
  const [lit, setLit] = useState<{ states: ReadonlySet<string>; transitions: ReadonlySet<string> }>(NO_LIGHT)
  const show = (to: View): void => { setView(to); try { localStorage.setItem(SLOT, to) } catch { /* only for this visit, then */ } }
  const ask = (keys: readonly string[]): void => { if (keys.length) setRemoving(keys) }
  const jump = (finding: Finding): void => {
    const edge = forwardEdges(flow).find(each => each.path.every((step, index) => String(finding.path[index]) === String(step)))
    setSimulating(false)
    if (edge && edge.via !== 'timer') { world.select({ states: [], edge: edge.id }); focusOn({ edge: edge.id }) }
    else if (finding.path[0] === 'states' && flow.states[String(finding.path[1])]) { world.select({ states: [String(finding.path[1])], edge: undefined }); focusOn({ state: String(finding.path[1]) }) }
    else { world.select(NOTHING); toPanel() }
  }
  const openBlocks = (): void => {
    setBlocks(true)
    showPanel('left')
    const find = (left: number): void => { const box = document.querySelector<HTMLElement>('[data-find-block]'); if (box) box.focus(); else if (left) setTimeout(() => find(left - 1), 50) }
    find(40)
  }
  useEffect(() => {
    const onBlocks = (event: Event): void => { setGap((event as CustomEvent<Gap | null>).detail ?? undefined); openBlocks() }
    document.addEventListener('workflow:blocks', onBlocks)
    return () => document.removeEventListener('workflow:blocks', onBlocks)
  }, [])
  const shortcuts = useMemo(() => table(designer, view, ask, openBlocks), [view])
  const highlight = (states: readonly string[], transitions: readonly Taken[]): void => {
    const ways = [...forwardEdges(flow), ...returnEdges(flow)]
    const ids = transitions.flatMap(taken => typeof taken === 'string' ? [taken] : ways.filter(way => way.source === taken.from && way.target === taken.to).map(way => way.id))
    setLit(states.length ? { states: new Set(states), transitions: new Set(ids) } : NO_LIGHT)
  }
  const tidy = (): void => { world.edit(w('did.tidy'), before => before.layout ? set(before, ['layout'], undefined) : before); setTidied(tidied + 1) }
  const edge = selection.edge ? findEdge(flow, selection.edge) : undefined
  const panel = simulating && simulation ? <Later load={loadSimulation} props={{ workflow: flow.key, onHighlight: highlight }} />
    : edge ? <WayPanel key={edge.id} edge={edge} />
      : selection.states.length > 1 ? <SeveralPanel world={world} onRemove={ask} />
        : selection.states.length === 1 ? <StatePanel key={selection.states[0]} id={selection.states[0]!} onRemove={ask} onMatrix={() => setMatrix(true)} />
          : <FlowPanel onMatrix={() => setMatrix(true)} />
  const tools = <>
    <div className="button-group flow-views" role="group" aria-label={w('views')}>{VIEWS.map(each => <Button key={each.view} icon={each.icon} label={w(`view.${each.view}`)} pressed={view === each.view} onClick={() => show(each.view)} title={w(`view_${each.view}`)} />)}</div>
    <Button icon="puzzle" label={say('designer.blocks.title')} shown={false} pressed={blocks} onClick={() => { setGap(undefined); if (blocks) { setBlocks(false); showPanel(null) } else openBlocks() }} />
    <Button icon="table-properties" label={w('fields_button')} onClick={() => setMatrix(true)} />
    {simulation && <Button icon="step-forward" label={w('simulate')} pressed={simulating} onClick={() => { setSimulating(!simulating); setLit(NO_LIGHT) }} />}
  </>
  return <WorldProvider value={world}>
    <Frame title={designer.read(flow.label, flow.key)} shortcuts={shortcuts} tools={tools} findings={problems} onFinding={jump} {...(blocks ? { left: <FlowBlocks gap={gap} onPlaced={() => setGap(undefined)} />, leftLabel: say('designer.blocks.title'), leftIcon: 'puzzle' } : {})} right={panel} rightLabel={simulating ? w('simulate') : w('properties')}>
      <div className={`flow-view as-${view}`}>{view === 'steps' ? <StepsView toPanel={toPanel} lit={lit} /> : view === 'table' ? <TableView toPanel={toPanel} onRemove={ask} lit={lit} />
        : <Later load={loadGraph} props={{ toPanel, lit, showReturns, tidied, onTidy: tidy, onReturns: () => setShowReturns(!showReturns) }} />}</div>
    </Frame>
    {removing && <Removing keys={removing} onClose={() => setRemoving(undefined)} />}
    {matrix && <RightsMatrix onClose={() => setMatrix(false)} />}
  </WorldProvider>
}

function SeveralPanel({ world, onRemove }: { world: World; onRemove: (keys: readonly string[]) => void }): ReactNode {
  const keys = world.selection.states
  return <div className="flow-panel"><h2><Icon name="copy" />{w('states', { count: keys.length })}</h2><p>{joined(keys.map(world.names.state))}</p>
    <div className="button-line"><Button small icon="copy" label={w('copy')} onClick={() => copyStates(world, keys, false)} /><Button small icon="files" label={w('duplicate')} onClick={() => duplicate(world, keys)} />
      <Button small tone="danger" icon="trash-2" label={w('remove')} disabled={!!obstacle(world.flow, keys)} onClick={() => onRemove(keys)} /></div></div>
}

/** The keys of this designer, for the handler and the help alike. */
function table(designer: Designer<More>, view: View, ask: (keys: readonly string[]) => void, openBlocks: () => void): Shortcut[] {
  const inCanvas = (): boolean => !(document.activeElement as HTMLElement | null)?.closest('.designer-left, .designer-right, .designer-bar, dialog, .navigator')
  // The page may not have been drawn since the last key: the draft knows.
  const now = (): World => makeWorld(designer)
  // What has the focus counts; within a selection, all of it.
  const keys = (): readonly string[] => { const here = focused(); if (here.edge !== undefined) return []; return here.state === undefined || now().selection.states.includes(here.state) ? now().selection.states : [here.state] }
  const one = (): string | undefined => keys().at(-1)
  const edge = () => { const id = focused().edge ?? now().selection.edge; return id ? findEdge(now().flow, id) : undefined }
  const walking = w('keys.walk')
  const editing = w('keys.edit')
  const step = (key: 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight', label: string): Shortcut => ({ keys: key, label, group: walking, when: inCanvas, act: () => walk(now(), view, key) })
  const shift = (key: string, x: number, y: number): Shortcut => ({ keys: `Alt+${key}`, label: w(view === 'graph' ? 'keys.nudge' : x ? 'keys.order' : 'keys.move'), group: editing, when: inCanvas, act: () => {
    const way = edge()
    if (way && !one()) return moveWay(now(), way, (x || y) as 1 | -1)
    const key = one()
    if (!key) return
    if (view === 'graph') document.dispatchEvent(new CustomEvent('workflow:nudge', { detail: { keys: keys(), x, y } }))
    else if (y) move(now(), key, y as 1 | -1)
  } })
  const add = (kind: 'approval' | 'choice'): void => { const way = edge(); const gap = way && !one() ? gapOf(now(), way.id) : undefined; if (gap) addAt(now(), gap, kind); else addAfter(now(), one() ?? now().flow.initial, kind) }
  return [
    step('ArrowDown', w('keys.down')), step('ArrowUp', w('keys.up')), step('ArrowLeft', w('keys.left')), step('ArrowRight', w('keys.right')),
    { keys: 'Enter', label: w('keys.enter'), group: walking, when: () => false, act: () => {} },
    { keys: 'Ctrl+Enter', label: w('keys.toggle'), group: walking, when: () => false, act: () => {} },
    { keys: 'Escape', label: w('keys.escape'), group: walking, always: true, when: () => !document.querySelector(':popover-open'), act: () => {
      if ((document.activeElement as HTMLElement | null)?.closest('.designer-left, .designer-right')) focusOn(now().selection.edge ? { edge: now().selection.edge } : { state: now().selection.states[0] ?? now().flow.initial })
      else now().select(NOTHING)
    } },
    { keys: 'F2', label: w('keys.rename'), group: editing, when: inCanvas, act: () => { const key = one(); if (key) { now().select({ states: [key], edge: undefined }); toPanel('.designer-right .words input') } } },
    { keys: 'N', label: w('keys.approval'), group: editing, when: inCanvas, act: () => add('approval') },
    { keys: 'Shift+N', label: w('keys.choice'), group: editing, when: inCanvas, act: () => add('choice') },
    { keys: 'B', label: say('designer.blocks.key_open'), group: editing, when: inCanvas, act: openBlocks },
    shift('ArrowUp', 0, -1), shift('ArrowDown', 0, 1), shift('ArrowLeft', -1, 0), shift('ArrowRight', 1, 0),
    { keys: 'Delete', label: w('keys.remove'), group: editing, when: inCanvas, act: () => { const way = edge(); if (way && !one()) unlink(now(), way); else ask(keys()) } },
    { keys: 'Ctrl+A', label: w('keys.all'), group: editing, when: inCanvas, act: () => now().select({ states: Object.keys(now().flow.states), edge: undefined }) },
    { keys: 'Ctrl+C', label: w('keys.copy'), group: editing, when: () => inCanvas() && !String(getSelection()), act: () => copyStates(now(), keys(), false) },
    { keys: 'Ctrl+X', label: w('keys.cut'), group: editing, when: inCanvas, act: () => { copyStates(now(), keys(), true); ask(keys()) } },
    { keys: 'Ctrl+V', label: w('keys.paste'), group: editing, when: inCanvas, act: () => paste(now()) },
    { keys: 'Ctrl+D', label: w('keys.duplicate'), group: editing, when: inCanvas, act: () => duplicate(now(), keys()) },
  ]
}

mount(() => <WorkflowDesigner />)
