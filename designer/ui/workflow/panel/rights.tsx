/** Fields by states: what is hidden, can be read, edited, or must be filled in. */
import { useState, type ReactNode } from 'react'
import { announce } from '../../../../runtime/ui/shared/announce.ts'
import { say } from '../../../../runtime/ui/shared/texts.ts'
import type { Field } from '../../core/documents.ts'
import { Button, Dialog, TextField } from '../../parts/basics.tsx'
import { choicesOf, columnsOf, rightOf, setRight, type Column, type Right } from '../model/rights.ts'
import { flatOrder } from '../model/steps.ts'
import { ruleWords, text } from '../words.ts'
import { useWorld, type World } from '../world.ts'

const w = (code: string, values?: Record<string, string | number>): string => say(`designer.workflow.${code}`, values)

/** Fields that people fill in; what is worked out or set by the system can only be hidden. */
const isWritable = (world: World, field: Field): boolean => { const type = world.designer.fieldType(field.type); return !type?.is_derived && !type?.is_system && field.key !== world.flow.status_field }

const columnName = (world: World, column: Column): string => column.participant === undefined ? world.names.state(column.state)
  : ruleWords(world.flow.rules?.[world.flow.states[column.state]!.participants![column.participant]!.rule], world.names)

function Cell({ column, field }: { column: Column; field: Field }): ReactNode {
  const world = useWorld()
  const { flow, edit } = world
  const now = rightOf(flow, column, field.key)
  const offered = choicesOf(flow, column, field.key).filter(right => isWritable(world, field) || right === 'hide' || right === 'read' || right === now)
  const shown = isWritable(world, field) || now === 'hide' ? now : 'read'
  const options: readonly Right[] = offered.includes(shown) ? offered : [...offered, shown]
  const label = w('right_of', { field: text(field.label, field.key), state: columnName(world, column) })
  return <select className={`input small right ${shown}`} aria-label={label} value={shown} onChange={event => {
    const right = event.currentTarget.value as Right
    edit(w('did.right', { field: text(field.label, field.key) }), before => setRight(before, column, field.key, right))
    announce(`${label}: ${w(`right.${right}`)}`)
  }}>{options.map(right => <option key={right} value={right}>{w(`right.${right}`)}</option>)}</select>
}

/** The whole matrix. */
export function RightsMatrix({ onClose }: { onClose: () => void }): ReactNode {
  const world = useWorld()
  const [wanted, setWanted] = useState('')
  const columns = columnsOf(world.flow, flatOrder(world.flow))
  const fields = world.fields.filter(field => !field.retired && `${text(field.label)} ${field.key}`.toLowerCase().includes(wanted.toLowerCase()))
  return <Dialog title={w('matrix')} wide onClose={onClose} footer={<Button tone="primary" label={say('close')} onClick={onClose} />}>
    <p className="hint">{w('matrix_help')}</p>
    <TextField label={w('search_field')} value={wanted} onChange={setWanted} focus />
    {/* Scrolls both ways, and by keyboard. */}
    <div className="rights-scroll" tabIndex={0} role="region" aria-label={w('matrix')}><table className="rights"><thead><tr><th scope="col">{w('field')}</th>{columns.map(column => <th scope="col" key={`${column.state}-${column.participant}`} className={column.participant === undefined ? '' : 'sub'}>{columnName(world, column)}</th>)}</tr></thead>
      <tbody>{fields.map(field => <tr key={field.key}><th scope="row">{text(field.label, field.key)}</th>{columns.map(column => <td key={`${column.state}-${column.participant}`}><Cell column={column} field={field} /></td>)}</tr>)}</tbody></table></div>
    {!fields.length && <p className="hint">{w('no_field_found')}</p>}
  </Dialog>
}

/** The fields of one state that are not as they are by default, and a way to more. */
export function StateRights({ id, onMatrix }: { id: string; onMatrix: () => void }): ReactNode {
  const world = useWorld()
  const [added, setAdded] = useState<readonly string[]>([])
  const columns = columnsOf(world.flow, [id])
  const usual: Right = columns[0] && rightOf(world.flow, columns[0], ' ') === 'edit' ? 'edit' : 'read'
  const shown = world.fields.filter(field => !field.retired && (added.includes(field.key) || columns.some(column => rightOf(world.flow, column, field.key) !== usual && !(usual === 'read' && world.flow.record?.open_fields?.includes(field.key)))))
  const others = world.fields.filter(field => !field.retired && !shown.includes(field))
  return <div className="state-rights">
    <p className="hint">{w(usual === 'edit' ? 'rights_free' : 'rights_locked')}</p>
    {shown.map(field => <div className="right-line" key={field.key}><span>{text(field.label, field.key)}</span><div>{columns.map(column => <span key={`${column.participant}`} className="right-cell">{columns.length > 1 && <small>{column.participant === undefined ? w('everybody') : columnName(world, column)}</small>}<Cell column={column} field={field} /></span>)}</div></div>)}
    <div className="button-line"><select className="input small" aria-label={w('add_field')} value="" onChange={event => setAdded([...added, event.currentTarget.value])}><option value="">{w('add_field')}</option>{others.map(field => <option key={field.key} value={field.key}>{text(field.label, field.key)}</option>)}</select>
      <Button small icon="table" label={w('open_matrix')} onClick={onMatrix} /></div>
  </div>
}
