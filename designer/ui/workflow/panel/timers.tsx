/** Deadlines, reminders and escalations of a state. */
import type { ReactNode } from 'react'
import { say } from '../../../../runtime/ui/shared/texts.ts'
import { freeKey } from '../../core/documents.ts'
import { set, type Path } from '../../core/paths.ts'
import { within } from '../../core/problems.ts'
import { Button, Check, NumberField, SelectField } from '../../parts/basics.tsx'
import { durationOf, minutesOf, spanOf, type Span } from '../model/durations.ts'
import { setRule, withoutUnusedRules, withRule } from '../model/people.ts'
import type { PersonRule, State, Timer, Workflow } from '../model/shapes.ts'
import { timerWords } from '../words.ts'
import { useWorld } from '../world.ts'
import { RuleFields, WhoField } from './people.tsx'
import { TargetSelect } from '../views/table.tsx'

const w = (code: string, values?: Record<string, string | number>): string => say(`designer.workflow.${code}`, values)
const verbOf = (timer: Timer): string => typeof timer.do === 'string' ? timer.do : Object.keys(timer.do)[0]!

export function SpanField({ label, value, onChange, problems }: { label: string; value: string; onChange: (to: string) => void; problems?: readonly string[] }): ReactNode {
  const span = spanOf(value)
  return <div className="two span-field">
    <NumberField label={label} value={span.amount} minimum={1} maximum={99999} {...(problems ? { problems } : {})} onChange={amount => amount && onChange(durationOf({ ...span, amount }))} />
    <SelectField label={w('unit')} value={span.unit} options={(['minutes', 'hours', 'days'] as const).map(unit => ({ value: unit, label: w(`unit.${unit}`) }))} onChange={unit => onChange(durationOf({ amount: span.amount, unit: unit as Span['unit'] }))} />
  </div>
}

/** Timers fire in the order of their times; the document keeps that order. */
const sorted = (timers: readonly Timer[]): Timer[] => timers.every(timer => typeof timer.after === 'string') ? [...timers].sort((one, other) => minutesOf(one.after as string) - minutesOf(other.after as string)) : [...timers]

export function Timers({ id, state }: { id: string; state: State }): ReactNode {
  const world = useWorld()
  const { edit, names } = world
  const at: Path = ['states', id, 'timers']
  const timers = state.timers ?? []
  const label = w('did.timer', { state: names.state(id) })
  const isApproval = state.type === 'approval'
  const put = (change: (flow: Workflow) => Workflow, merge?: string): boolean => edit(label, before => withoutUnusedRules(before, change(before)), merge ? { merge } : {})
  const add = (verb: 'remind' | 'add' | 'transfer' | 'reject'): void => {
    const latest = Math.max(0, ...timers.map(timer => typeof timer.after === 'string' ? minutesOf(timer.after) : 0))
    const after = durationOf(spanOf(`PT${latest ? latest * 2 : verb === 'remind' ? 120 : 240}M`))
    put(before => {
      const manager: PersonRule = { kind: 'manager', levels: 2, of: 'initiator' }
      const made = verb === 'add' || verb === 'transfer' ? withRule(before, manager) : { flow: before, name: '' }
      const timer: Timer = { id: freeKey(verb === 'remind' ? 'remind' : verb === 'reject' ? 'give_up' : 'escalate', timers.map(each => each.id)), after, clock: 'elapsed',
        do: verb === 'remind' ? { remind: ['assignee'] } : verb === 'add' ? { add: made.name } : verb === 'transfer' ? { transfer: made.name } : 'reject' }
      return set(made.flow, at, sorted([...timers, timer]))
    })
  }
  return <div className="timers">{timers.map((timer, index) => <TimerFields key={timer.id} id={id} state={state} timer={timer} index={index} put={put} />)}
    <div className="button-line">
      {isApproval && <Button small icon="timer" label={w('timer.new_add')} onClick={() => add('add')} />}
      <Button small icon="bell" label={w('timer.new_remind')} onClick={() => add('remind')} />
      {isApproval && <Button small icon="ban" label={w('timer.new_reject')} onClick={() => add('reject')} />}
    </div></div>
}

