/** A condition as rows to fill in, with its words below; or as text, for those who like it and for what rows can't show. */
import { useEffect, useId, useRef, useState, type ReactNode } from 'react'
import { announce } from '../../../runtime/ui/shared/announce.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { emptyGroup, fromTree, isComplete, newRow, nextId, operatorsOf, takesOf, toText, Unshown, type Group, type Item, type Row, type Value } from '../expressions/condition.ts'
import { findName, type Name, type World } from '../expressions/names.ts'
import { Button, Icon, Menu } from './basics.tsx'
import { optionsOf, useExpression, useNames, useWorld, type Place } from './expressions.tsx'
import type { ConditionProps } from './condition.tsx'
import { FormulaField } from './formula.tsx'
import { Pick } from './pick.tsx'
import { ValueEditor, valueFor } from './value.tsx'
import './expressions.css'


export function ConditionEditor({ label, value, onChange, entity, scope, own, extra, help, problems = [], none }: ConditionProps): ReactNode {
  const place: Place = { entity, scope, own, extra, expects: 'yes_no' }
  const id = useId()
  const world = useWorld()
  const names = useNames(place)
  const [mode, setMode] = useState<'rows' | 'text'>('rows')
  const [rows, setRows] = useState<Group>()
  const [why, setWhy] = useState('')
  const written = useRef<string | undefined>(undefined)
  const { answer, isFresh, failed } = useExpression(place, value)

  // Somebody else changed the text (undo, a colleague, text mode): the rows are read anew.
  useEffect(() => {
    if (value === written.current && rows) return
    if (!value?.trim()) { setRows(emptyGroup()); written.current = value; setWhy(''); return }
    if (!isFresh || !answer) return
    written.current = value
    if (!answer.ok) { setRows(undefined); setWhy(say('designer.expression.why_wrong')); return }
    if (value.trim() === 'true') { setRows(undefined); setWhy(''); return }
    try { setRows(fromTree(answer.tree)); setWhy('') } catch (error) {
      if (!(error instanceof Unshown)) throw error
      setRows(undefined)
      setWhy(say(`designer.expression.why_${error.code}`, { about: error.about }))
    }
  }, [value, answer, isFresh])

  const change = (to: Group, said?: string): void => {
    setRows(to)
    if (said) announce(said)
    if (to.items.length && !isComplete(to)) return
    const text = toText(to) || undefined
    written.current = text
    onChange(text)
  }
  const isAlways = value?.trim() === 'true'
  const isText = mode === 'text' || (why !== '' && !isAlways)
  const unfinished = rows !== undefined && rows.items.length > 0 && !isComplete(rows)
  return <fieldset className="condition" aria-describedby={`${id}-words`}>
    <legend>{label}</legend>
    <div className="condition-bar">
      {isText
        ? <Button small tone="plain" icon="list-checks" label={say('designer.expression.as_rows')} disabled={why !== ''} onClick={() => { setMode('rows'); announce(say('designer.expression.as_rows')) }} />
        : <Button small tone="plain" icon="square-function" label={say('designer.expression.as_text')} onClick={() => { setMode('text'); announce(say('designer.expression.as_text')) }} />}
      {value !== undefined && <Button small tone="plain" icon="x" label={say('designer.expression.clear')} onClick={() => { setMode('rows'); setWhy(''); setRows(emptyGroup()); written.current = undefined; onChange(undefined); announce(say('designer.expression.cleared')) }} />}
    </div>
    {help && <p className="hint">{help}</p>}
    {isText && <>
      {why && <p className="note info"><Icon name="info" /><span>{why}</span></p>}
      <FormulaField label={say('designer.expression.text')} value={value} onChange={to => { setMode('text'); onChange(to) }} bare summary={false} {...place} expects="yes_no" problems={problems} />
    </>}
    {!isText && isAlways && <p className="condition-always"><Icon name="circle-check" />{say('designer.expression.always')}</p>}
    {!isText && !isAlways && rows && <GroupEditor group={rows} world={world} names={names} depth={0} onChange={change} />}
    {!isText && !isAlways && !rows && value && <p className="hint">{failed || say('designer.expression.reading')}</p>}
    <div id={`${id}-words`} className="condition-words" role="status">
      {unfinished ? <p className="warn"><Icon name="triangle-alert" />{say('designer.expression.unfinished')}</p>
        : value && answer?.ok && !isAlways ? <p><Icon name="quote" />{answer.summary}</p>
          : value && !isText && answer && !answer.ok ? answer.errors.map(error => <p className="problem" key={error.offset + error.message}><Icon name="circle-alert" /><span>{error.message}</span></p>)
            : value && failed ? <p className="warn"><Icon name="cloud-off" />{failed}</p>
              : !value && none ? <p className="muted">{none}</p> : null}
      {(isText ? [] : problems).map(problem => <p className="problem" key={problem}><Icon name="circle-alert" /><span>{problem}</span></p>)}
    </div>
  </fieldset>
}

