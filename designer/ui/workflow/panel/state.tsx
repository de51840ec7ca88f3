/** The panel of a state: everything it says, in the order in which people ask. */
import { useState, type ReactNode } from 'react'
import { say } from '../../../../runtime/ui/shared/texts.ts'
import type { Text } from '../../core/documents.ts'
import { get, set, type Path } from '../../core/paths.ts'
import { within } from '../../core/problems.ts'
import { Button, Check, Icon, NumberField, SelectField, TextField, WordsField } from '../../parts/basics.tsx'
import { PickMany } from '../../parts/pick.tsx'
import { isHuman } from '../model/edges.ts'
import { renameState } from '../model/change.ts'
import { setRule, withoutUnusedRules, withRule } from '../model/people.ts'
import { flatOrder } from '../model/steps.ts'
import type { Policy, ReturnPolicy, State, Workflow } from '../model/shapes.ts'
import { iconOf, kindWords, text } from '../words.ts'
import { addStatus, rename, useWorld } from '../world.ts'
import { Actions } from './actions.tsx'
import { Participants, RuleFields, WhoField } from './people.tsx'
import { Part } from './part.tsx'
import { StateRights } from './rights.tsx'
import { SpanField, Timers } from './timers.tsx'
import { WaysOut } from './ways.tsx'

const w = (code: string, values?: Record<string, string | number>): string => say(`designer.workflow.${code}`, values)

export function StatePanel({ id, onRemove, onMatrix }: { id: string; onRemove: (keys: readonly string[]) => void; onMatrix: () => void }): ReactNode {
  const world = useWorld()
  const { flow, edit, names, designer } = world
  const state = flow.states[id]!
  const at: Path = ['states', id]
  const found = within(world.problems, designer.place, at)
  const put = (part: string, value: unknown, merge?: string): void => { edit(w('did.change', { what: names.state(id) }), before => set(before, [...at, part], value), merge ? { merge } : {}) }
  return <div className="flow-panel">
    <h2><Icon name={iconOf(flow, id)} />{names.state(id)}<small>{id === flow.initial ? w('kind.start') : kindWords(state.type)}</small></h2>
    {found.length > 0 && <ul className="panel-problems">{found.map((problem, index) => <li key={index} className={problem.level}><Icon name={problem.level === 'error' ? 'circle-alert' : 'triangle-alert'} /><span>{problem.message}</span></li>)}</ul>}
    <WordsField label={w('state_name')} value={state.label} onChange={(to: Text) => rename(world, id, to)} />
    {state.type === 'final' && <SelectField label={w('outcome')} value={state.outcome ?? 'approved'} options={['approved', 'rejected', 'withdrawn', 'cancelled', 'expired'].map(value => ({ value, label: w(`outcome.${value}`) }))} onChange={to => put('outcome', to)} />}
    {state.type === 'approval' && <><Part title={w('part.who')} open><Participants id={id} state={state} /></Part>
      <Part title={w('part.decision')} open={(state.participants?.length ?? 0) > 1 || state.decide?.mode !== 'any'}><Decision id={id} state={state} /></Part></>}
    {state.type === 'input' && <Part title={w('part.who')} open><WhoField label={w('owner')} help={w('owner_help')} value={state.owner} without={['assignee', 'any']} onChange={to => put('owner', to.length ? to : undefined)} /></Part>}
    <Part title={w('part.ways')} open={state.type === 'choice' || state.type === 'input'}><WaysOut id={id} /></Part>
    {isHuman(state) && <Part title={w('part.time')} count={state.timers?.length} open={!!state.timers?.length || state.type === 'approval'}><Timers id={id} state={state} /></Part>}
    {isHuman(state) && <Part title={w('part.fields')}><StateRights id={id} onMatrix={onMatrix} />
      {state.type === 'approval' && <SelectField label={w('comment')} value={state.form?.comment ?? 'optional'} options={['optional', 'on_reject', 'always'].map(value => ({ value, label: w(`comment.${value}`) }))} onChange={to => edit(w('did.change', { what: names.state(id) }), before => set(before, [...at, 'form', 'comment'], to === 'optional' ? undefined : to))} />}</Part>}
    {state.type === 'approval' && <Part title={w('part.allowed')}><Allowed id={id} state={state} /></Part>}
    <Part title={w('part.actions')} count={(state.enter?.length ?? 0) + (state.exit?.length ?? 0)}><Actions path={[...at, 'enter']} legend={w('on_enter')} /><Actions path={[...at, 'exit']} legend={w('on_exit')} /></Part>
    <Part title={w('part.more')}><Status id={id} state={state} /><KeyField id={id} /></Part>
    <div className="panel-foot"><Button small tone="danger" icon="trash-2" label={w('remove_state')} onClick={() => onRemove([id])} /></div>
  </div>
}