function TimerFields({ id, state, timer, index, put }: { id: string; state: State; timer: Timer; index: number; put: (change: (flow: Workflow) => Workflow, merge?: string) => boolean }): ReactNode {
  const world = useWorld()
  const { flow, names, fields, designer } = world
  const at: Path = ['states', id, 'timers', index]
  const verb = verbOf(timer)
  const isApproval = state.type === 'approval'
  const verbs = isApproval ? ['remind', 'add', 'transfer', 'approve', 'reject', 'to'] : ['remind', 'to']
  const dates = fields.filter(field => (field.type === 'date' || field.type === 'datetime') && !field.retired)
  const isDated = typeof timer.after === 'object'
  const dated = isDated ? timer.after as { field: string; plus?: string; minus?: string } : undefined
  const problems = within(world.problems, designer.place, at).map(problem => problem.message)
  const setVerb = (to: string): void => {
    put(before => {
      if (to === 'approve' || to === 'reject') return set(set(before, [...at, 'do'], to), [...at, 'repeat'], undefined)
      if (to === 'remind') return set(before, [...at, 'do'], { remind: ['assignee'] })
      if (to === 'to') return set(set(before, [...at, 'do'], { to: Object.keys(before.states).find(key => before.states[key]!.type === 'final') ?? before.initial }), [...at, 'repeat'], undefined)
      const made = withRule(before, { kind: 'manager', levels: 2, of: 'initiator' })
      return set(made.flow, [...at, 'do'], { [to]: made.name })
    })
  }
  const after = (to: Timer['after'], merge?: string): void => { put(before => set(before, ['states', id, 'timers'], sorted(before.states[id]!.timers!.map((each, number) => number === index ? { ...each, after: to } : each))), merge) }
  const ruleName = typeof timer.do === 'object' ? ('add' in timer.do ? timer.do.add : 'transfer' in timer.do ? timer.do.transfer : undefined) : undefined
  return <details className="timer" open={index === 0 || problems.length > 0}><summary>{timerWords(timer, flow, names)}</summary>
    {problems.map(problem => <p className="problem" key={problem}>{problem}</p>)}
    {dates.length > 0 && <SelectField label={w('timer.counts')} value={isDated ? 'field' : 'time'} options={[{ value: 'time', label: w('timer.from_start') }, { value: 'field', label: w('timer.from_field') }]}
      onChange={to => after(to === 'field' ? { field: dates[0]!.key, minus: 'P1D' } : 'P1D')} />}
    {!isDated && <SpanField label={w('timer.after')} value={timer.after as string} onChange={to => after(to)} />}
    {dated && <><SelectField label={w('timer.field')} value={dated.field} options={dates.map(field => ({ value: field.key, label: names.field(field.key) }))} onChange={field => after({ ...dated, field })} />
      <SelectField label={w('timer.direction')} value={dated.plus ? 'plus' : 'minus'} options={[{ value: 'minus', label: w('timer.before') }, { value: 'plus', label: w('timer.afterwards') }]} onChange={to => after({ field: dated.field, [to]: dated.plus ?? dated.minus ?? 'P1D' })} />
      <SpanField label={w('timer.by')} value={dated.plus ?? dated.minus ?? 'P1D'} onChange={to => after({ field: dated.field, [dated.plus ? 'plus' : 'minus']: to })} /></>}
    <SelectField label={w('timer.then')} value={verb} options={verbs.map(each => ({ value: each, label: w(`timer.verb.${each}`) }))} onChange={setVerb} />
    {verb === 'remind' && <WhoField label={w('timer.whom')} value={(timer.do as { remind: string[] }).remind} without={['any']} onChange={who => who.length > 0 && put(before => set(before, [...at, 'do', 'remind'], who))} />}
    {ruleName !== undefined && <RuleFields rule={flow.rules?.[ruleName] ?? { kind: 'role' }} onChange={rule => put(before => setRule(before, [...at, 'do', verb], rule), `timer-${id}-${index}`)} />}
    {verb === 'to' && <div className="field"><span className="label" aria-hidden="true">{w('target')}</span><TargetSelect label={w('target')} value={(timer.do as { to: string }).to} own={id} onChange={to => put(before => set(before, [...at, 'do', 'to'], to))} /></div>}
    {(verb === 'remind') && <><Check label={w('timer.repeat')} value={timer.repeat !== undefined} onChange={on => put(before => set(before, [...at, 'repeat'], on ? { every: typeof timer.after === 'string' ? timer.after : 'P1D', max: 3 } : undefined))} />
      {timer.repeat && <div className="two"><SpanField label={w('timer.every')} value={timer.repeat.every} onChange={every => put(before => set(before, [...at, 'repeat', 'every'], every))} />
        <NumberField label={w('timer.most')} value={timer.repeat.max} minimum={1} maximum={50} onChange={max => max && put(before => set(before, [...at, 'repeat', 'max'], max))} /></div>}</>}
    <div className="row-tools"><Button small tone="plain" icon="trash-2" label={w('timer.remove')} onClick={() => put(before => set(before, before.states[id]!.timers!.length > 1 ? at : ['states', id, 'timers'], undefined))} /></div>
  </details>
}
