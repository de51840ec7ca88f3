/** The panel of the workflow itself: name, start, withdraw and recall, what the record allows, policies for every step. */
import { type ReactNode } from 'react'
import { say } from '../../../../runtime/ui/shared/texts.ts'
import { freeKey, type AppDocument, type Text } from '../../core/documents.ts'
import { insert, set } from '../../core/paths.ts'
import { within } from '../../core/problems.ts'
import { Button, Icon, NumberField, SelectField, WordsField } from '../../parts/basics.tsx'
import { PickMany } from '../../parts/pick.tsx'
import { isHuman } from '../model/edges.ts'
import { flatOrder } from '../model/steps.ts'
import type { GlobalMove } from '../model/shapes.ts'
import { ruleWords, text } from '../words.ts'
import { useWorld } from '../world.ts'
import { Actions } from './actions.tsx'
import { Part } from './part.tsx'
import { ConditionOf, RuleFields, WhoField } from './people.tsx'
import { PolicyFields } from './state.tsx'

const w = (code: string, values?: Record<string, string | number>): string => say(`designer.workflow.${code}`, values)

export function FlowPanel({ onMatrix }: { onMatrix: () => void }): ReactNode {
  const world = useWorld()
  const { flow, edit, names, designer, fields, more } = world
  const label = w('did.flow')
  const put = (path: (string | number)[], value: unknown, merge?: string): void => { edit(label, before => set(before, path, value), merge ? { merge } : {}) }
  const general = world.problems.filter(problem => problem.path[0] !== 'states')
  const human = flatOrder(flow).filter(key => isHuman(flow.states[key]))
  const listed = Object.entries(flow.rules ?? {})
  return <div className="flow-panel">
    <h2><Icon name="git-branch" />{designer.read(flow.label)}<small>{w('workflow')}</small></h2>
    {general.length > 0 && <ul className="panel-problems">{general.map((problem, index) => <li key={index} className={problem.level}><Icon name={problem.level === 'error' ? 'circle-alert' : 'triangle-alert'} /><span>{problem.message}</span></li>)}</ul>}
    <WordsField label={w('name')} value={flow.label} onChange={(to: Text) => put(['label'], to, 'flow-label')} />
    <dl className="flow-facts"><div><dt>{w('entity')}</dt><dd>{designer.name(`entity/${flow.entity}`)}</dd></div><div><dt>{w('status_field')}</dt><dd>{names.field(flow.status_field)}</dd></div></dl>
    <Part title={w('part.start')} open>
      <SelectField label={w('initial')} value={flow.initial} options={human.map(key => ({ value: key, label: names.state(key) }))} onChange={to => put(['initial'], to)} />
      <WhoField label={w('start_by')} value={flow.start?.by} without={['initiator', 'assignee']} onChange={by => put(['start', 'by'], by.length ? by : undefined)} />
      <ConditionOf label={w('start_when')} none={w('always_open')} value={flow.start?.when} onChange={to => put(['start', 'when'], to, 'start-when')} />
    </Part>
    <Part title={w('part.global')} count={flow.global?.length} open>{(flow.global ?? []).map((move, index) => <GlobalFields key={index} move={move} index={index} human={human} />)}
      <div className="button-line"><Button small icon="undo-2" label={w('add_withdraw')} onClick={() => edit(label, before => insert(before, ['global'], before.global?.length ?? 0, { on: freeKey('withdraw', (before.global ?? []).map(each => each.on)), label: more.words.withdraw, to: before.initial, by: ['initiator'], until: 'first_decision' }))} />
        <Button small icon="ban" label={w('add_recall')} onClick={() => edit(label, before => insert(before, ['global'], before.global?.length ?? 0, { on: freeKey('recall', (before.global ?? []).map(each => each.on)), label: more.words.recall, to: before.initial, by: ['admin'], until: 'final' }))} /></div></Part>
    <Part title={w('part.notifications')}><Messages /></Part>
    <Part title={w('part.record')}>
      <SelectField label={w('lock')} value={flow.record?.lock ?? 'all'} options={['all', 'none'].map(value => ({ value, label: w(`lock.${value}`) }))} onChange={to => put(['record', 'lock'], to)} />
      <PickMany label={w('open_fields')} help={w('open_fields_help')} values={flow.record?.open_fields ?? []} options={fields.filter(field => !field.retired).map(field => ({ value: field.key, label: text(field.label, field.key), note: field.key }))} onChange={to => put(['record', 'open_fields'], to.length ? to : undefined)} />
      <OnChange />
      <SelectField label={w('on_delete')} value={flow.record?.on_delete ?? 'forbid'} options={['forbid', 'cancel'].map(value => ({ value, label: w(`on_delete.${value}`) }))} onChange={to => put(['record', 'on_delete'], to)} />
      <Button small icon="table" label={w('open_matrix')} onClick={onMatrix} />
    </Part>
    <Part title={w('part.defaults')}><p className="hint">{w('defaults_help')}</p><PolicyFields path={['defaults']} /></Part>
    <Part title={w('part.people')} count={listed.length}><p className="hint">{w('people_help')}</p>{listed.map(([name, rule]) => <details key={name} className="action"><summary>{ruleWords(rule, names)} <code>{name}</code></summary>
      {within(world.problems, designer.place, ['rules', name]).map(problem => <p className={`problem ${problem.level}`} key={problem.message}>{problem.message}</p>)}
      <RuleFields rule={rule} onChange={to => put(['rules', name], to, `rule-${name}`)} />
      <Button small tone="plain" icon="trash-2" label={w('remove_rule')} onClick={() => put(['rules', name], undefined)} /></details>)}</Part>
    <Part title={w('part.limits')}><NumberField label={w('max_rounds')} value={flow.limits?.max_rounds} minimum={1} maximum={1000} help={w('max_rounds_help')} onChange={to => put(['limits', 'max_rounds'], to)} /></Part>
  </div>
}

