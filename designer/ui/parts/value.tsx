/** The right side of a condition: a value in the way of its kind, a day from today on, or another field. */
import { useEffect, useId, useState, type ReactNode } from 'react'
import { plainNumber } from '../../../runtime/ui/shared/number.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { ask } from '../core/server.ts'
import { read } from '../core/documents.ts'
import { keywordsOf } from '../core/spelling.ts'
import type { Takes, Value } from '../expressions/condition.ts'
import type { Kind, Name, World } from '../expressions/names.ts'
import { Icon } from './basics.tsx'
import { useDesigner, useSettled } from './designer.tsx'
import { useFloating } from './expressions.tsx'
import { Pick, PickMany } from './pick.tsx'

/** An empty value of the kind that a name is compared with. */
export function valueFor(name: Name | undefined): Value {
  const kind = name?.kind
  if (kind === 'yes_no') return { is: 'yes_no', yes: true }
  if (kind === 'number' || kind === 'date' || kind === 'datetime' || kind === 'reference') return { is: kind, text: '' }
  return { is: 'text', text: '' }
}

const plainKind = (kind: Kind): 'text' | 'number' | 'date' | 'datetime' | 'reference' => kind === 'number' || kind === 'date' || kind === 'datetime' || kind === 'reference' ? kind : 'text'

interface ValueProps { name: Name; world: World; names: readonly Name[]; takes: Takes; values: readonly Value[]; onChange: (values: Value[]) => void
  /** There may be no value at all. */
  optional?: boolean }

export function ValueEditor({ name, world, names, takes, values, onChange, optional }: ValueProps): ReactNode {
  if (takes === 'many') return <Several name={name} world={world} values={values} onChange={onChange} />
  const value = values[0] ?? valueFor(name)
  const put = (to: Value): void => onChange([to])
  const others = names.filter(each => each.kind === name.kind && each.name !== name.name && !(name.target && each.target && each.target !== name.target))
  const isMoment = name.kind === 'date' || name.kind === 'datetime'
  const sorts: { value: string; label: string }[] = [
    { value: 'value', label: say('designer.expression.sort_value') },
    ...(isMoment ? [{ value: 'now', label: say('designer.expression.sort_now') }] : []),
    ...(others.length ? [{ value: 'name', label: say('designer.expression.sort_name') }] : []),
  ]
  const sort = value.is === 'name' ? 'name' : value.is === 'now' ? 'now' : 'value'
  const turn = (to: string): void => put(to === 'now' ? { is: 'now', kind: name.kind as 'date' | 'datetime', days: 0 } : to === 'name' ? { is: 'name', name: others[0]!.name } : valueFor(name))
  return <div className="condition-value">
    {sorts.length > 1 && <select className="input sort" aria-label={say('designer.expression.value_sort')} title={say('designer.expression.value_sort')} value={sort} onChange={event => turn(event.currentTarget.value)}>
      {sorts.map(each => <option key={each.value} value={each.value}>{each.label}</option>)}</select>}
    {value.is === 'name'
      ? <Pick bare label={say('designer.expression.other_field')} value={value.name} onChange={to => put({ is: 'name', name: to })} options={others.map(each => ({ value: each.name, label: each.label, note: each.name, keywords: keywordsOf(...each.words) }))} />
      : value.is === 'now' ? <Days value={value} onChange={put} />
        : <One name={name} world={world} value={value} onChange={put} isNone={optional === true && !values.length} />}
  </div>
}

function Days({ value, onChange }: { value: Extract<Value, { is: 'now' }>; onChange: (to: Value) => void }): ReactNode {
  const way = value.days === 0 ? 'today' : value.days < 0 ? 'before' : 'after'
  const [typed, type] = useState(String(Math.abs(value.days) || ''))
  const set = (to: string, text: string): void => { type(text); onChange({ ...value, days: to === 'today' ? 0 : (to === 'before' ? -1 : 1) * (Number.parseInt(text, 10) || 1) }) }
  return <span className="condition-days">
    <select className="input" aria-label={say('designer.expression.days_way')} value={way} onChange={event => set(event.currentTarget.value, typed || '1')}>
      {(['today', 'after', 'before'] as const).map(each => <option key={each} value={each}>{say(`designer.expression.days_${each}_${value.kind}`)}</option>)}</select>
    {way !== 'today' && <input className="input" inputMode="numeric" aria-label={say('designer.expression.days')} value={typed} onInput={event => { const text = event.currentTarget.value.replace(/\D/g, '').slice(0, 5); if (text) set(way, text); else type('') }} />}
    {way !== 'today' && <span className="unit">{say('designer.expression.days_unit')}</span>}
  </span>
}