interface GroupProps { group: Group; world: World; names: readonly Name[]; depth: number; onChange: (to: Group, said?: string) => void; onDrop?: () => void }

const DEEPEST = 4

function GroupEditor({ group, world, names, depth, onChange, onDrop }: GroupProps): ReactNode {
  const box = useRef<HTMLDivElement>(null)
  const focusRow = (at: number): void => { setTimeout(() => { const item = box.current?.querySelectorAll<HTMLElement>(':scope > ul > li')[at]; (item?.querySelector<HTMLElement>('.condition-row input') ?? item?.querySelector<HTMLElement>('input, select, button'))?.focus() }) }
  const put = (items: Item[], said?: string): void => onChange({ ...group, items }, said)
  const replace = (at: number, item: Item, said?: string): void => put(group.items.map((each, index) => index === at ? item : each), said)
  const drop = (at: number): void => {
    put(group.items.filter((_, index) => index !== at), say('designer.expression.row_removed'))
    if (group.items.length > 1) focusRow(Math.min(at, group.items.length - 2))
    else setTimeout(() => box.current?.querySelector<HTMLElement>('.condition-add button')?.focus())
  }
  const add = (item: Item): void => { put([...group.items, item], say(item.is === 'row' ? 'designer.expression.row_added' : 'designer.expression.group_added')); focusRow(group.items.length) }
  const double = (at: number): void => { put([...group.items.slice(0, at + 1), copy(group.items[at]!), ...group.items.slice(at + 1)], say('designer.expression.row_doubled')); focusRow(at + 1) }
  const move = (at: number, to: number): void => {
    if (to < 0 || to >= group.items.length) return
    const items = [...group.items]
    items.splice(to, 0, ...items.splice(at, 1))
    put(items, say('designer.expression.row_moved', { position: to + 1, count: items.length }))
    focusRow(to)
  }
  const keys = (at: number) => (event: KeyboardEvent): void => {
    // The innermost row or group that the key was pressed in does what it asks.
    if (event.isComposing) return
    if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) move(at, at + (event.key === 'ArrowUp' ? -1 : 1))
    else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'd') double(at)
    else if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') { put([...group.items.slice(0, at + 1), newRow(), ...group.items.slice(at + 1)], say('designer.expression.row_added')); focusRow(at + 1) }
    else if ((event.ctrlKey || event.metaKey) && (event.key === 'Delete' || event.key === 'Backspace')) drop(at)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return <div className="condition-group" data-depth={depth} data-join={group.join} ref={box}>
    {(depth > 0 || group.items.length > 1 || group.not) && <div className="condition-join">
      <select className="input small" aria-label={say('designer.expression.join')} value={`${group.not ? 'not_' : ''}${group.join}`}
        onChange={event => { const to = event.currentTarget.value; onChange({ ...group, not: to.startsWith('not_'), join: to.endsWith('and') ? 'and' : 'or' }, event.currentTarget.selectedOptions[0]?.textContent ?? '') }}>
        {['and', 'or', 'not_and', 'not_or'].map(each => <option key={each} value={each}>{say(`designer.expression.join_${each}`)}</option>)}
      </select>
      {onDrop && <Button small tone="plain" icon="trash-2" shown={false} label={say('designer.expression.remove_group')} onClick={onDrop} />}
    </div>}
    <ul>{group.items.map((item, at) => <li key={item.id} onKeyDown={event => keys(at)(event as unknown as KeyboardEvent)}>
      {item.is === 'group'
        ? <GroupEditor group={item} world={world} names={names} depth={depth + 1} onChange={(to, said) => replace(at, to, said)} onDrop={() => drop(at)} />
        : <RowEditor row={item} world={world} names={names} position={at + 1} count={group.items.length} onChange={to => replace(at, to)} onDrop={() => drop(at)} onDouble={() => double(at)} onMove={step => move(at, at + step)}
          onGroup={depth < DEEPEST ? () => replace(at, { ...emptyGroup(group.join === 'and' ? 'or' : 'and'), items: [item] }, say('designer.expression.group_added')) : undefined} />}
    </li>)}</ul>
    <div className="condition-add">
      <Button small icon="plus" label={say('designer.expression.add_row')} onClick={() => add(newRow())} />
      {depth < DEEPEST && group.items.length > 0 && <Button small tone="plain" icon="list-tree" label={say('designer.expression.add_group')} onClick={() => add({ ...emptyGroup(group.join === 'and' ? 'or' : 'and'), items: [newRow()] })} />}
    </div>
  </div>
}