function GlobalFields({ move, index, human }: { move: GlobalMove; index: number; human: readonly string[] }): ReactNode {
  const { flow, edit, names, more } = useWorld()
  const at = ['global', index]
  const name = text(move.label, text(more.words[move.on], move.on))
  const put = (part: string, value: unknown, merge?: string): void => { edit(w('did.global', { what: text(move.label, move.on) }), before => set(before, [...at, part], value), merge ? { merge } : {}) }
  return <details className="action" open={false}><summary>{name} → {names.state(move.to)}</summary>
    <WordsField label={w('way_name')} value={move.label ?? move.on} onChange={(to: Text) => put('label', to, `global-${index}`)} />
    <SelectField label={w('target')} value={move.to} options={flatOrder(flow).map(key => ({ value: key, label: names.state(key) }))} onChange={to => put('to', to)} />
    <WhoField label={w('by')} value={move.by} onChange={by => by.length > 0 && put('by', by)} />
    <SelectField label={w('until_when')} value={move.until ?? 'final'} options={(['first_decision', 'final'] as const).map(value => ({ value, label: w(`until.${value}`) }))} onChange={to => put('until', to)} />
    <PickMany label={w('from_states')} help={w('from_states_help')} values={move.from ?? []} options={human.map(key => ({ value: key, label: names.state(key), note: key }))} onChange={from => put('from', from.length ? from : undefined)} />
    <ConditionOf label={w('only_when')} none={w('always_open')} value={move.when} onChange={to => put('when', to, `global-when-${index}`)} />
    <Actions path={[...at, 'do']} legend={w('on_way')} />
    <Button small tone="plain" icon="trash-2" label={w('remove_way', { what: text(move.label, move.on) })} onClick={() => edit(w('did.unlink', { what: text(move.label, move.on) }), before => set(before, before.global!.length > 1 ? at : ['global'], undefined))} />
  </details>
}

/** What a change of the record does while approvals are under way. */
function OnChange(): ReactNode {
  const { flow, edit, fields } = useWorld()
  const rules = flow.record?.on_change ?? []
  const label = w('did.flow')
  const options = fields.filter(field => !field.retired).map(field => ({ value: field.key, label: text(field.label, field.key), note: field.key }))
  return <fieldset className="field"><legend>{w('on_change')}</legend>{rules.map((rule, index) => <div className="stack boxed" key={index}>
    <PickMany label={w('on_change_fields')} values={rule.fields} options={options} onChange={to => edit(label, before => to.length ? set(before, ['record', 'on_change', index, 'fields'], to) : set(before, rules.length > 1 ? ['record', 'on_change', index] : ['record', 'on_change'], undefined))} />
    <SelectField label={w('on_change_do')} value={rule.do} options={(['restart', 'reroute', 'void_approvals', 'note'] as const).map(value => ({ value, label: w(`on_change.${value}`) }))} onChange={to => edit(label, before => set(before, ['record', 'on_change', index, 'do'], to))} />
  </div>)}{options[0] && <Button small icon="plus" label={w('add_on_change')} onClick={() => edit(label, before => insert(before, ['record', 'on_change'], rules.length, { fields: [options[0]!.value], do: 'reroute' }))} />}</fieldset>
}

/** Message templates of the app: subject and body in both languages. */
function Messages(): ReactNode {
  const { designer } = useWorld()
  const app = designer.draft.all<AppDocument & { templates?: Record<string, { subject: Text; body: Text }> }>('app')[0]
  if (!app) return null
  const place = `app/${app.key}` as const
  const templates = app.templates ?? {}
  const label = w('did.template')
  const put = (path: (string | number)[], value: unknown, merge?: string): void => { designer.draft.edit(label, edits => edits.set(place, ['templates', ...path], value), merge ? { merge } : {}) }
  return <><p className="hint">{w('templates_help')}</p>{Object.entries(templates).map(([key, template]) => <details key={key} className="action"><summary>{designer.read(template.subject, key)} <code>{key}</code></summary>
    <WordsField label={w('template_subject')} value={template.subject} onChange={to => put([key, 'subject'], to, `template-${key}-subject`)} />
    <WordsField label={w('template_body')} lines={4} value={template.body} onChange={to => put([key, 'body'], to, `template-${key}-body`)} /></details>)}
    <Button small icon="plus" label={w('add_template')} onClick={() => { const words = designer.boot.more.words; put([freeKey('message', Object.keys(templates))], { subject: words.template_subject, body: words.template_body }) }} /></>
}
