/** Roles × entities × verbs. */
import { memo, useMemo, type ReactNode } from 'react'
import { address, type EntityDocument, type RoleDocument } from '../core/documents.ts'
import type { Cell } from '../core/cells.ts'
import { copy, pasted } from '../core/clipboard.ts'
import { Icon } from '../parts/basics.tsx'
import { useDesigner } from '../parts/designer.tsx'
import { Dock } from './dock.tsx'
import { covered, Grid, type Selection } from './grid.tsx'
import { SCOPES, VERBS, fieldCounts, governing, ruleOf, scopeOf, withScope, type Scope, type Verb } from './rights.ts'
import { part, scopeName, scopeShort, sentence, verbName } from './words.ts'

export interface Actions { duplicate: (role: RoleDocument) => void; view: (role: string) => void; why: (role: string, entity?: string) => void; fields: (entity: string) => void }
export interface Target { role: RoleDocument; entity: EntityDocument; verb: Verb }

const HEAD = 2
const SPAN = VERBS.length

export function Matrix({ entities, byKey, roles, words, actions }: { entities: EntityDocument[]; byKey: ReadonlyMap<string, EntityDocument>; roles: RoleDocument[]; words: boolean; actions: Actions }): ReactNode {
  const designer = useDesigner()
  const { draft } = designer
  const rows = entities.length + HEAD
  const columns = roles.length * SPAN + 1
  const focused = useMemo(() => fromFocus(draft.focus, entities, roles), [draft.focus, entities, roles])
  const start = { row: Math.min(HEAD, rows - 1), column: Math.min(1, columns - 1) }
  const selection = focused ?? { at: start, anchor: start }
  const cells = covered(selection, rows, columns, HEAD, SPAN)
  const targetOf = ({ row, column }: Cell): Target => ({ role: roles[Math.floor((column - 1) / SPAN)]!, entity: entities[row - HEAD]!, verb: VERBS[(column - 1) % SPAN]! })
  // Owned rows follow their owner: there is nothing to set.
  const targets = cells.map(targetOf).filter(target => governing(byKey, target.entity.key) === target.entity.key)
  const name = (document: EntityDocument | RoleDocument): string => designer.read(document.label, document.key)

  // The selection is the draft's focus: undo and redo lead back to where the author was.
  const select = (to: Selection): void => draft.setFocus(focusOf(to, entities, roles))
  const apply = (change: (role: RoleDocument, target: Target) => RoleDocument, label: string, merge?: string): void => {
    draft.edit(label, edits => {
      for (const target of targets) edits.change<RoleDocument>(address(target.role), role => change(role, target))
    }, { focus: focusOf(selection, entities, roles), ...(merge ? { merge } : {}) })
    designer.announce(label)
  }
  const setScope = (scope: Scope, rule = ''): void => {
    const one = targets.length === 1 ? targets[0]! : undefined
    const label = one ? sentence(name(one.role), name(one.entity), one.verb, scope, rule) : part('did_many', { count: targets.length, scope: scopeName(scope) })
    apply((role, { entity, verb }) => withScope(role, entity.key, verb, scope, rule), label, scope === 'rule' ? `rule:${one?.role.key}:${one?.entity.key}:${one?.verb}` : undefined)
  }
  /** The first row of the selection into the rows below it. */
  const fill = (): void => {
    const top = Math.min(...cells.map(cell => cell.row))
    const model = entities[top - HEAD]!
    apply((role, { entity, verb }) => withScope(role, entity.key, verb, scopeOf(role, model.key, verb), ruleOf(role, model.key, verb)), part('did_fill', { count: targets.length }))
  }
  const onKey = (event: KeyboardEvent): boolean => {
    const control = event.ctrlKey || event.metaKey
    const key = event.key.toLowerCase()
    if (control && key === 'd') { fill(); return true }
    if (control && key === 'c') { copyOut(); return true }
    if (control && key === 'v') return pasteIn()
    if (control || event.altKey) return false
    const number = '01234'.indexOf(event.key)
    if (number >= 0) { setScope(SCOPES[number]!); return true }
    if (event.key === 'Delete' || event.key === 'Backspace') { setScope('none'); return true }
    if (key === 'r') { focusDock('[data-rule] input, [data-rule] textarea, [data-scope=rule]'); return true }
    if (event.key === ' ' && targets.length) {
      const first = targets[0]!
      const now = scopeOf(first.role, first.entity.key, first.verb)
      setScope(first.verb === 'create' ? (now === 'none' ? 'all' : 'none') : SCOPES[(SCOPES.indexOf(now as typeof SCOPES[number]) + 1) % SCOPES.length]!)
      return true
    }
    return false
  }
  const copyOut = (): void => {
    copy({ kind: 'grants', app: designer.boot.app, from: '', content: targets.map(({ role, entity, verb }) => ({ verb, scope: scopeOf(role, entity.key, verb), rule: ruleOf(role, entity.key, verb), row: entities.indexOf(entity), column: roles.indexOf(role) * SPAN + VERBS.indexOf(verb) })) })
    designer.announce(part('did_copy', { count: targets.length }))
  }
  const pasteIn = (): boolean => {
    const clip = pasted('grants')
    const content = clip?.content as { scope: Scope; rule: string; row: number; column: number }[] | undefined
    if (!content?.length) return false
    const [top, left] = [Math.min(...content.map(each => each.row)), Math.min(...content.map(each => each.column))]
    const start = cells[0]!
    const single = content.length === 1
    draft.edit(part('did_paste', { count: single ? targets.length : content.length }), edits => {
      const put = (cell: Cell, scope: Scope, rule: string): void => {
        if (cell.row >= rows || cell.column >= columns) return
        const { role, entity, verb } = targetOf(cell)
        // A rule reads the fields of its own entity, so it isn't carried to others.
        if (governing(byKey, entity.key) === entity.key && scope !== 'rule') edits.change<RoleDocument>(address(role), each => withScope(each, entity.key, verb, scope, rule))
      }
      if (single) for (const cell of cells) put(cell, content[0]!.scope, content[0]!.rule)
      else for (const each of content) put({ row: start.row + each.row - top, column: start.column + each.column - left }, each.scope, each.rule)
    }, { focus: focusOf(selection, entities, roles) })
    designer.announce(part('did_paste', { count: single ? targets.length : content.length }))
    return true
  }
  const onEnter = (at: Cell): void => {
    if (at.column === 0 && at.row >= HEAD) { actions.fields(entities[at.row - HEAD]!.key); return }
    focusDock('button, input, select, textarea')
  }
  const { at } = selection
  const marked = new Set(cells.map(cell => `${cell.row}:${cell.column}`))
  const findings = designer.findings
  const tab = (row: number, column: number): number => at.row === row && (at.column === column || (row === 0 && column > 0 && at.column >= column && at.column < column + SPAN)) ? 0 : -1
  return <>
    <div className="roles-scroll">
      <Grid label={part('title')} className={`roles-grid${words ? ' words' : ''}`} rows={rows} columns={columns} head={HEAD} span={SPAN} selection={selection} select={select} onKey={onKey} onEnter={onEnter}>
        <thead>
          <tr><th scope="col" rowSpan={2} className="corner"><span>{part('entity')}</span></th>{roles.map((role, index) => {
            const problems = findings.filter(finding => finding.address === address(role)).length
            return <th key={role.key} scope="colgroup" colSpan={SPAN} data-cell={`0:${index * SPAN + 1}`} tabIndex={tab(0, index * SPAN + 1)} aria-selected={at.row === 0 && tab(0, index * SPAN + 1) === 0}>
              <span className="role-name"><span className="clip">{name(role)}</span>{role.design && <span title={part('designs')}><Icon name="pencil-ruler" /><span className="sr">{part('designs')}</span></span>}
                {problems > 0 && <span className="has-problem" title={part('has_problems', { count: problems })}><Icon name="triangle-alert" /><span className="sr">{part('has_problems', { count: problems })}</span></span>}</span></th>
          })}</tr>
          <tr>{roles.flatMap((role, index) => VERBS.map((verb, offset) => {
            const column = index * SPAN + offset + 1
            return <th key={`${role.key}:${verb}`} scope="col" data-cell={`1:${column}`} tabIndex={tab(1, column)} title={verbName(verb)} className={`verb${offset === 0 ? ' first' : ''}`} aria-selected={marked.has(`1:${column}`) || tab(1, column) === 0}>
              {words ? verbName(verb) : <><span aria-hidden="true">{part(`letter_${verb}`)}</span><span className="sr">{verbName(verb)}</span></>}</th>
          }))}</tr>
        </thead>
        <tbody>{entities.map((entity, index) => {
          const row = index + HEAD
          const owner = governing(byKey, entity.key)
          return <Row key={entity.key} entity={entity} label={name(entity)} roles={roles} row={row} words={words} name={name}
            owner={owner === entity.key ? undefined : byKey.get(owner)} at={at.row === row ? at.column : -1} marked={marksOf(cells, row)} depth={depthOf(byKey, entity)} onFields={actions.fields} />
        })}</tbody>
      </Grid>
    </div>
    <Dock selection={selection} targets={targets} entities={entities} roles={roles} byKey={byKey} head={HEAD} span={SPAN} setScope={setScope} fill={fill} actions={actions} />
  </>
}

