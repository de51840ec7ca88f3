/** The workflow as a table of states with their actions: everything the other views do, for keyboards and screen readers. */
import { useMemo, type ReactNode } from 'react'
import { say } from '../../../../runtime/ui/shared/texts.ts'
import { within } from '../../core/problems.ts'
import { Icon, Menu } from '../../parts/basics.tsx'
import { AddMenu, pick } from '../card.tsx'
import { duplicate, link, move, unlink } from '../commands.ts'
import { disconnect, redirect } from '../model/change.ts'
import { edgesFrom } from '../model/edges.ts'
import { flatOrder } from '../model/steps.ts'
import type { Edge } from '../model/shapes.ts'
import { actorWords, conditionWords, durationWords, edgeWords, iconOf, kindWords, timerWords } from '../words.ts'
import { useWorld } from '../world.ts'

interface Props { toPanel: () => void; onRemove: (keys: readonly string[]) => void; lit: { states: ReadonlySet<string>; transitions: ReadonlySet<string> } }
const w = (code: string, values?: Record<string, string | number>): string => say(`designer.workflow.${code}`, values)

export function TableView(props: Props): ReactNode {
  const { flow } = useWorld()
  const order = useMemo(() => flatOrder(flow), [flow])
  return <div className="flow-table table-scroll"><table className="table">
    <caption className="sr">{w('view_table')}</caption>
    <thead><tr><th scope="col">{w('column.state')}</th><th scope="col">{w('column.who')}</th><th scope="col">{w('column.deadline')}</th><th scope="col">{w('column.actions')}</th><th scope="col" className="number">{w('column.records')}</th><th scope="col"><span className="sr">{w('column.tools')}</span></th></tr></thead>
    <tbody>{order.map(key => <Row key={key} id={key} {...props} />)}</tbody>
  </table></div>
}

function Row({ id, toPanel, onRemove, lit }: Props & { id: string }): ReactNode {
  const world = useWorld()
  const { flow, names, more, problems, designer, selection } = world
  const state = flow.states[id]!
  const found = within(problems, designer.place, ['states', id])
  const selected = selection.states.includes(id)
  const isFinal = state.type === 'final'
  return <tr className={`${selected ? 'selected' : ''}${lit.states.has(id) ? ' lit' : ''}`}>
    <th scope="row" data-label={w('column.state')}><button type="button" className="state-name" data-node={id} aria-pressed={selected} onClick={event => pick(world, id, event as unknown as MouseEvent, toPanel)}>
      <Icon name={iconOf(flow, id)} /><span>{names.state(id)}<small>{id === flow.initial ? w('kind.start') : kindWords(state.type)}</small></span></button>
      {found.slice(0, 2).map((problem, index) => <p key={index} className={`state-problem ${problem.level}`}><Icon name={problem.level === 'error' ? 'circle-alert' : 'triangle-alert'} />{problem.message}</p>)}</th>
    <td data-label={w('column.who')}>{actorWords(state, flow, names)}</td>
    <td data-label={w('column.deadline')}>{(state.timers ?? []).map(timer => <div key={timer.id} title={timerWords(timer, flow, names)}>{typeof timer.after === 'string' ? durationWords(timer.after) : timerWords(timer, flow, names)}</div>)}</td>
    <td data-label={w('column.actions')}><ul className="row-ways">{edgesFrom(flow, id).map(edge => <RowWay key={edge.id} edge={edge} lit={lit.transitions.has(edge.id)} />)}</ul>
      {!isFinal && state.type !== 'approval' && <TargetSelect label={w('connect_from', { state: names.state(id) })} empty={w(state.type === 'choice' ? 'new_branch_to' : 'new_move_to')} value="" own={id} onChange={to => link(world, id, to)} />}</td>
    <td className="number" data-label={w('column.records')}>{more.counts[id] ?? ''}</td>
    <td className="tools">{!isFinal && <AddMenu after={id} />}
      <Menu icon="ellipsis" small label={w('more_of', { state: names.state(id) })} items={[
        { label: w('move_up'), icon: 'arrow-up', act: () => move(world, id, -1), disabled: isFinal || id === flow.initial, keys: 'Alt+↑' },
        { label: w('move_down'), icon: 'arrow-down', act: () => move(world, id, 1), disabled: isFinal || id === flow.initial, keys: 'Alt+↓' },
        { label: w('duplicate'), icon: 'copy', act: () => duplicate(world, [id]), keys: 'Ctrl+D' },
        { label: w('remove'), icon: 'trash-2', act: () => onRemove([id]), danger: true, rule: true, keys: 'Del' }]} /></td>
  </tr>
}

function RowWay({ edge, lit }: { edge: Edge; lit: boolean }): ReactNode {
  const world = useWorld()
  const { flow, fields, names, selection } = world
  const when = conditionWords(edge.when, fields)
  return <li className={`${selection.edge === edge.id ? 'selected' : ''}${lit ? ' lit' : ''}`}>
    <button type="button" className="link" data-edge={edge.id} aria-pressed={selection.edge === edge.id} onClick={() => world.select({ states: [], edge: edge.id })}>{edgeWords(edge, flow)}{when && <small>{when}</small>}</button>
    <TargetSelect label={w('leads_where', { what: edgeWords(edge, flow), state: names.state(edge.source) })} value={edge.target} own={edge.source}
      onChange={to => world.edit(w('did.redirect', { what: edgeWords(edge, flow), state: names.state(to) }), current => redirect(current, edge, to))} />
    {disconnect(flow, edge) && <button type="button" className="button plain square small" aria-label={w('remove_way', { what: edgeWords(edge, flow) })} title={w('remove_way', { what: edgeWords(edge, flow) })} onClick={() => unlink(world, edge)}><Icon name="x" /></button>}
  </li>
}

/** Where a way leads, by name. */
export function TargetSelect({ label, value, own, onChange, empty }: { label: string; value: string; own: string; onChange: (to: string) => void; empty?: string }): ReactNode {
  const { flow, names } = useWorld()
  return <select className="input small" aria-label={label} value={value} onChange={event => { if (event.currentTarget.value) onChange(event.currentTarget.value) }}>
    {empty !== undefined && <option value="">{empty}</option>}
    {value && !flow.states[value] && <option value={value}>{value}</option>}
    {flatOrder(flow).filter(key => key !== own || key === value).map(key => <option key={key} value={key}>{names.state(key)}{twins(flow, names.state, key) ? ` (${key})` : ''}</option>)}
  </select>
}

/** Two states may be called the same: then their keys tell them apart. */
const twins = (flow: { states: Record<string, unknown> }, name: (key: string) => string, key: string): boolean => Object.keys(flow.states).some(other => other !== key && name(other) === name(key))
