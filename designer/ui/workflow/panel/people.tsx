/** Who acts: kinds of people rules with what each needs, and lists of people. */
import { useMemo, type ReactNode } from 'react'
import { say } from '../../../../runtime/ui/shared/texts.ts'
import { insert, set, type Path } from '../../core/paths.ts'
import { within } from '../../core/problems.ts'
import { Button, Check, NumberField, SelectField } from '../../parts/basics.tsx'
import { ConditionField } from '../../parts/condition.tsx'
import { keywordsOf } from '../../parts/designer.tsx'
import { FormulaField } from '../../parts/formula.tsx'
import { Pick, PickMany, type PickOption } from '../../parts/pick.tsx'
import { ruleUses, setRule, withoutUnusedRules, withRule } from '../model/people.ts'
import type { PersonRule, RuleKind, State, Who } from '../model/shapes.ts'
import { joined, ruleWords, text } from '../words.ts'
import { useWorld, type World } from '../world.ts'

const w = (code: string, values?: Record<string, string | number>): string => say(`designer.workflow.${code}`, values)
const KINDS: readonly RuleKind[] = ['manager', 'role', 'user', 'field', 'department_head', 'manager_chain', 'department', 'initiator_choice', 'previous_actor', 'initiator', 'expr']

export const peopleOptions = (world: World): PickOption[] => world.more.people.map(person => ({ value: person.login, label: person.name, note: person.title || person.login, keywords: keywordsOf(person.name, person.login), icon: 'user' }))
export const roleOptions = (world: World): PickOption[] => world.roles.map(role => {
  const held = world.more.holders[role.key]
  return { value: role.key, label: world.names.role(role.key), note: held === undefined ? role.key : w('holders', { count: held }), keywords: keywordsOf(role.label, role.key), icon: 'shield' }
})
export const userFields = (world: World): PickOption[] => world.fields.filter(field => (field.type === 'user' || field.type === 'created_by' || field.type === 'changed_by') && !field.retired)
  .map(field => ({ value: field.key, label: text(field.label, field.key), note: field.key, keywords: keywordsOf(field.label, field.key), icon: 'user' }))

/** The rule as the kind needs it, keeping what still fits. */
function asKind(kind: RuleKind, world: World): PersonRule {
  if (kind === 'role') return { kind, value: world.roles[0]?.key ?? 'role' }
  if (kind === 'user') return { kind, value: world.more.people[0]?.login ?? 'login' }
  if (kind === 'department') return { kind, value: world.more.departments[0]?.key ?? 'department' }
  if (kind === 'field') return { kind, value: userFields(world)[0]?.value ?? 'created_by' }
  if (kind === 'expr') return { kind, value: userFields(world)[0]?.value ?? 'created_by' }
  if (kind === 'manager') return { kind, levels: 1, of: 'initiator' }
  if (kind === 'manager_chain') return { kind, levels: 3, of: 'initiator' }
  if (kind === 'department_head') return { kind, of: 'initiator' }
  return { kind }
}

export function RuleFields({ rule, onChange, problems = [] }: { rule: PersonRule; onChange: (rule: PersonRule) => void; problems?: readonly string[] }): ReactNode {
  const world = useWorld()
  const put = (change: Partial<PersonRule>): void => onChange(Object.fromEntries(Object.entries({ ...rule, ...change }).filter(([, value]) => value !== undefined)) as unknown as PersonRule)
  const whose = [...['initiator', 'owner', 'previous_actor'].map(value => ({ value, label: w(`of.${value}`) })), ...userFields(world).map(option => ({ value: option.value, label: option.label, group: w('of.fields') }))]
  const levels = Array.from({ length: 6 }, (_, index) => ({ value: String(index + 1), label: w('levels', { count: index + 1 }) }))
  return <div className="rule-fields">
    <SelectField label={w('who_kind')} value={rule.kind} problems={problems} options={KINDS.map(kind => ({ value: kind, label: w(`kind_of_rule.${kind}`) }))} onChange={kind => onChange(asKind(kind as RuleKind, world))} />
    {rule.kind === 'role' && <Pick label={w('role')} value={rule.value ?? ''} options={roleOptions(world)} onChange={value => value && put({ value })} />}
    {rule.kind === 'user' && <Pick label={w('person')} value={rule.value ?? ''} options={peopleOptions(world)} onChange={value => value && put({ value })} />}
    {rule.kind === 'field' && <Pick label={w('user_field')} value={rule.value ?? ''} options={userFields(world)} onChange={value => value && put({ value })} />}
    {rule.kind === 'department' && <SelectField label={w('department')} value={rule.value ?? ''} options={world.more.departments.map(each => ({ value: each.key, label: `${'\u2003'.repeat(each.level)}${each.name} (${each.count})` }))} onChange={value => put({ value })} />}
    {(rule.kind === 'manager' || rule.kind === 'manager_chain' || rule.kind === 'department_head') && <SelectField label={w('whose')} value={rule.of ?? 'initiator'} options={whose} onChange={of => put({ of })} />}
    {rule.kind === 'manager' && <SelectField label={w('level')} value={String(rule.levels ?? 1)} options={levels} onChange={value => put({ levels: Number(value) })} />}
    {rule.kind === 'manager_chain' && <>
      <NumberField label={w('most_levels')} value={rule.levels} minimum={1} maximum={20} onChange={value => put({ levels: value })} />
      <FormulaField label={w('until')} help={w('until_help')} value={rule.until ?? ''} entity={world.flow.entity} scope="person" expects="yes_no" onChange={value => put({ until: value || undefined })} /></>}
    {rule.kind === 'expr' && <FormulaField label={w('who_expression')} value={rule.value ?? ''} entity={world.flow.entity} scope="workflow" onChange={value => put({ value: value || rule.value })} />}
    {rule.kind !== 'initiator' && rule.kind !== 'initiator_choice' && <Check label={w('exclude_initiator')} value={rule.exclude?.includes('initiator') ?? false}
      onChange={on => { const left = (rule.exclude ?? []).filter(each => each !== 'initiator'); const exclude = on ? [...left, 'initiator' as const] : left; put({ exclude: exclude.length ? exclude : undefined }) }} />}
  </div>
}