function Decision({ id, state }: { id: string; state: State }): ReactNode {
  const { edit, names } = useWorld()
  const decide = state.decide ?? { mode: 'any' }
  const put = (part: string, value: unknown): void => { edit(w('did.decision', { state: names.state(id) }), before => set(before, ['states', id, 'decide', part], value)) }
  return <>
    <SelectField label={w('mode')} value={decide.mode} help={w(`mode_help.${decide.mode}`)} options={(['any', 'all', 'sequential', 'groups'] as const).map(value => ({ value, label: w(`mode.${value}`) }))} onChange={to => put('mode', to)} />
    <SelectField label={w('reject_at')} value={decide.reject_at ?? 'first'} options={(['first', 'all', 'impossible'] as const).map(value => ({ value, label: w(`reject_at.${value}`) }))} onChange={to => put('reject_at', to)} />
    <Check label={w('wait_for_all')} help={w('wait_for_all_help')} value={decide.wait_for_all ?? false} onChange={on => put('wait_for_all', on || undefined)} />
  </>
}

/** Nobody found, own request, same person again; what approvers may do besides deciding. */
export function PolicyFields({ path, inherited }: { path: Path; inherited?: Policy | undefined }): ReactNode {
  const { flow, edit } = useWorld()
  const policy = (get(flow, path) ?? {}) as Policy
  const label = w('did.policy')
  const put = (part: keyof Policy, value: unknown): void => { edit(label, before => withoutUnusedRules(before, set(before, [...path, part], value))) }
  const fallback = typeof policy.on_empty === 'object' ? policy.on_empty.fallback : undefined
  const asIn = inherited ? w('as_in_workflow') : w('as_usual')
  const select = (part: 'on_initiator' | 'dedupe' | 'on_inactive', values: readonly string[]): ReactNode => <SelectField label={w(part)} value={policy[part] ?? ''} empty={asIn} options={values.map(value => ({ value, label: w(`${part}.${value}`) }))} onChange={to => put(part, to || undefined)} />
  const setEmpty = (to: string): void => {
    if (to !== 'fallback') return put('on_empty', to || undefined)
    edit(label, before => { const made = withRule(before, { kind: 'role', value: Object.values(before.rules ?? {}).find(rule => rule.kind === 'role')?.value ?? 'role' }); return set(made.flow, [...path, 'on_empty'], { fallback: made.name }) })
  }
  const allow = policy.allow
  const all = ['transfer', 'return', 'cc', 'comment'] as const
  const inheritedAllow = inherited?.allow ?? all
  return <>
    <SelectField label={w('on_empty')} value={fallback !== undefined ? 'fallback' : (policy.on_empty as string | undefined) ?? ''} empty={asIn} options={['admin', 'fallback', 'refuse', 'skip', 'reject'].map(value => ({ value, label: w(`on_empty.${value}`) }))} onChange={setEmpty} />
    {fallback !== undefined && <RuleFields rule={flow.rules?.[fallback] ?? { kind: 'role' }} onChange={rule => edit(label, before => setRule(before, [...path, 'on_empty', 'fallback'], rule), { merge: `fallback-${path.join('/')}` })} />}
    {select('on_initiator', ['manager', 'department_head', 'skip', 'allow', 'forbid'])}
    {select('dedupe', ['none', 'adjacent', 'round'])}
    {select('on_inactive', ['manager', 'admin', 'skip', 'keep'])}
    <fieldset className="field"><legend>{w('may_also')}</legend>{all.map(each => <Check key={each} label={w(`allow.${each}`)} value={(allow ?? inheritedAllow).includes(each)}
      onChange={on => put('allow', all.filter(other => other === each ? on : (allow ?? inheritedAllow).includes(other)))} />)}</fieldset>
    {policy.remind_every !== undefined ? <SpanField label={w('remind_every')} value={policy.remind_every} onChange={to => put('remind_every', to)} /> : <Button small tone="plain" icon="plus" label={w('remind_every')} onClick={() => put('remind_every', 'PT2H')} />}
    <Check label={w('bind')} help={w('bind_help')} value={policy.bind_to_record_version ?? inherited?.bind_to_record_version ?? true} onChange={on => put('bind_to_record_version', on)} />
  </>
}

