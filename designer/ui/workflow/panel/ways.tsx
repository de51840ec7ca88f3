/** The ways out of a state, and the panel of one way: name, condition, order, what it asks for and does. */
import { type ReactNode } from 'react'
import { say } from '../../../../runtime/ui/shared/texts.ts'
import type { Text } from '../../core/documents.ts'
import { get, set } from '../../core/paths.ts'
import { within } from '../../core/problems.ts'
import { Button, Check, Icon, SelectField, TextField, WordsField } from '../../parts/basics.tsx'
import { PickMany } from '../../parts/pick.tsx'
import { addBranch, link, moveWay, setPriority, unlink } from '../commands.ts'
import { disconnect, redirect } from '../model/change.ts'
import { edgesFrom } from '../model/edges.ts'
import type { Edge, FormRights, Transition } from '../model/shapes.ts'
import { conditionWords, edgeSentence, edgeWords, text } from '../words.ts'
import { TargetSelect } from '../views/table.tsx'
import { useWorld } from '../world.ts'
import { Actions } from './actions.tsx'
import { Part } from './part.tsx'
import { ConditionOf, WhoField } from './people.tsx'

const w = (code: string, values?: Record<string, string | number>): string => say(`designer.workflow.${code}`, values)

/** All ways out with where they lead; connecting without a mouse. */
export function WaysOut({ id }: { id: string }): ReactNode {
  const world = useWorld()
  const { flow, edit, names, fields, select } = world
  const state = flow.states[id]!
  if (state.type === 'final') return <p className="hint">{w('final_has_no_ways')}</p>
  const edges = edgesFrom(flow, id)
  return <div className="ways-out">
    {state.type === 'choice' && <SelectField label={w('hit')} value={state.hit ?? 'unique'} help={w(`hit_help.${state.hit ?? 'unique'}`)} options={(['first', 'unique'] as const).map(value => ({ value, label: w(`hit.${value}`) }))} onChange={hit => edit(w('did.order', { state: names.state(id) }), before => set(before, ['states', id, 'hit'], hit))} />}
    <ol>{edges.map(edge => { const when = conditionWords(edge.when, fields); return <li key={edge.id}>
      <button type="button" className="link" onClick={() => select({ states: [], edge: edge.id })}>{edgeWords(edge, flow)}{when && <small>{when}</small>}</button>
      <TargetSelect label={w('leads_where', { what: edgeWords(edge, flow), state: names.state(id) })} value={edge.target} own={id} onChange={to => edit(w('did.redirect', { what: edgeWords(edge, flow), state: names.state(to) }), before => redirect(before, edge, to))} />
    </li> })}</ol>
    {state.type === 'choice' && <div className="button-line"><Button small icon="git-branch" label={w('add.branch')} onClick={() => addBranch(world, id)} />
      {!state.otherwise && <Button small label={w('add_otherwise')} onClick={() => edit(w('did.add_otherwise'), before => set(before, ['states', id, 'otherwise'], { to: state.cases?.at(-1)?.to ?? flow.initial }))} />}</div>}
    {state.type === 'input' && <TargetSelect label={w('connect_from', { state: names.state(id) })} empty={w('new_move_to')} value="" own={id} onChange={to => link(world, id, to)} />}
    {state.type === 'approval' && !state.outcomes?.expired && <TargetSelect label={w('expired_to')} empty={w('expired_to')} value="" own={id} onChange={to => link(world, id, to, 'expired')} />}
  </div>
}