const copy = (item: Item): Item => item.is === 'row' ? { ...item, id: nextId() } : { ...item, id: nextId(), items: item.items.map(copy) }

interface RowProps { row: Row; world: World; names: readonly Name[]; position: number; count: number; onChange: (to: Row) => void; onDrop: () => void; onDouble: () => void; onMove: (step: number) => void; onGroup: (() => void) | undefined }

function RowEditor({ row, world, names, position, count, onChange, onDrop, onDouble, onMove, onGroup }: RowProps): ReactNode {
  const name = row.name ? findName(world, names, row.name) : undefined
  const given = { choice: Boolean(name?.choices), changed: names.some(each => each.name === `old.${row.name}`) }
  const operators = name ? operatorsOf(name.kind, given) : []
  // What was read may use an operator that is not offered; it stays as it is.
  const shown = row.operator && !operators.some(each => each.key === row.operator) ? [...operators, { key: row.operator, takes: takesOf(row.operator) }] : operators
  const takes = row.operator ? takesOf(row.operator) : 'none'
  const choose = (to: string): void => {
    const found = findName(world, names, to)
    const known = found ? operatorsOf(found.kind, { choice: Boolean(found.choices) }) : []
    const operator = known.some(each => each.key === row.operator) ? row.operator : known[0]?.key ?? ''
    const stays = found && name && found.kind === name.kind && !found.choices && !name.choices && found.target === name.target
    onChange({ ...row, name: to, operator, values: stays ? row.values : takesOf(operator) === 'none' || takesOf(operator) === 'many' ? [] : [valueFor(found)] })
  }
  const operate = (to: string): void => {
    const wanted = takesOf(to)
    const values: Value[] = wanted === 'none' ? [] : wanted === 'one' ? [row.values[0] ?? valueFor(name)] : row.values.filter(value => !('text' in value) || value.text !== '')
    onChange({ ...row, operator: to, values })
  }
  const hidden = say('designer.expression.row', { position })
  return <div className="condition-row" role="group" aria-label={hidden}>
    <Pick bare label={say('designer.expression.field')} value={row.name || undefined} placeholder={say('designer.expression.choose_field')} onChange={choose}
      options={optionsOf(names, row.name, name)} />
    <div className="condition-rest">
      <select className="input" aria-label={say('designer.expression.operator')} disabled={!name} value={row.operator} onChange={event => operate(event.currentTarget.value)}>
        {!row.operator && <option value="">…</option>}
        {shown.map(each => <option key={each.key} value={each.key}>{say(`designer.expression.is_${name?.kind ?? 'any'}_${each.key}`) === `designer.expression.is_${name?.kind ?? 'any'}_${each.key}` ? say(`designer.expression.op_${each.key}`) : say(`designer.expression.is_${name?.kind ?? 'any'}_${each.key}`)}</option>)}
      </select>
      {name && takes !== 'none' && <ValueEditor name={name} world={world} names={names} takes={takes} values={row.values} onChange={values => onChange({ ...row, values })} />}
      <Menu small label={say('designer.expression.row_menu', { position })} icon="ellipsis" items={[
        { label: say('designer.expression.double'), icon: 'copy', act: onDouble },
        ...(onGroup ? [{ label: say('designer.expression.into_group'), icon: 'list-tree', act: onGroup }] : []),
        { label: say('designer.expression.move_up'), icon: 'arrow-up', act: () => onMove(-1), disabled: position === 1 },
        { label: say('designer.expression.move_down'), icon: 'arrow-down', act: () => onMove(1), disabled: position === count },
        { label: say('designer.expression.remove_row'), icon: 'trash-2', act: onDrop, danger: true },
      ]} />
    </div>
  </div>
}
