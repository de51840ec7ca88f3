/** Roles: who may do what. A matrix of roles, entities and verbs; by entity, a matrix of its fields. */
import '../main.ts'
import './roles.css'
import { useMemo, useState, type ReactNode } from 'react'
import { freeKey, keyFrom, newUid, type AppDocument, type EntityDocument, type RoleDocument, type WorkflowDocument } from '../core/documents.ts'
import type { Shortcut } from '../core/shortcuts.ts'
import { Button, Dialog, Icon, SelectField, TextField } from '../parts/basics.tsx'
import { Frame } from '../parts/frame.tsx'
import { mount, useDesigner } from '../parts/designer.tsx'
import { Fields } from './fields.tsx'
import { Matrix } from './matrix.tsx'
import { inOrder, newRole } from './rights.ts'
import { ViewAs } from './view_as.tsx'
import { Why } from './why.tsx'
import { part } from './words.ts'

export interface Holder { id: string; name: string; title: string; keywords: string }
export interface More { holders: Record<string, Holder[]>; published: string[]; people: Holder[]; is_admin: boolean; me: string }
type Open = { kind: 'new'; from?: RoleDocument } | { kind: 'view'; role?: string } | { kind: 'why'; role?: string; entity?: string } | null

function Roles(): ReactNode {
  const designer = useDesigner<More>()
  const { draft, boot } = designer
  const roles = draft.all<RoleDocument>('role').sort((one, other) => designer.read(one.label, one.key).localeCompare(designer.read(other.label, other.key)))
  const entities = draft.all<EntityDocument>('entity')
  const ordered = useMemo(() => inOrder(entities, entity => designer.read(entity.label, entity.key)), [draft.version])
  const byKey = useMemo(() => new Map(entities.map(entity => [entity.key, entity])), [draft.version])
  const status = useMemo(() => {
    const found = new Map<string, Set<string>>()
    for (const flow of draft.all<WorkflowDocument>('workflow')) found.set(flow.entity, new Set([...found.get(flow.entity) ?? [], flow.status_field]))
    return found
  }, [draft.version])
  const [only, setOnly] = useState(boot.kind === 'role' ? boot.key : '')
  const [words, setWords] = useState(boot.kind === 'role')
  const [entity, setEntity] = useState('')
  const [open, setOpen] = useState<Open>(null)
  const shown = only && roles.some(role => role.key === only) ? roles.filter(role => role.key === only) : roles
  const findings = designer.findings.filter(finding => finding.address.startsWith('role/') || finding.code === 'definition.asked_cannot_read')
  const drilled = byKey.get(entity)

  const add = (label: string, from?: RoleDocument): void => {
    const app = draft.all<AppDocument>('app')[0]!
    const key = freeKey(keyFrom(label, 'role'), roles.map(role => role.key))
    const role = newRole(key, newUid(), { [designer.language]: label } as RoleDocument['label'], from)
    draft.edit(part('did_new', { role: label }), edits => edits.put(app.languages.length > 1 ? role : { ...role, label }))
    designer.announce(part('did_new', { role: label }))
    if (only) setOnly(key)
    setOpen(null)
  }
  const shortcuts: Shortcut[] = [
    { keys: 'N', label: part('new'), group: part('keys'), act: () => setOpen({ kind: 'new' }) },
    { keys: 'Escape', label: part('key_back'), group: part('keys'), act: () => setEntity(''), when: () => !!drilled && !open },
    ...['0', '1', '2', '3', '4'].map((key, index) => ({ keys: key, label: part(`key_${index}`), group: part('keys'), act: () => {}, when: () => false })),
    ...([['R', 'key_rule'], ['Enter', 'key_enter'], ['Shift+ArrowDown', 'key_block'], ['Ctrl+A', 'key_all'], ['Ctrl+D', 'key_fill'], ['Ctrl+C', 'key_copy'], ['Ctrl+V', 'key_paste'], ['H', 'key_hidden'], ['W', 'key_write'], ['Delete', 'key_clear']] as const)
      .map(([keys, label]) => ({ keys, label: part(label), group: part('keys'), act: () => {}, when: () => false })),
  ]
  const tools = <div className="roles-tools">
    {drilled && <Button small icon="arrow-left" label={part('back')} onClick={() => setEntity('')} />}
    {!drilled && <div className="segments" role="group" aria-label={part('shown_as')}>
      <button type="button" aria-pressed={!words} onClick={() => setWords(false)}>{part('as_signs')}</button>
      <button type="button" aria-pressed={words} onClick={() => setWords(true)}>{part('as_words')}</button></div>}
    <SelectField label={part('which_roles')} bare value={only} empty={part('all_roles')} options={roles.map(role => ({ value: role.key, label: designer.read(role.label, role.key) }))} onChange={setOnly} />
    {!drilled && <p className="legend"><span className="restricted" aria-hidden="true" />{part('legend_hidden')}</p>}
    <span className="grow" />
    <Button small icon="circle-help" label={part('why')} onClick={() => setOpen({ kind: 'why', ...(only ? { role: only } : {}), ...(entity ? { entity } : {}) })} />
    <Button small icon="eye" label={part('view_as')} onClick={() => setOpen({ kind: 'view', ...(only ? { role: only } : {}) })} />
    <Button small icon="plus" label={part('new')} onClick={() => setOpen({ kind: 'new' })} />
  </div>
  const actions = {
    duplicate: (role: RoleDocument) => setOpen({ kind: 'new', from: role }),
    view: (role: string) => setOpen({ kind: 'view', role }),
    why: (role: string, about?: string) => setOpen({ kind: 'why', role, ...(about ? { entity: about } : {}) }),
    fields: setEntity,
  }
  return <Frame title={drilled ? part('fields_of', { entity: designer.read(drilled.label, drilled.key) }) : part('title')} shortcuts={shortcuts} findings={findings}
    onFinding={finding => {
      if (finding.address.startsWith('role/')) { setOnly(''); setEntity(''); draft.setFocus({ role: finding.address.slice(5), entity: finding.path[1] ?? '', verb: finding.path[2] ?? '' }) }
    }}>
    <div className={`roles${shown.length === 1 ? ' single' : ''}`}>
      {tools}
      {drilled
        ? <Fields entity={drilled} roles={shown} fixed={status.get(drilled.key) ?? new Set()} governedBy={byKey} />
        : roles.length === 0
          ? <div className="roles-empty"><Icon name="shield-check" /><h2>{part('none')}</h2><p>{part('none_help')}</p><Button tone="primary" icon="plus" label={part('new')} onClick={() => setOpen({ kind: 'new' })} /></div>
          : <Matrix entities={ordered} byKey={byKey} roles={shown} words={words} actions={actions} />}
    </div>
    {open?.kind === 'new' && <NewRole from={open.from} onClose={() => setOpen(null)} onAdd={add} />}
    {open?.kind === 'view' && <ViewAs role={open.role} roles={roles} onClose={() => setOpen(null)} />}
    {open?.kind === 'why' && <Why role={open.role} entity={open.entity} roles={roles} entities={ordered} onClose={() => setOpen(null)} />}
  </Frame>
}

function NewRole({ from, onClose, onAdd }: { from: RoleDocument | undefined; onClose: () => void; onAdd: (label: string, from?: RoleDocument) => void }): ReactNode {
  const designer = useDesigner()
  const [label, setLabel] = useState(from ? part('copy_of', { role: designer.read(from.label, from.key) }) : '')
  const done = (): void => { if (label.trim()) onAdd(label.trim(), from) }
  return <Dialog title={from ? part('duplicate_of', { role: designer.read(from.label, from.key) }) : part('new')} onClose={onClose} footer={<><span className="grow" /><Button tone="primary" label={part('create')} disabled={!label.trim()} onClick={done} /></>}>
    <form onSubmit={event => { event.preventDefault(); done() }}><TextField label={part('name')} value={label} onChange={setLabel} focus help={part('name_help')} /></form>
  </Dialog>
}

mount(() => <Roles />)