const Row = memo(function Row({ entity, label, roles, row, words, owner, at, marked, depth, name, onFields }: { entity: EntityDocument; label: string; roles: RoleDocument[]; row: number; words: boolean; owner: EntityDocument | undefined; at: number; marked: string; depth: number; name: (document: EntityDocument | RoleDocument) => string; onFields: (entity: string) => void }): ReactNode {
  const [from, to] = marked ? marked.split('-').map(Number) as [number, number] : [0, -1]
  const governs = owner ?? entity
  return <tr className={owner ? 'follows' : undefined}>
    <th scope="row" data-cell={`${row}:0`} tabIndex={at === 0 ? 0 : -1} aria-selected={at === 0} data-depth={depth || undefined} title={owner ? part('follows', { owner: name(owner) }) : undefined}>
      <span className="entity-name"><Icon name={entity.icon || 'box'} /><span className="clip">{label}</span>
        <button type="button" className="fields-link" tabIndex={-1} title={part('open_fields', { entity: label })} aria-label={part('open_fields', { entity: label })} onClick={() => onFields(entity.key)}><Icon name="table-properties" /></button></span></th>
    {roles.flatMap((role, index) => VERBS.map((verb, offset) => {
      const column = index * SPAN + offset + 1
      // What may be done to rows comes from what may be done to their owner: any change of theirs is a change of it.
      const scope = scopeOf(role, governs.key, owner && verb !== 'read' ? 'change' : verb)
      const shown = owner && verb === 'create' && scope === 'none' ? scopeOf(role, governs.key, 'create') : scope
      const counts = verb === 'read' && shown !== 'none' ? fieldCounts(role, entity) : undefined
      return <td key={`${role.key}:${verb}`} role="gridcell" data-cell={`${row}:${column}`} tabIndex={at === column ? 0 : -1} aria-selected={column >= from && column <= to} aria-readonly={owner ? true : undefined}
        className={`scope ${shown}${offset === 0 ? ' first' : ''}${at === column ? ' at' : ''}`} title={`${name(role)} · ${label} · ${verbName(verb)}: ${scopeName(shown, owner ? undefined : verb)}${shown === 'rule' ? ` (${ruleOf(role, governs.key, verb)})` : ''}`}>
        <span className="sr">{name(role)}, {label}, {verbName(verb)}: {scopeName(shown, owner ? undefined : verb)}{owner ? `. ${part('follows', { owner: name(owner) })}` : ''}</span>
        <span aria-hidden="true" className="sign">{words ? (roles.length === 1 ? scopeName : scopeShort)(shown, owner ? undefined : verb) : shown === 'rule' ? 'ƒ' : ''}</span>
        {counts && counts.hidden > 0 && <span className="restricted" aria-hidden="true" title={part('some_hidden', { count: counts.hidden })} />}</td>
    }))}
  </tr>
}, (before, after) => before.entity === after.entity && before.label === after.label && before.row === after.row && before.words === after.words && before.owner === after.owner
  && before.at === after.at && before.marked === after.marked && before.depth === after.depth && before.roles.length === after.roles.length && before.roles.every((role, index) => role === after.roles[index]))

