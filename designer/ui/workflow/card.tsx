/** A state's card: what it is, who acts, how long they have, how many records are there, what is wrong. */
import { memo, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { within } from '../core/problems.ts'
import { Icon, Menu } from '../parts/basics.tsx'
import { addAfter, addAt, addBranch } from './commands.ts'
import { canFollow, type Gap } from './model/change.ts'
import type { StateKind } from './model/shapes.ts'
import { actorWords, deadline, durationWords, iconOf, ICONS, kindWords } from './words.ts'
import { currentWorld, type World } from './world.ts'

export interface CardFace { icon: string; kind: string; label: string; who: string; due: string; dueIcon: string; count: number; errors: number; warnings: number; problem: string; tone: string }

/** Everything a card shows; plain data, so that a card is drawn anew only when it changes. */
export function faceOf(world: World, key: string): CardFace {
  const { flow, names, problems, designer, more } = world
  const state = flow.states[key]!
  const found = within(problems, designer.place, ['states', key])
  const due = deadline(state)
  const tone = key === flow.initial ? 'start' : state.type === 'final' ? (state.outcome === 'approved' ? 'good' : 'bad') : state.type
  return {
    icon: iconOf(flow, key), kind: key === flow.initial ? say('designer.workflow.kind.start') : kindWords(state.type), label: names.state(key), who: actorWords(state, flow, names), tone,
    due: due && typeof due.timer.after === 'string' ? durationWords(due.timer.after) : '', dueIcon: due?.isReminder ? 'bell' : 'timer',
    count: more.counts[key] ?? 0, errors: found.filter(each => each.level === 'error').length, warnings: found.filter(each => each.level === 'warning').length,
    problem: (found.find(each => each.level === 'error') ?? found[0])?.message ?? '',
  }
}

interface CardProps { id: string; face: CardFace; selected: boolean; lit?: boolean; onPick: (event: MouseEvent) => void; tabIndex?: number }
export const Card = memo(function Card({ id, face, selected, lit, onPick, tabIndex }: CardProps): ReactNode {
  return <button type="button" className={`state-card tone-${face.tone}${selected ? ' selected' : ''}${lit ? ' lit' : ''}`} data-node={id} aria-pressed={selected} tabIndex={tabIndex} title={face.problem || undefined}
    onClick={event => onPick(event as unknown as MouseEvent)}>
    <span className="state-head"><Icon name={face.icon} /><span className="sr">{face.kind}: </span><strong>{face.label}</strong>
      {face.count > 0 && <span className="chip" title={say('designer.workflow.records', { count: face.count })}>{face.count}<span className="sr"> {say('designer.workflow.records_word')}</span></span>}</span>
    <span className="state-who"><span className="clip">{face.who}</span>{face.due && <span className="due"><Icon name={face.dueIcon} />{face.due}</span>}</span>
    {face.problem && <span className={`state-problem ${face.errors ? 'error' : 'warning'}`}><Icon name={face.errors ? 'circle-alert' : 'triangle-alert'} /><span className="clip">{face.problem}</span></span>}
  </button>
}, (before, after) => before.selected === after.selected && before.lit === after.lit && before.id === after.id && before.tabIndex === after.tabIndex && JSON.stringify(before.face) === JSON.stringify(after.face))

/** "+": only what can follow, placed and connected. `place` is the name of the state before. */
/** Open the blocks for a place: what is chosen there goes into it. */
const offerBlocks = (gap: Gap | undefined, after: string | undefined): void => {
  if (after) currentWorld().select({ states: [after], edge: undefined })
  document.dispatchEvent(new CustomEvent('workflow:blocks', { detail: gap }))
}

export const AddMenu = memo(function AddMenu({ gap, after, place, isChoice }: { gap?: Gap; after?: string; place: string; isChoice?: boolean }): ReactNode {
  const add = (kind: StateKind): void => gap ? addAt(currentWorld(), gap, kind) : addAfter(currentWorld(), after!, kind)
  return <Menu icon="plus" small label={say('designer.workflow.add_after', { state: place })} items={[
    ...canFollow.map(kind => ({ label: say(`designer.workflow.add.${kind}`), icon: ICONS[kind], act: () => add(kind) })),
    { label: say('designer.workflow.add.block'), icon: 'puzzle', act: () => offerBlocks(gap, after), rule: true },
    ...(isChoice ? [{ label: say('designer.workflow.add.branch'), icon: 'git-branch', act: () => addBranch(currentWorld(), after!), rule: true }] : []),
  ]} />
}, (before, after) => before.after === after.after && before.place === after.place && before.isChoice === after.isChoice && gapSign(before.gap) === gapSign(after.gap))

export const gapSign = (gap: Gap | undefined): string => gap ? `${gap.edges.map(edge => edge.id).join()}>${gap.target}` : ''

/** Selecting by mouse: Ctrl and Shift add. By keyboard (Enter) the panel gets the focus. */
export function pick(key: string, event: MouseEvent, toPanel: () => void): void {
  const world = currentWorld()
  const { selection } = world
  if (event.ctrlKey || event.metaKey || event.shiftKey) {
    const has = selection.states.includes(key)
    world.select({ states: has ? selection.states.filter(other => other !== key) : [...selection.states, key], edge: undefined })
    return
  }
  world.select({ states: [key], edge: undefined })
  if (event.detail === 0) toPanel()
}