/** One value of a kind. Text that can't be read yet is kept and marked, never dropped. */
function One({ name, world, value, onChange, isNone }: { name: Name; world: World; value: Value; onChange: (to: Value) => void; isNone: boolean }): ReactNode {
  const label = say('designer.expression.value')
  if (value.is === 'yes_no') {
    return <select className="input" aria-label={label} value={isNone ? '' : String(value.yes)} onChange={event => onChange({ is: 'yes_no', yes: event.currentTarget.value === 'true' })}>
      {isNone && <option value="">{say('designer.nothing')}</option>}<option value="true">{say('designer.expression.yes')}</option><option value="false">{say('designer.expression.no')}</option></select>
  }
  const text = 'text' in value ? value.text : ''
  const kind = plainKind(name.kind)
  if (name.choices) {
    return <Pick bare label={label} value={text || undefined} placeholder={say('designer.expression.choose_value')} onChange={to => onChange({ is: 'text', text: to })} options={choicesOf(name, world)} />
  }
  if (kind === 'reference') return <RecordPick label={label} target={name.target} value={text} onChange={to => onChange({ is: 'reference', text: to })} />
  if (kind === 'number') return <NumberInput label={label} value={text} unit={name.type === 'percent' ? '%' : ''} onChange={to => onChange({ is: 'number', text: to })} />
  if (kind === 'date') return <input className="input" type="date" aria-label={label} value={text} max="9999-12-31" onInput={event => onChange({ is: 'date', text: event.currentTarget.value })} />
  if (kind === 'datetime') return <MomentInput label={label} value={text} onChange={to => onChange({ is: 'datetime', text: to })} />
  return <input className="input" aria-label={label} value={text} onInput={event => onChange({ is: 'text', text: event.currentTarget.value })} />
}

const choicesOf = (name: Name, world: World): { value: string; label: string; note: string; keywords: string }[] =>
  (name.choices ?? []).map(choice => ({ value: choice.key, label: read(choice.label, world.language, choice.key) + (choice.retired ? ` (${say('designer.options.retired')})` : ''), note: choice.key, keywords: keywordsOf(choice.label) }))

function NumberInput({ label, value, unit, onChange }: { label: string; value: string; unit: string; onChange: (to: string) => void }): ReactNode {
  const [typed, type] = useState(value)
  useEffect(() => { if (plainNumber(typed) !== value) type(value) }, [value])
  const plain = plainNumber(typed)
  const isNumber = /^-?\d{1,18}(\.\d{1,12})?$/.test(plain)
  return <span className="with-unit"><input className="input number" inputMode="decimal" aria-label={label} aria-invalid={typed.trim() !== '' && !isNumber} value={typed}
    onInput={event => { const text = event.currentTarget.value; type(text); const to = plainNumber(text); onChange(/^-?\d{1,18}(\.\d{1,12})?$/.test(to) ? to : '') }} />{unit && <span className="unit">{unit}</span>}</span>
}

/** A moment in the browser's zone; the expression holds it in UTC. */
function MomentInput({ label, value, onChange }: { label: string; value: string; onChange: (to: string) => void }): ReactNode {
  const date = value ? new Date(value) : undefined
  const local = date && !Number.isNaN(date.getTime()) ? new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16) : ''
  return <input className="input" type="datetime-local" aria-label={label} value={local} max="9999-12-31T23:59" onInput={event => {
    const made = new Date(event.currentTarget.value)
    onChange(Number.isNaN(made.getTime()) ? '' : made.toISOString().replace(/\.\d+Z$/, 'Z'))
  }} />
}

interface Found { id: string; title: string; subtitle?: string }

