/** What authors do with states and ways: each one undoable step, said aloud, with what it made selected. */
import { announce } from '../../../runtime/ui/shared/announce.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { copy, pasted } from '../core/clipboard.ts'
import type { Field } from '../core/documents.ts'
import { addCase, connect, disconnect, gapAfter, insert, moveState, reorder, type Gap } from './model/change.ts'
import { edgesFrom } from './model/edges.ts'
import { copyOf, paste as pasteStates, removeStates, type CopiedStates } from './model/remove.ts'
import { neighbouringGap, sequenceOf, stepsOf } from './model/steps.ts'
import type { Edge, StateKind, Workflow } from './model/shapes.ts'
import { edgeSentence, edgeWords, kindWords, text } from './words.ts'
import type { World } from './world.ts'

const w = (code: string, values?: Record<string, string | number>): string => say(`designer.workflow.${code}`, values)

/** A condition that can be evaluated, to begin with: the first amount, number or choice of the record. */
export function guess(fields: readonly Field[]): string {
  const usable = fields.filter(field => !field.retired)
  const number = usable.find(field => field.type === 'money') ?? usable.find(field => ['decimal', 'integer', 'percent', 'rating'].includes(field.type))
  if (number) return `${number.key} > ${number.type === 'percent' ? 10 : number.type === 'rating' ? 3 : 10000}`
  const choice = usable.find(field => field.type === 'choice' && field.options?.options?.length)
  return choice ? `${choice.key} = "${choice.options!.options![0]!.key}"` : 'true'
}

/** What gets the focus as soon as it is drawn: keys pressed before that mean it already. */
let awaited: { state?: string; edge?: string } | undefined
export const awaitedFocus = (): { state?: string; edge?: string } | undefined => awaited

/** Put the focus on a state or way once it is drawn. */
export function focusOn(place: { state?: string; edge?: string }): void {
  awaited = place
  const find = (): HTMLElement | null => document.querySelector<HTMLElement>(place.state ? `.designer-canvas [data-node="${CSS.escape(place.state)}"]` : `.designer-canvas [data-edge="${CSS.escape(place.edge!)}"]`)
  const tries = (left: number): void => {
    if (awaited !== place) return
    const found = find()
    if (found) { awaited = undefined; found.focus(); found.scrollIntoView({ block: 'nearest', inline: 'nearest' }) } else if (left) requestAnimationFrame(() => tries(left - 1))
    else awaited = undefined
  }
  requestAnimationFrame(() => tries(40))
}

export function addAt(world: World, gap: Gap, kind: StateKind): void {
  let key = ''
  const made: string[] = []
  const name = kindWords(kind)
  const after = gap.edges[0]?.source
  world.edit(w('did.add', { what: name }), flow => {
    const found = insert(flow, gap, kind, world.more.words, guess(world.fields))
    key = found.key
    made.push(...found.made)
    return found.flow
  }, {
    get made() { return made }, get select() { return { states: [key], edge: undefined } },
    said: after ? w('did.add_after', { what: name, state: world.names.state(after) }) : w('did.add', { what: name }),
  })
  if (key) focusOn({ state: key })
}

/** After a state: on its main way; a choice gets another branch that the new state stands in. */
export function addAfter(world: World, key: string, kind: StateKind): void {
  const found = gapAfter(world.flow, key, world.more.words)
  if (!found) return announce(w('ends_here'))
  if (found.flow !== world.flow) {
    let made: string[] = []
    let fresh = ''
    world.edit(w('did.add', { what: kindWords(kind) }), () => {
      const inserted = insert(found.flow, found.gap, kind, world.more.words, guess(world.fields))
      made = inserted.made
      fresh = inserted.key
      return inserted.flow
    }, { get made() { return made }, get select() { return { states: [fresh], edge: undefined } } })
    return focusOn({ state: fresh })
  }
  addAt(world, found.gap, kind)
}

export function addBranch(world: World, key: string): void {
  const state = world.flow.states[key]!
  const to = state.otherwise?.to ?? state.cases?.at(-1)?.to ?? world.flow.initial
  const edge = `states/${key}/cases/${state.cases?.length ?? 0}`
  world.edit(w('did.add_branch', { state: world.names.state(key) }), flow => addCase(flow, key, guess(world.fields), to), { select: { states: [], edge } })
  focusOn({ edge })
}

export function link(world: World, source: string, to: string, outcome?: 'approved' | 'rejected' | 'expired'): void {
  const before = edgesFrom(world.flow, source).length
  let made: Edge | undefined
  const done = world.edit(w('did.connect', { from: world.names.state(source), to: world.names.state(to) }), flow => {
    const linked = connect(flow, source, to, world.more.words, outcome, guess(world.fields))
    if (linked) {
      const all = edgesFrom(linked, source)
      made = outcome ? all.find(edge => edge.name === outcome) : all.length > before ? all.filter(edge => edge.via === 'transition' || edge.via === 'case').at(-1) : all.find(edge => edge.name === 'approved')
    }
    return linked
  }, { get select() { return { states: [], edge: made?.id } } })
  if (done && made) focusOn({ edge: made.id })
}