export function WayPanel({ edge }: { edge: Edge }): ReactNode {
  const world = useWorld()
  const { flow, edit, names, fields, designer, problems } = world
  const state = flow.states[edge.source]!
  const found = within(problems, designer.place, edge.path)
  const when = conditionWords(edge.when, fields)
  const label = w('did.way', { what: edgeWords(edge, flow) })
  const put = (part: string, value: unknown, merge?: string): void => { edit(label, before => set(before, [...edge.path, part], value), merge ? { merge } : {}) }
  const isMove = edge.via === 'transition'
  const transition = isMove ? get(flow, edge.path) as Transition : undefined
  const siblings = edge.via === 'case' ? state.cases?.length ?? 0 : isMove ? state.transitions?.length ?? 0 : 0
  const place = Number(edge.path.at(-1))
  return <div className="flow-panel">
    <h2><Icon name="arrow-right" />{edgeWords(edge, flow)}<small>{w('way')}</small></h2>
    <p className="hint">{edgeSentence(edge, flow, names, when)}</p>
    {found.length > 0 && <ul className="panel-problems">{found.map((problem, index) => <li key={index} className={problem.level}><Icon name="triangle-alert" /><span>{problem.message}</span></li>)}</ul>}
    {isMove && <WordsField label={w('way_name')} value={transition!.label ?? transition!.on} onChange={(to: Text) => put('label', to, `way-${edge.id}`)} />}
    <div className="field"><span className="label" aria-hidden="true">{w('target')}</span><TargetSelect label={w('leads_where', { what: edgeWords(edge, flow), state: names.state(edge.source) })} value={edge.target} own={edge.source} onChange={to => edit(w('did.redirect', { what: edgeWords(edge, flow), state: names.state(to) }), before => redirect(before, edge, to))} /></div>
    {edge.via === 'case' && <ConditionOf label={w('condition')} value={edge.when} onChange={to => to && put('when', to, `when-${edge.id}`)} />}
    {edge.via === 'otherwise' && <p className="hint">{w('otherwise_help')}</p>}
    {siblings > 1 && <div className="priority-field"><SelectField label={w('order_of_way')} help={w(edge.via === 'case' ? (state.hit === 'first' ? 'order_first' : 'order_unique') : 'order_moves')} value={String(place)} options={Array.from({ length: siblings }, (_, index) => ({ value: String(index), label: w('order_place', { number: index + 1, count: siblings }) }))} onChange={to => setPriority(world, edge, Number(to))} />
      <div className="button-group"><Button small icon="arrow-up" shown={false} label={w('earlier')} disabled={place === 0} onClick={() => moveWay(world, edge, -1)} /><Button small icon="arrow-down" shown={false} label={w('later')} disabled={place === siblings - 1} onClick={() => moveWay(world, edge, 1)} /></div></div>}
    {transition && <>
      <WhoField label={w('by')} value={transition.by} without={['assignee']} onChange={by => by.length > 0 && put('by', by)} />
      <ConditionOf label={w('only_when')} value={transition.when} none={w('always_open')} onChange={to => put('when', to, `when-${edge.id}`)} />
      <Part title={w('part.asks')} open={!!transition.form}><WayForm form={transition.form} onChange={form => put('form', form)} />
        <Check label={w('confirm')} value={transition.confirm ?? false} onChange={on => put('confirm', on || undefined)} /></Part>
      <Part title={w('part.more')}><TextField label={w('move_key')} mono value={transition.on} onChange={to => { const on = to.toLowerCase().replace(/[^a-z0-9_]/g, '_'); if (/^[a-z]/.test(on)) put('on', on, `on-${edge.id}`) }} /></Part></>}
    {edge.via !== 'timer' && edge.via !== 'return' && <Part title={w('part.actions')} count={((get(flow, [...edge.path, 'do']) as unknown[] | undefined) ?? []).length} open><Actions path={[...edge.path, 'do']} legend={w('on_way')} /></Part>}
    {disconnect(flow, edge) && <div className="panel-foot"><Button small tone="danger" icon="trash-2" label={w('remove_way', { what: edgeWords(edge, flow) })} onClick={() => unlink(world, edge)} /></div>}
    <div className="panel-foot"><Button small tone="plain" icon="corner-up-left" label={w('back_to', { state: names.state(edge.source) })} onClick={() => world.select({ states: [edge.source], edge: undefined })} /></div>
  </div>
}

/** What a move asks for: fields to fill in, fields to offer, a comment. */
function WayForm({ form = {}, onChange }: { form: FormRights | undefined; onChange: (form: FormRights | undefined) => void }): ReactNode {
  const { fields, designer, flow } = useWorld()
  const options = fields.filter(field => !field.retired && field.key !== flow.status_field && !designer.fieldType(field.type)?.is_derived && !designer.fieldType(field.type)?.is_system).map(field => ({ value: field.key, label: text(field.label, field.key), note: field.key }))
  const put = (change: Partial<FormRights>): void => {
    const next = Object.fromEntries(Object.entries({ ...form, ...change }).filter(([, value]) => value !== undefined && (!Array.isArray(value) || value.length > 0)))
    onChange(Object.keys(next).length ? next : undefined)
  }
  return <><PickMany label={w('require_fields')} values={form.require ?? []} options={options} onChange={require => put({ require })} />
    <PickMany label={w('edit_fields')} values={form.edit ?? []} options={options} onChange={edit => put({ edit })} />
    <SelectField label={w('comment')} value={form.comment ?? 'optional'} options={['optional', 'always'].map(value => ({ value, label: w(`comment.${value}`) }))} onChange={to => put({ comment: to === 'optional' ? undefined : to as 'always' })} /></>
}
