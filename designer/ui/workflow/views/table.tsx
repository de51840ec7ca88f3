/** The workflow as a table of states with their actions: everything the other views do, for keyboards and screen readers. */
import { memo, useState, type ReactNode } from 'react'
import { flushSync } from 'react-dom'
import { say } from '../../../../runtime/ui/shared/texts.ts'
import { within, type Finding } from '../../core/problems.ts'
import { Icon, Menu } from '../../parts/basics.tsx'
import { AddMenu, pick } from '../card.tsx'
import { duplicate, link, move, unlink } from '../commands.ts'
import { disconnect, redirect } from '../model/change.ts'
import { edgesFrom } from '../model/edges.ts'
import { flatOrder } from '../model/steps.ts'
import type { Edge } from '../model/shapes.ts'
import { actorWords, conditionWords, durationWords, edgeWords, iconOf, kindWords, timerWords } from '../words.ts'
import { currentWorld, useWorld, type World } from '../world.ts'

interface Props { toPanel: () => void; onRemove: (keys: readonly string[]) => void; lit: { states: ReadonlySet<string>; transitions: ReadonlySet<string> } }
const w = (code: string, values?: Record<string, string | number>): string => say(`designer.workflow.${code}`, values)

export function TableView({ lit, ...props }: Props): ReactNode {
  const world = useWorld()
  return <div className="flow-table table-scroll"><table className="table">
    <caption className="sr">{w('view_table')}</caption>
    <thead><tr><th scope="col">{w('column.state')}</th><th scope="col">{w('column.who')}</th><th scope="col">{w('column.deadline')}</th><th scope="col">{w('column.actions')}</th><th scope="col" className="number">{w('column.records')}</th><th scope="col"><span className="sr">{w('column.tools')}</span></th></tr></thead>
    <tbody>{flatOrder(world.flow).map(key => { const face = rowFace(world, key, lit); return <Row key={key} {...props} face={face} sign={JSON.stringify(face)} /> })}</tbody>
  </table></div>
}

interface WayFace { edge: Edge; words: string; when: string; target: string; selected: boolean; lit: boolean; canGo: boolean }
interface RowFace { id: string; icon: string; name: string; kind: string; type: string; isFirst: boolean; who: string; times: { key: string; words: string; title: string }[]; ways: WayFace[]; count: number | undefined; problems: Pick<Finding, 'level' | 'message'>[]; selected: boolean; lit: boolean }

/** Everything a row shows, as plain data: it is drawn anew only when that changes. */
function rowFace(world: World, id: string, lit: Props['lit']): RowFace {
  const { flow, names, more, problems, designer, selection, fields } = world
  const state = flow.states[id]!
  return {
    id, icon: iconOf(flow, id), name: names.state(id), kind: id === flow.initial ? w('kind.start') : kindWords(state.type), type: state.type, isFirst: id === flow.initial, who: actorWords(state, flow, names),
    times: (state.timers ?? []).map(timer => { const title = timerWords(timer, flow, names); return { key: timer.id, words: typeof timer.after === 'string' ? durationWords(timer.after) : title, title } }),
    ways: edgesFrom(flow, id).map(edge => ({ edge, words: edgeWords(edge, flow), when: conditionWords(edge.when, fields), target: names.state(edge.target), selected: selection.edge === edge.id, lit: lit.transitions.has(edge.id), canGo: disconnect(flow, edge) !== undefined })),
    count: more.counts[id], problems: within(problems, designer.place, ['states', id]).slice(0, 2).map(({ level, message }) => ({ level, message })), selected: selection.states.includes(id), lit: lit.states.has(id),
  }
}