export function unlink(world: World, edge: Edge): void {
  if (!disconnect(world.flow, edge)) return announce(w('cannot_unlink'))
  world.edit(w('did.unlink', { what: edgeWords(edge, world.flow) }), flow => disconnect(flow, edge), { select: { states: [edge.source], edge: undefined } })
  focusOn({ state: edge.source })
}

export function remove(world: World, keys: readonly string[], to?: string | null): void {
  const next = keys.length === 1 ? edgesFrom(world.flow, keys[0]!)[0]?.target : undefined
  const what = keys.length === 1 ? world.names.state(keys[0]!) : w('states', { count: keys.length })
  world.edit(w('did.remove', { what }), flow => removeStates(flow, keys, to), { select: { states: next && !keys.includes(next) ? [next] : [], edge: undefined } })
  if (next) focusOn({ state: next })
}

/** One place up or down among the steps. */
export function move(world: World, key: string, by: -1 | 1): void {
  const gap = neighbouringGap(stepsOf(world.flow), key, by)
  if (!gap || !moveTo(world, key, gap)) announce(w('cannot_move'))
}

export function moveTo(world: World, key: string, gap: Gap): boolean {
  if (moveState(world.flow, key, gap) === world.flow) return false
  let said = ''
  world.edit(w('did.move', { state: world.names.state(key) }), flow => {
    const after = moveState(flow, key, gap)
    said = placeWords(world, after, key)
    return after
  }, { select: { states: [key], edge: undefined }, get said() { return said } })
  focusOn({ state: key })
  return true
}

/** "Finance review moved to position 2 of 4". */
function placeWords(world: World, flow: Workflow, key: string): string {
  const found = sequenceOf(stepsOf(flow).items, key)
  const steps = found?.items.filter(item => item.kind === 'step') ?? []
  const at = steps.findIndex(item => item.kind === 'step' && item.key === key)
  return w('moved_to', { state: world.names.state(key), position: at + 1, count: steps.length })
}

export function moveWay(world: World, edge: Edge, by: -1 | 1): void {
  const to = Number(edge.path.at(-1)) + by
  const list = edge.via === 'case' ? world.flow.states[edge.source]?.cases : world.flow.states[edge.source]?.transitions
  if ((edge.via !== 'case' && edge.via !== 'transition') || to < 0 || to >= (list?.length ?? 0)) return announce(w('cannot_move'))
  setPriority(world, edge, to)
}

export function setPriority(world: World, edge: Edge, to: number): void {
  const id = [...edge.path.slice(0, -1), to].join('/')
  const count = (edge.via === 'case' ? world.flow.states[edge.source]?.cases : world.flow.states[edge.source]?.transitions)?.length ?? 0
  const done = world.edit(w('did.order', { state: world.names.state(edge.source) }), flow => reorder(flow, edge, to),
    { select: { states: [], edge: id }, said: w('priority_now', { position: to + 1, count }) })
  if (done) focusOn({ edge: id })
}

export function copyStates(world: World, keys: readonly string[], cut: boolean): void {
  if (!keys.length) return
  copy({ kind: 'workflow-states', app: world.designer.boot.app, from: world.flow.key, content: copyOf(world.flow, keys) })
  announce(w(cut ? 'cut' : 'copied', { count: keys.length }))
}

/** Paste after the selected state or on the selected way; unconnected where nothing is selected. */
export function paste(world: World, given?: CopiedStates): void {
  const clip = given ?? (pasted('workflow-states')?.content as CopiedStates | undefined)
  if (!clip) return announce(w('nothing_copied'))
  const at = world.selection.edge ? gapOf(world, world.selection.edge) : world.selection.states.at(-1) ? gapAfter(world.flow, world.selection.states.at(-1)!, world.more.words)?.gap : undefined
  let made: string[] = []
  let dropped: string[] = []
  const names = clip.order.map(key => text(clip.states[key]?.label, key)).join(', ')
  world.edit(w('did.paste', { what: names }), flow => {
    const found = pasteStates(flow, { ...clip, states: unstatused(clip) }, at, world.more.words, world.fields)
    made = found.made
    dropped = found.dropped
    return found.flow
  }, { get made() { return made }, get select() { return { states: made.slice(0, clip.order.length), edge: undefined } }, get said() { return dropped.length ? w('pasted_without', { what: names, fields: dropped.join(', ') }) : w('did.paste', { what: names }) } })
  if (made[0]) focusOn({ state: made[0] })
}

/** Copies show a status of their own: two states of one status can't be told apart in lists. */
const unstatused = (clip: CopiedStates): CopiedStates['states'] => Object.fromEntries(Object.entries(clip.states).map(([key, { status: _, ...state }]) => [key, state]))

export function duplicate(world: World, keys: readonly string[]): void {
  if (!keys.length) return
  const last = keys.at(-1)!
  paste({ ...world, selection: { states: [last], edge: undefined } }, copyOf(world.flow, keys.filter(key => world.flow.states[key]!.type !== 'final' || keys.length === 1)))
}

export function gapOf(world: World, id: string): Gap | undefined {
  const edge = findEdge(world.flow, id)
  return edge && (edge.via === 'return' || edge.via === 'global' ? undefined : { edges: [edge], target: edge.target })
}

export function findEdge(flow: Workflow, id: string): Edge | undefined {
  const source = id.split('/')[1]
  return source ? edgesFrom(flow, source).find(edge => edge.id === id) : undefined
}

export { edgeSentence }