/** A record, a person or a department found by what it is called. */
export function RecordPick({ label, target, value, onChange, empty, bare = true }: { label: string; target: string | undefined; value: string; onChange: (id: string) => void; empty?: string; bare?: boolean }): ReactNode {
  const { boot } = useDesigner()
  const [typed, type] = useState<string | null>(null)
  const [found, set] = useState<Found[]>([])
  const [title, name] = useState<Found>()
  const [open, setOpen] = useState(false)
  const [active, go] = useState(-1)
  const wanted = useSettled(open ? typed ?? '' : null, 180)
  const { list, anchor } = useFloating<HTMLUListElement, HTMLInputElement>(open, found.length)
  const id = useId()
  const address = (more: Record<string, string>): string => `/design/${boot.app}/samples?${new URLSearchParams({ entity: target ?? '', ...more })}`
  useEffect(() => {
    if (!value || title?.id === value || !target) return
    ask<{ records: Found[] }>(address({ id: value })).then(answer => { if (answer.records[0]) name(answer.records[0]) }).catch(() => {})
  }, [value, target])
  useEffect(() => {
    if (wanted === null || !target) return
    const stop = new AbortController()
    ask<{ records: Found[] }>(address({ q: wanted }), undefined, { signal: stop.signal }).then(answer => { set(answer.records); go(wanted ? 0 : -1) }).catch(() => {})
    return () => stop.abort()
  }, [wanted, target])
  const take = (to: Found | undefined): void => { if (!to) return; name(to); onChange(to.id); setOpen(false); type(null) }
  const shown = typed ?? (value ? (title?.id === value ? title.title : '…') : '')
  const keys = (event: KeyboardEvent): void => {
    if (event.isComposing) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (event.altKey && !open) return
      event.preventDefault()
      event.stopPropagation()
      if (!open) setOpen(true)
      else if (found.length) go((active + (event.key === 'ArrowDown' ? 1 : -1) + found.length) % found.length)
    } else if (event.key === 'Enter' && open && !event.ctrlKey) { event.preventDefault(); event.stopPropagation(); take(found[active]) }
    else if (event.key === 'Escape' && open) { event.preventDefault(); event.stopPropagation(); setOpen(false); type(null) }
  }
  return <span className="record-pick" onFocusOut={event => { if (!event.currentTarget.contains(event.relatedTarget as Node)) { setOpen(false); type(null) } }}>
    <input className="input" ref={anchor} role="combobox" aria-label={bare ? label : undefined} aria-autocomplete="list" aria-expanded={open} aria-controls={open ? id : undefined} aria-activedescendant={open && active >= 0 ? `${id}-${active}` : undefined} autoComplete="off"
      placeholder={empty ?? say('designer.expression.search_record')} value={shown} onFocus={event => event.currentTarget.select()} onClick={() => setOpen(true)}
      onInput={event => { type(event.currentTarget.value); setOpen(true); if (!event.currentTarget.value && empty !== undefined) { onChange(''); name(undefined) } }} onKeyDown={event => keys(event as unknown as KeyboardEvent)} />
    {open && <ul className="record-options" popover="manual" ref={list} role="listbox" id={id} aria-label={label} onPointerDown={event => event.preventDefault()}>
      {found.map((each, at) => <li key={each.id} id={`${id}-${at}`} role="option" aria-selected={each.id === value} className={at === active ? 'active' : ''} onClick={() => take(each)}><span>{each.title}</span>{each.subtitle && <small>{each.subtitle}</small>}</li>)}
      {!found.length && <li role="option" aria-disabled="true" aria-selected={false}>{say('no_matches')}</li>}
    </ul>}
  </span>
}

/** Several values: chosen options, or texts and numbers that are typed one after the other. */
function Several({ name, world, values, onChange }: { name: Name; world: World; values: readonly Value[]; onChange: (values: Value[]) => void }): ReactNode {
  const label = say('designer.expression.values')
  const [typed, type] = useState('')
  const texts = values.map(value => 'text' in value ? value.text : value.is === 'name' ? value.name : '')
  if (name.choices) return <PickMany bare label={label} values={texts} options={choicesOf(name, world)} onChange={to => onChange(to.map(text => ({ is: 'text', text })))} />
  const kind = plainKind(name.kind)
  const drop = (at: number): void => onChange(values.filter((_, index) => index !== at))
  const chips = values.map((value, at) => <span className="picked" key={`${texts[at]}-${at}`}>{value.is === 'reference' ? <Titled target={name.target} id={value.text} /> : <span className="clip">{texts[at]}</span>}
    <button type="button" aria-label={say('remove', { label: texts[at]! })} onClick={() => drop(at)}><Icon name="x" /></button></span>)
  if (kind === 'reference') return <span className="several">{chips}<RecordPick label={label} target={name.target} value="" onChange={id => { if (id && !texts.includes(id)) onChange([...values, { is: 'reference', text: id }]) }} /></span>
  const add = (): void => {
    const made = typed.split(/[\n,，;；]/).map(each => kind === 'number' ? plainNumber(each.trim()) : each.trim()).filter(each => each && !texts.includes(each) && (kind !== 'number' || /^-?\d{1,18}(\.\d{1,12})?$/.test(each)))
    if (made.length) onChange([...values, ...made.map((text): Value => ({ is: kind, text }))])
    type('')
  }
  return <span className="several">{chips}<input className="input" aria-label={label} placeholder={say('designer.expression.several_hint')} value={typed} onInput={event => type(event.currentTarget.value)} onBlur={add}
    onKeyDown={event => { if (event.key === 'Enter' && !event.ctrlKey && !event.isComposing) { event.preventDefault(); add() } else if (event.key === 'Backspace' && !typed && values.length && !event.ctrlKey) drop(values.length - 1) }} /></span>
}

function Titled({ target, id }: { target: string | undefined; id: string }): ReactNode {
  const { boot } = useDesigner()
  const [title, set] = useState('…')
  useEffect(() => { ask<{ records: Found[] }>(`/design/${boot.app}/samples?${new URLSearchParams({ entity: target ?? '', id })}`).then(answer => set(answer.records[0]?.title ?? '–')).catch(() => {}) }, [id, target])
  return <span className="clip">{title}</span>
}