const Row = memo(function Row({ face, toPanel, onRemove }: Omit<Props, 'lit'> & { face: RowFace; sign: string }): ReactNode {
  const { id, name } = face
  const isFinal = face.type === 'final'
  return <tr className={`${face.selected ? 'selected' : ''}${face.lit ? ' lit' : ''}`}>
    <th scope="row" data-label={w('column.state')}><button type="button" className="state-name" data-node={id} aria-pressed={face.selected} onClick={event => pick(id, event as unknown as MouseEvent, toPanel)}>
      <Icon name={face.icon} /><span>{name}<small>{face.kind}</small></span></button>
      {face.problems.map((problem, index) => <p key={index} className={`state-problem ${problem.level}`}><Icon name={problem.level === 'error' ? 'circle-alert' : 'triangle-alert'} />{problem.message}</p>)}</th>
    <td data-label={w('column.who')}>{face.who}</td>
    <td data-label={w('column.deadline')}>{face.times.map(time => <div key={time.key} title={time.title}>{time.words}</div>)}</td>
    <td data-label={w('column.actions')}><ul className="row-ways">{face.ways.map(way => <RowWay key={way.edge.id} way={way} state={name} />)}</ul>
      {!isFinal && face.type !== 'approval' && <TargetSelect label={w('connect_from', { state: name })} empty={w(face.type === 'choice' ? 'new_branch_to' : 'new_move_to')} value="" own={id} onChange={to => link(currentWorld(), id, to)} />}</td>
    <td className="number" data-label={w('column.records')}>{face.count ?? ''}</td>
    <td className="tools">{!isFinal && <AddMenu after={id} place={name} isChoice={face.type === 'choice'} />}
      <Menu icon="ellipsis" small label={w('more_of', { state: name })} items={[
        { label: w('move_up'), icon: 'arrow-up', act: () => move(currentWorld(), id, -1), disabled: isFinal || face.isFirst, keys: 'Alt+↑' },
        { label: w('move_down'), icon: 'arrow-down', act: () => move(currentWorld(), id, 1), disabled: isFinal || face.isFirst, keys: 'Alt+↓' },
        { label: w('duplicate'), icon: 'copy', act: () => duplicate(currentWorld(), [id]), keys: 'Ctrl+D' },
        { label: w('remove'), icon: 'trash-2', act: () => onRemove([id]), danger: true, rule: true, keys: 'Del' }]} /></td>
  </tr>
}, (before, after) => before.sign === after.sign)

function RowWay({ way, state }: { way: WayFace; state: string }): ReactNode {
  const { edge, words, when } = way
  return <li className={`${way.selected ? 'selected' : ''}${way.lit ? ' lit' : ''}`}>
    <button type="button" className="link" data-edge={edge.id} aria-pressed={way.selected} onClick={() => currentWorld().select({ states: [], edge: edge.id })}>{words}{when && <small>{when}</small>}</button>
    <TargetSelect label={w('leads_where', { what: words, state })} value={edge.target} own={edge.source}
      onChange={to => { const world = currentWorld(); world.edit(w('did.redirect', { what: words, state: world.names.state(to) }), flow => redirect(flow, edge, to)) }} />
    {way.canGo && <button type="button" className="button plain square small" aria-label={w('remove_way', { what: words })} title={w('remove_way', { what: words })} onClick={() => unlink(currentWorld(), edge)}><Icon name="x" /></button>}
  </li>
}

/** Where a way leads, by name. The other states are listed when it is reached: 200 states have 500 of these. */
export function TargetSelect({ label, value, own, onChange, empty }: { label: string; value: string; own: string; onChange: (to: string) => void; empty?: string }): ReactNode {
  const [listed, setListed] = useState(false)
  const { flow, names } = currentWorld()
  // At once, before the browser opens the list.
  const list = (): void => { if (!listed) flushSync(() => setListed(true)) }
  const keys = listed ? flatOrder(flow).filter(key => key !== own || key === value) : flow.states[value] ? [value] : []
  const seen = new Map<string, number>()
  if (listed) for (const key of Object.keys(flow.states)) seen.set(names.state(key), (seen.get(names.state(key)) ?? 0) + 1)
  return <select className="input small" aria-label={label} value={value} onPointerEnter={list} onPointerDown={list} onFocus={list} onChange={event => { if (event.currentTarget.value) onChange(event.currentTarget.value) }}>
    {empty !== undefined && <option value="">{empty}</option>}
    {value && !flow.states[value] && <option value={value}>{value}</option>}
    {keys.map(key => <option key={key} value={key}>{names.state(key)}{(seen.get(names.state(key)) ?? 0) > 1 ? ` (${key})` : ''}</option>)}
  </select>
}