function marksOf(cells: readonly Cell[], row: number): string {
  const columns = cells.filter(cell => cell.row === row).map(cell => cell.column)
  return columns.length ? `${Math.min(...columns)}-${Math.max(...columns)}` : ''
}

function depthOf(byKey: ReadonlyMap<string, EntityDocument>, entity: EntityDocument): number {
  let depth = 0
  for (let here = entity; here.part_of && byKey.has(here.part_of) && depth < 5; depth++) here = byKey.get(here.part_of)!
  return depth
}

interface Pointed { role?: string; entity?: string; verb?: string; to?: Pointed }

function focusOf({ at, anchor }: Selection, entities: readonly EntityDocument[], roles: readonly RoleDocument[]): Record<string, unknown> {
  const named = (cell: Cell): Pointed => ({
    ...(cell.column > 0 ? { role: roles[Math.floor((cell.column - 1) / SPAN)]?.key ?? '' } : {}), ...(cell.row >= HEAD ? { entity: entities[cell.row - HEAD]?.key ?? '' } : {}),
    ...(cell.column > 0 && cell.row > 0 ? { verb: VERBS[(cell.column - 1) % SPAN]! } : {}),
  })
  return { ...named(at), to: named(anchor) }
}

function fromFocus(focus: Readonly<Record<string, unknown>> | null, entities: readonly EntityDocument[], roles: readonly RoleDocument[]): Selection | undefined {
  if (!focus) return undefined
  const cell = ({ role, entity, verb }: Pointed): Cell | undefined => {
    const row = entity ? entities.findIndex(each => each.key === entity) + HEAD : verb ? 1 : 0
    const index = role ? roles.findIndex(each => each.key === role) : -1
    if (role && index < 0) return undefined
    if (!role && !entity) return undefined
    return { row: Math.max(row, entity ? HEAD : row), column: index < 0 ? 0 : index * SPAN + 1 + Math.max(0, VERBS.indexOf(verb as Verb)) }
  }
  const at = cell(focus as Pointed)
  return at ? { at, anchor: (focus.to ? cell(focus.to as Pointed) : undefined) ?? at } : undefined
}

export function focusDock(what: string): void {
  setTimeout(() => document.querySelector<HTMLElement>('.roles-dock')?.querySelector<HTMLElement>(what)?.focus())
}