/** The participants of an approval, in their order. */
export function Participants({ id, state }: { id: string; state: State }): ReactNode {
  const world = useWorld()
  const { flow, edit, names, designer } = world
  const people = state.participants ?? []
  const mode = state.decide?.mode ?? 'any'
  const at: Path = ['states', id, 'participants']
  const label = w('did.who', { state: names.state(id) })
  const add = (): void => { edit(label, before => { const made = withRule(before, asKind('role', world)); return insert(made.flow, at, people.length, { rule: made.name, ...(mode === 'groups' ? { group: made.name } : {}) }) }) }
  return <div className="participants">{people.map((item, index) => {
    const rule = flow.rules?.[item.rule]
    const others = ruleUses(flow).filter(use => use.rule === item.rule && use.path.join('/') !== [...at, index, 'rule'].join('/')).map(use => use.path[0] === 'states' ? names.state(String(use.path[1])) : w('workflow'))
    const problems = within(world.problems, designer.place, [...at, index]).map(problem => problem.message)
    return <fieldset className="participant" key={`${item.rule}-${index}`}><legend>{people.length > 1 ? w('participant_number', { number: index + 1 }) : w('participant')}</legend>
      <RuleFields rule={rule ?? { kind: 'role' }} problems={problems} onChange={to => edit(label, before => setRule(before, [...at, index, 'rule'], to), { merge: `who-${id}-${index}` })} />
      {others.length > 0 && <p className="hint">{w('also_used', { where: joined([...new Set(others)]) })}</p>}
      {mode === 'groups' && <div className="two">
        <SelectField label={w('group')} value={item.group ?? item.rule} options={[...new Set(people.map(each => each.group ?? each.rule))].map(value => ({ value, label: groupName(world, state, value) }))} onChange={group => edit(label, before => set(before, [...at, index, 'group'], group))} />
        <NumberField label={w('need')} value={item.need ?? 1} minimum={1} maximum={1000} onChange={need => edit(label, before => set(before, [...at, index, 'need'], need && need > 1 ? need : undefined), { merge: `need-${id}-${index}` })} /></div>}
      {people.length > 1 && <div className="row-tools">
        <Button small tone="plain" icon="arrow-up" shown={false} label={w('earlier')} disabled={index === 0} onClick={() => edit(label, before => swap(before, at, index, index - 1))} />
        <Button small tone="plain" icon="arrow-down" shown={false} label={w('later')} disabled={index === people.length - 1} onClick={() => edit(label, before => swap(before, at, index, index + 1))} />
        <Button small tone="plain" icon="trash-2" shown={false} label={w('remove_participant', { who: ruleWords(rule, names) })} onClick={() => edit(label, before => withoutUnusedRules(before, set(before, [...at, index], undefined)))} /></div>}
    </fieldset>
  })}<Button small icon="user-plus" label={w('add_participant')} onClick={add} /></div>
}

function swap<Value>(value: Value, path: Path, one: number, other: number): Value {
  let list: unknown = value
  for (const step of path) list = (list as Record<string | number, unknown>)[step]
  const copy = [...(list as unknown[])]
  ;[copy[one], copy[other]] = [copy[other], copy[one]]
  return set(value, path, copy)
}

export function groupName(world: World, state: State, group: string): string {
  const members = (state.participants ?? []).filter(item => (item.group ?? item.rule) === group)
  return joined(members.map(item => ruleWords(world.flow.rules?.[item.rule], world.names))) || group
}

/** A list of people: the initiator, roles, rules, persons. */
export function WhoField({ label, value, onChange, help, without = [], problems }: { label: string; value: Who | undefined; onChange: (to: Who) => void; help?: string; without?: readonly string[]; problems?: readonly string[] }): ReactNode {
  const world = useWorld()
  const options = useMemo((): PickOption[] => [
    ...(['initiator', 'owner', 'assignee', 'admin', 'any'] as const).filter(each => !without.includes(each)).map(each => ({ value: each as string, label: w(`who.${each}`), icon: 'user' })),
    ...Object.entries(world.flow.rules ?? {}).map(([name, rule]) => ({ value: `rule:${name}`, label: ruleWords(rule, world.names), note: name, icon: 'users' })),
    ...roleOptions(world).map(option => ({ ...option, value: `role:${option.value}`, label: w('rule.role', { name: option.label }) })),
    ...peopleOptions(world).map(option => ({ ...option, value: `user:${option.value}` })),
  ], [world.flow.rules, world.roles])
  return <PickMany label={label} {...(help ? { help } : {})} {...(problems ? { problems } : {})} values={value ?? []} options={options} onChange={onChange} />
}

export function ConditionOf({ label, value, onChange, none }: { label: string; value: string | undefined; onChange: (to: string | undefined) => void; none?: string }): ReactNode {
  const { flow } = useWorld()
  return <ConditionField label={label} value={value} onChange={onChange} entity={flow.entity} scope="workflow" {...(none ? { none } : {})} />
}
