/** What is selected in the matrix, in words, and how to change it. */
import { useState, type ReactNode } from 'react'
import { address, type EntityDocument, type RoleDocument, type Text } from '../core/documents.ts'
import { within } from '../core/problems.ts'
import { ask } from '../core/server.ts'
import { Button, Check, Dialog, Icon, WordsField } from '../parts/basics.tsx'
import { ConditionField } from '../parts/condition.tsx'
import { useDesigner } from '../parts/designer.tsx'
import type { Selection } from './grid.tsx'
import type { More } from './main.tsx'
import type { Actions, Target } from './matrix.tsx'
import { fieldCounts, governing, readsAnything, ruleOf, SCOPES, scopeOf, type Scope } from './rights.ts'
import { part, scopeName, sentence, verbName } from './words.ts'

interface Given {
  selection: Selection; targets: Target[]; entities: EntityDocument[]; roles: RoleDocument[]; byKey: ReadonlyMap<string, EntityDocument>; head: number; span: number
  setScope: (scope: Scope, rule?: string) => void; fill: () => void; actions: Actions
}

export function Dock(given: Given): ReactNode {
  const { selection: { at, anchor }, targets, roles, entities, head, span } = given
  const single = at.row === anchor.row && at.column === anchor.column
  const role = roles[Math.floor((at.column - 1) / span)]
  return <aside className="roles-dock" aria-label={part('panel')} onKeyDown={event => {
    if (event.key === 'Escape' && !(event.target as Element).closest('dialog, [role=listbox], .combobox')) {
      event.preventDefault(); event.stopPropagation()
      document.querySelector<HTMLElement>('.roles-grid [tabindex="0"]')?.focus()
    }
  }}>
    {single && at.row === 0 && role ? <RoleCard role={role} actions={given.actions} />
      : single && at.row >= head && at.column > 0 ? <OneCell {...given} entity={entities[at.row - head]!} role={role!} />
        : <Many {...given} />}
    {!targets.length && at.column > 0 && at.row >= head && !single && <p className="hint">{part('nothing_to_set')}</p>}
  </aside>
}

function Scopes({ verb, value, onChange, rule = true }: { verb: Target['verb'] | undefined; value: Scope | undefined; onChange: (to: Scope) => void; rule?: boolean }): ReactNode {
  const choices: Scope[] = verb === 'create' ? ['none', 'all'] : rule ? [...SCOPES, 'rule'] : [...SCOPES]
  return <div className="segments scopes" role="group" aria-label={verb ? verbName(verb) : part('scope')}>{choices.map(scope =>
    <button type="button" key={scope} data-scope={scope} aria-pressed={value === scope} onClick={() => onChange(scope)}><span className={`pie ${scope}`} aria-hidden="true">{scope === 'rule' ? 'ƒ' : ''}</span>{scopeName(scope, verb)}</button>)}</div>
}

function OneCell({ entity, role, targets, byKey, setScope, actions }: Given & { entity: EntityDocument; role: RoleDocument }): ReactNode {
  const designer = useDesigner()
  const name = (document: EntityDocument | RoleDocument): string => designer.read(document.label, document.key)
  const owner = byKey.get(governing(byKey, entity.key))!
  const target = targets[0]
  const fields = <FieldSummary role={role} entity={entity} onOpen={() => actions.fields(entity.key)} />
  if (!target) return <>
    <div className="dock-main"><h2>{name(role)} · {name(entity)}</h2><p className="hint">{part('follows_long', { entity: name(entity), owner: name(owner) })}</p></div>{fields}</>
  const { verb } = target
  const scope = scopeOf(role, entity.key, verb)
  const rule = ruleOf(role, entity.key, verb)
  const problems = within(designer.findings, address(role), ['entities', entity.key, verb]).map(finding => finding.message)
  return <>
    <div className="dock-main">
      <h2>{sentence(name(role), name(entity), verb, scope, '')}</h2>
      <Scopes verb={verb} value={scope} onChange={to => setScope(to, to === 'rule' ? rule || startOf(entity) : '')} />
      <p className="hint">{help(scope, verb, entity, designer.read)}</p>
      {scope === 'rule' && <div data-rule><ConditionField label={part('rule')} value={rule} entity={entity.key} scope="list" onChange={text => setScope('rule', text || 'false')} /></div>}
      {problems.map(problem => <p className="problem" key={problem}><Icon name="triangle-alert" /><span>{problem}</span></p>)}
    </div>
    {fields}
  </>
}

/** A rule to begin with: the same as "own", which is what most rules grow from. */
const startOf = (entity: EntityDocument): string => `${entity.owner ?? 'created_by'} = actor.id`

function help(scope: Scope, verb: Target['verb'], entity: EntityDocument, read: (text: Text | undefined, or?: string) => string): string {
  const label = (key: string | undefined): string => { const field = entity.fields.find(each => each.key === key); return field ? read(field.label, field.key) : key ?? '' }
  if (verb === 'create') return part('help_create')
  const own = entity.owner ? part('help_own_field', { field: label(entity.owner) }) : part('help_own_creator')
  if (scope === 'own') return own
  if (scope === 'department' || scope === 'department_and_below') return `${own} ${entity.department ? part('help_department_field', { field: label(entity.department) }) : part('help_department_owner')}`
  return part(`help_${scope}`)
}