function Allowed({ id, state }: { id: string; state: State }): ReactNode {
  const { flow } = useWorld()
  return <><PolicyFields path={['states', id, 'policy']} inherited={flow.defaults ?? {}} /><Returns id={id} state={state} /></>
}

function Returns({ id, state }: { id: string; state: State }): ReactNode {
  const world = useWorld()
  const { flow, edit, names, fields } = world
  const policy = state.return
  const at: Path = ['states', id, 'return']
  const put = (to: ReturnPolicy | undefined): void => { edit(w('did.returns', { state: names.state(id) }), (before: Workflow) => set(before, at, to)) }
  const targets = [{ value: 'initiator', label: w('return_to.initiator') }, { value: 'previous', label: w('return_to.previous') }, ...flatOrder(flow).filter(key => key !== id && isHuman(flow.states[key])).map(key => ({ value: key, label: names.state(key), note: key }))]
  return <fieldset className="field returns"><legend>{w('returns')}</legend>
    <PickMany label={w('return_to')} values={policy?.to ?? []} options={targets} onChange={to => put(to.length ? { ...(policy ?? { max: 3, on_max: 'reject' }), to } : undefined)} />
    {policy && <>
      <SelectField label={w('resume')} value={policy.resume ?? 'rerun'} options={(['rerun', 'direct', 'ask'] as const).map(value => ({ value, label: w(`resume.${value}`) }))} onChange={resume => put({ ...policy, resume: resume as 'rerun' })} />
      {policy.resume !== 'rerun' && policy.resume !== undefined && <>
        <SelectField label={w('direct_to')} value={policy.direct_to ?? 'step'} options={(['step', 'returner'] as const).map(value => ({ value, label: w(`direct_to.${value}`) }))} onChange={to => put({ ...policy, direct_to: to as 'step' })} />
        <PickMany label={w('rerun_if_changed')} values={policy.rerun_if_changed ?? []} options={fields.filter(field => !field.retired).map(field => ({ value: field.key, label: text(field.label, field.key), note: field.key }))} onChange={list => { const { rerun_if_changed: _, ...rest } = policy; put(list.length ? { ...rest, rerun_if_changed: list } : rest) }} /></>}
      <div className="two"><NumberField label={w('return_max')} value={policy.max} minimum={1} maximum={1000} onChange={max => { const { max: _, ...rest } = policy; put(max ? { ...rest, max } : rest) }} />
        <SelectField label={w('on_max')} value={policy.on_max ?? 'reject'} options={(['reject', 'admin'] as const).map(value => ({ value, label: w(`on_max.${value}`) }))} onChange={to => put({ ...policy, on_max: to as 'reject' })} /></div>
    </>}</fieldset>
}

/** What lists show for records in this state: an option of the status field, or a new one. */
function Status({ id, state }: { id: string; state: State }): ReactNode {
  const { flow, designer, statuses, names, entity } = useWorld()
  const [label, what] = [w('did.status', { state: names.state(id) }), names.field(flow.status_field)]
  const choose = (status: string): void => { designer.draft.edit(label, edits => edits.set(designer.place, ['states', id, 'status'], status || undefined)) }
  const make = (): void => {
    designer.draft.edit(label, edits => {
      const made = addStatus(designer, edits, flow, id, state.label ?? id, state.type === 'final' ? 'green' : 'orange')
      if (made) edits.set(designer.place, ['states', id, 'status'], made)
    })
  }
  return <div className="status-field"><SelectField label={w('status', { field: what })} help={w('status_help')} value={state.status ?? ''} empty={w('status_none')} options={statuses.filter(option => !option.retired || option.key === state.status).map(option => ({ value: option.key, label: text(option.label, option.key) }))} onChange={choose} />
    {entity && <Button small icon="plus" label={w('status_new', { state: names.state(id) })} onClick={make} />}</div>
}

function KeyField({ id }: { id: string }): ReactNode {
  const world = useWorld()
  const [typed, setTyped] = useState(id)
  const bad = typed !== id && (!/^[a-z][a-z0-9_]{0,62}$/.test(typed) || typed in world.flow.states)
  return <div className="key-field"><TextField label={w('key')} help={w('key_help')} mono value={typed} problems={bad ? [w('key_bad')] : []} onChange={setTyped} />
    {typed !== id && !bad && <Button small label={w('key_change')} onClick={() => world.edit(w('did.key', { state: world.names.state(id) }), before => renameState(before, id, typed), { select: { states: [typed], edge: undefined } })} />}</div>
}
