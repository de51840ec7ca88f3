/** Fields × roles of one entity: hidden, read or write; what isn't named goes by "other fields". */
import { useState, type ReactNode } from 'react'
import type { Cell } from '../core/cells.ts'
import { address, type EntityDocument, type Field, type RoleDocument } from '../core/documents.ts'
import { Icon } from '../parts/basics.tsx'
import { useDesigner } from '../parts/designer.tsx'
import { covered, Grid, type Selection } from './grid.tsx'
import { fixedBy, governing, RIGHTS, rightOf, scopeOf, withRight, type Right } from './rights.ts'
import { part, rightName } from './words.ts'

const SIGNS: Record<Right, string> = { hidden: 'eye-off', read: 'eye', write: 'pencil' }

export function Fields({ entity, roles, fixed, governedBy }: { entity: EntityDocument; roles: RoleDocument[]; fixed: ReadonlySet<string>; governedBy: ReadonlyMap<string, EntityDocument> }): ReactNode {
  const designer = useDesigner()
  const { draft } = designer
  const lines: (Field | undefined)[] = [undefined, ...entity.fields.filter(field => !field.retired)]
  const [selection, select] = useState<Selection>({ at: { row: 1, column: 1 }, anchor: { row: 1, column: 1 } })
  const [rows, columns] = [lines.length + 1, roles.length + 1]
  const cells = covered(selection, rows, columns, 1)
  const name = (document: EntityDocument | RoleDocument | Field): string => designer.read(document.label, document.key)
  const fieldName = (field: Field | undefined): string => field ? name(field) : part('otherwise')
  const owner = governing(governedBy, entity.key)
  const targetsOf = (some: readonly Cell[]) => some.map(cell => ({ field: lines[cell.row - 1], role: roles[cell.column - 1]! }))
  const targets = targetsOf(cells)
  const reaches = (role: RoleDocument): boolean => scopeOf(role, owner, 'read') !== 'none' || scopeOf(role, owner, 'create') !== 'none'
  const set = (right: Right | undefined): void => {
    const label = targets.length === 1
      ? part(right ? `did_${right}` : 'did_otherwise', { role: name(targets[0]!.role), field: fieldName(targets[0]!.field) })
      : part('did_many', { count: targets.length, scope: right ? rightName(right) : part('as_otherwise') })
    draft.edit(label, edits => { for (const { field, role } of targets) edits.change<RoleDocument>(address(role), each => withRight(each, entity.key, field?.key ?? '', right)) })
    designer.announce(label)
  }
  const fill = (): void => {
    const top = Math.min(...cells.map(cell => cell.row))
    draft.edit(part('did_fill', { count: targets.length }), edits => {
      for (const { field, role } of targets) {
        const model = lines[top - 1]
        if (field !== model && field) edits.change<RoleDocument>(address(role), each => withRight(each, entity.key, field.key, model ? rightOf(each, entity.key, model.key).right : undefined))
      }
    })
    designer.announce(part('did_fill', { count: targets.length }))
  }
  const onKey = (event: KeyboardEvent): boolean => {
    const control = event.ctrlKey || event.metaKey
    const key = event.key.toLowerCase()
    if (control && key === 'd') { fill(); return true }
    if (control || event.altKey) return false
    const right = { h: 'hidden', r: 'read', w: 'write' }[key] as Right | undefined
    if (right) { set(right); return true }
    if (event.key === 'Delete' || event.key === 'Backspace' || event.key === '0') { set(undefined); return true }
    if (event.key === ' ' && targets[0]) {
      const now = rightOf(targets[0].role, entity.key, targets[0].field?.key ?? '').right
      set(RIGHTS[(RIGHTS.indexOf(now) + 1) % RIGHTS.length])
      return true
    }
    return false
  }
  const marked = new Set(cells.map(cell => `${cell.row}:${cell.column}`))
  const { at } = selection
  const tab = (row: number, column: number): 0 | -1 => at.row === row && at.column === column ? 0 : -1
  const one = targets.length === 1 ? targets[0]! : undefined
  const said = one ? rightOf(one.role, entity.key, one.field?.key ?? '') : undefined
  const why = one?.field ? fixedBy(one.field, fixed) : undefined
  return <>
    <div className="roles-back"><p className="hint">{owner !== entity.key ? part('rows_help', { owner: name(governedBy.get(owner)!) }) : part('fields_help')}</p></div>
    <div className="roles-scroll">
      <Grid label={part('fields_of', { entity: name(entity) })} className="roles-grid fields" rows={rows} columns={columns} head={1} selection={selection} select={select} onKey={onKey}
        onEnter={() => document.querySelector<HTMLElement>('.roles-dock button')?.focus()}>
        <thead><tr><th scope="col" className="corner">{part('field')}</th>{roles.map((role, index) => <th key={role.key} scope="col" data-cell={`0:${index + 1}`} tabIndex={tab(0, index + 1)} aria-selected={marked.has(`1:${index + 1}`) && at.row === 0}
          className={reaches(role) ? '' : 'unreached'} title={reaches(role) ? undefined : part('unreached', { role: name(role) })}>
          <span className="role-name">{name(role)}</span></th>)}</tr></thead>
        <tbody>{lines.map((field, index) => {
          const row = index + 1
          const lock = field ? fixedBy(field, fixed) : undefined
          return <tr key={field?.key ?? ''} className={field ? undefined : 'otherwise'}>
            <th scope="row" data-cell={`${row}:0`} tabIndex={tab(row, 0)} aria-selected={at.row === row && at.column === 0}><span className="entity-name">
              <Icon name={field ? designer.fieldType(field.type)?.icon ?? 'box' : 'list'} /><span className="clip">{fieldName(field)}</span>{lock && <span className="lock" title={part(`fixed_${lock}`)}><Icon name="lock" /><span className="sr">{part(`fixed_${lock}`)}</span></span>}</span></th>
            {roles.map((role, place) => {
              const { right, isNamed } = field ? rightOf(role, entity.key, field.key) : { right: rightOf(role, entity.key, '').right, isNamed: true }
              const shown = lock && right === 'write' ? 'read' : right
              return <td key={role.key} role="gridcell" data-cell={`${row}:${place + 1}`} tabIndex={tab(row, place + 1)} aria-selected={marked.has(`${row}:${place + 1}`)}
                className={`right ${shown}${isNamed ? ' named' : ''}${tab(row, place + 1) === 0 ? ' at' : ''}${reaches(role) ? '' : ' unreached'}`}
                title={`${name(role)} · ${fieldName(field)}: ${rightName(shown)}${isNamed ? '' : ` (${part('as_otherwise')})`}`}>
                <span className="sr">{name(role)}, {fieldName(field)}: {rightName(shown)}{isNamed ? '' : `, ${part('as_otherwise')}`}</span>
                <span aria-hidden="true" className="sign"><Icon name={SIGNS[shown]} /><span>{rightName(shown)}</span></span></td>
            })}
          </tr>
        })}</tbody>
      </Grid>
    </div>
    <aside className="roles-dock" aria-label={part('panel')} onKeyDown={event => { if (event.key === 'Escape') { event.stopPropagation(); document.querySelector<HTMLElement>('.roles-grid [tabindex="0"]')?.focus() } }}>
      <div className="dock-main">
        <h2>{one ? `${name(one.role)} · ${fieldName(one.field)}` : part('many', { count: targets.length })}</h2>
        <div className="segments scopes" role="group" aria-label={part('right')}>
          {RIGHTS.map(right => <button type="button" key={right} aria-pressed={said?.isNamed !== false && said?.right === right} onClick={() => set(right)}><Icon name={SIGNS[right]} />{rightName(right)}</button>)}
          {(!one || one.field) && <button type="button" aria-pressed={said?.isNamed === false} onClick={() => set(undefined)}>{part('as_otherwise')}</button>}
        </div>
        <p className="hint">{one && !reaches(one.role) ? part('unreached', { role: name(one.role) }) : why ? part(`fixed_${why}`) : one && !one.field ? part('otherwise_help') : part('right_help')}
          {targets.length > 1 && selection.at.row !== selection.anchor.row && <> <button type="button" className="link" onClick={fill}>{part('fill_down')}</button></>}</p>
      </div>
    </aside>
  </>
}