function FieldSummary({ role, entity, onOpen }: { role: RoleDocument; entity: EntityDocument; onOpen: () => void }): ReactNode {
  const counts = fieldCounts(role, entity)
  return <div className="dock-side"><h3>{part('fields')}</h3>
    <p>{counts.hidden + counts.read === 0 ? part('fields_all') : part('fields_some', { hidden: counts.hidden, read: counts.read, write: counts.write })}</p>
    <Button small icon="table-properties" label={part('set_fields')} onClick={onOpen} /></div>
}

function Many({ targets, setScope, fill, selection: { at, anchor } }: Given): ReactNode {
  const scopes = new Set(targets.map(({ role, entity, verb }) => scopeOf(role, entity.key, verb)))
  return <div className="dock-main">
    <h2>{part('many', { count: targets.length })}</h2>
    <Scopes verb={targets.length && targets.every(target => target.verb === 'create') ? 'create' : undefined} value={scopes.size === 1 ? [...scopes][0] : undefined} rule={false} onChange={scope => setScope(scope)} />
    <p className="hint">{part('many_help')} {at.row !== anchor.row && <button type="button" className="link" onClick={fill}>{part('fill_down')}</button>}</p>
  </div>
}

function RoleCard({ role, actions }: { role: RoleDocument; actions: Actions }): ReactNode {
  const designer = useDesigner<More>()
  const { draft, boot } = designer
  const place = address(role)
  const label = designer.read(role.label, role.key)
  const holders = boot.more.holders[role.key] ?? []
  const [uses, setUses] = useState<{ kind: string; key: string; label: string; href: string }[] | null>(null)
  const [removing, setRemoving] = useState(false)
  const set = (path: string, value: unknown, what: string, merge?: string): void => { draft.edit(what, edits => edits.set(place, [path], value), { focus: { role: role.key }, ...(merge ? { merge } : {}) }) }
  const remove = (): void => {
    draft.edit(part('did_remove', { role: label }), edits => edits.remove(place), { focus: null })
    designer.announce(part('did_remove', { role: label }))
    setRemoving(false)
  }
  const problems = [
    ...designer.findings.filter(finding => finding.address === place && !(finding.path[0] === 'entities' && finding.path.length > 1)).map(finding => finding.message),
    ...(boot.more.published.includes(role.key) && !holders.length ? [part('nobody_holds')] : []),
    ...(!readsAnything(role) && role.design ? [part('only_designs')] : []),
  ]
  return <>
    <div className="dock-main role-card">
      <h2>{label} <code>{role.key}</code></h2>
      <div className="dock-columns"><div className="stack"><WordsField label={part('name')} value={role.label} onChange={to => set('label', to, part('did_label'), `label:${role.key}`)} />
        <Check label={part('may_design')} help={part('may_design_help')} value={!!role.design} onChange={to => { set('design', to || undefined, part(to ? 'did_design' : 'did_no_design', { role: label })); designer.announce(part(to ? 'did_design' : 'did_no_design', { role: label })) }} /></div>
        <WordsField label={part('description')} value={role.description ?? ''} lines={2} onChange={to => set('description', isEmpty(to) ? undefined : to, part('did_description'), `description:${role.key}`)} /></div>
      {problems.map(problem => <p className="problem soft" key={problem}><Icon name="triangle-alert" /><span>{problem}</span></p>)}
    </div>
    <div className="dock-side">
      <h3>{part('holders', { count: holders.length })}</h3>
      {holders.length > 0 && <ul className="holders">{holders.slice(0, 8).map(person => <li key={person.id}>{person.name}{person.title && <small> · {person.title}</small>}</li>)}{holders.length > 8 && <li><small>{part('more_holders', { count: holders.length - 8 })}</small></li>}</ul>}
      <div className="line">
        <Button small icon="eye" label={part('view_as')} disabled={!boot.more.published.includes(role.key)} onClick={() => actions.view(role.key)} />
        <Button small icon="circle-help" label={part('why')} onClick={() => actions.why(role.key)} />
        <Button small icon="copy" label={part('duplicate')} onClick={() => actions.duplicate(role)} />
        <Button small icon="trash-2" tone="danger" label={part('remove')} onClick={() => { setRemoving(true); setUses(null); void ask<{ uses: typeof uses }>(`/design/${boot.app}/roles/${role.key}/uses`).then(answer => setUses(answer.uses), () => setUses([])) }} />
      </div>
    </div>
    {removing && <Dialog title={part('remove_title', { role: label })} onClose={() => setRemoving(false)} footer={<><Button label={part('keep')} onClick={() => setRemoving(false)} /><span className="grow" /><Button tone="danger" label={part('remove')} disabled={uses === null} onClick={remove} /></>}>
      {holders.length > 0 && <p className="problem soft"><Icon name="users" /><span>{part('remove_holders', { count: holders.length })}</span></p>}
      {uses === null ? <p>{part('looking')}</p> : uses.length === 0 ? <p>{part('no_uses')}</p> : <><p>{part('uses', { count: uses.length })}</p><ul className="uses">{uses.map(use => <li key={use.kind + use.key}><a href={use.href}>{use.label}</a></li>)}</ul></>}
    </Dialog>}
  </>
}

const isEmpty = (text: Text): boolean => typeof text === 'string' ? !text.trim() : !Object.values(text).some(each => each?.trim())
