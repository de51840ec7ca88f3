/** An expression as text: completion while typing, help for functions, the error under its word, the result on a record. */
import { useEffect, useId, useMemo, useRef, useState, type ReactNode } from 'react'
import { announce } from '../../../runtime/ui/shared/announce.ts'
import { groupedNumber } from '../../../runtime/ui/shared/number.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { ask } from '../core/server.ts'
import { read } from '../core/documents.ts'
import { keywordsOf } from '../core/spelling.ts'
import { callAt, comparedName, completed, fit, wordAt, type Candidate } from '../expressions/completion.ts'
import { isFilled, valuesOf, valueText, type Value } from '../expressions/condition.ts'
import { findName, inside, namesAt, type Kind, type Name } from '../expressions/names.ts'
import { Button, Dialog, Icon } from './basics.tsx'
import { useDesigner } from './designer.tsx'
import { optionsOf, useExpression, useFloating, useNames, useWorld, type Answer, type ExpressionError, type Place, type Sampled } from './expressions.tsx'
import type { FormulaProps } from './formula.tsx'
import { Pick } from './pick.tsx'
import { RecordPick, ValueEditor } from './value.tsx'
import './expressions.css'


export interface FunctionHelp { key: string; room: string; signature: string; description: string; example: string; result: string; keywords: string; returns: string }
let functions: Promise<FunctionHelp[]> | undefined

export function useFunctions(): FunctionHelp[] {
  const { boot } = useDesigner()
  const [found, set] = useState<FunctionHelp[]>([])
  useEffect(() => {
    functions ??= ask<{ functions: FunctionHelp[] }>(`/design/${boot.app}/functions`).then(answer => answer.functions)
    functions.then(set).catch(() => { functions = undefined })
  }, [boot.app])
  return found
}

export function FormulaEditor(props: FormulaProps): ReactNode {
  return props.about ? <ValueOrFormula {...props} about={props.about} /> : <TextEditor {...props} />
}

/** A fixed value, chosen or typed as in a form; or a formula. */
function ValueOrFormula(props: FormulaProps & { about: string }): ReactNode {
  const { label, value, onChange, entity, help, problems = [] } = props
  const world = useWorld()
  const place: Place = { entity, scope: props.scope, own: props.own, extra: props.extra, expects: props.expects }
  const names = useNames(place)
  const field = namesAt(world, entity, 'formula', { steps: false }).find(each => each.name === props.about)
  const { answer, isFresh } = useExpression({ ...place, about: props.about }, value)
  const [mode, setMode] = useState<'value' | 'text'>()
  const [drawn, draw] = useState<Value[]>()
  const written = useRef<string | undefined>(undefined)
  const read = value?.trim() ? (isFresh && answer?.ok ? valuesOf(answer.tree) : undefined) : []
  const values = value === written.current && drawn ? drawn : read
  const isText = !field || field.kind === 'rows' || field.kind === 'file' || (mode ?? (value?.trim() && isFresh && !values ? 'text' : 'value')) === 'text' || (mode !== 'value' && values === undefined && isFresh)
  const put = (to: Value[]): void => {
    const filled = to.filter(isFilled)
    const many = field?.kind === 'list'
    const text = !filled.length ? undefined : many ? `[${filled.map(valueText).join(', ')}]` : valueText(filled[0]!)
    written.current = text
    draw(to)
    onChange(text)
  }
  const id = useId()
  if (!field || field.kind === 'rows' || field.kind === 'file') return <TextEditor {...props} />
  return <fieldset className="field value-or-formula" aria-describedby={help || problems.length ? `${id}-more` : undefined}>
    <legend className="label">{label}</legend>
    <div className="segments" role="group" aria-label={label}>{(['value', 'text'] as const).map(each =>
      <button type="button" key={each} aria-pressed={(each === 'text') === isText} disabled={each === 'value' && value !== undefined && values === undefined} onClick={() => setMode(each)}>{say(`designer.expression.mode_${each}`)}</button>)}</div>
    {isText ? <TextEditor {...props} bare /> : <div className="line value-line">
      <ValueEditor name={field} world={world} names={names} takes={field.kind === 'list' ? 'many' : 'one'} values={values ?? []} onChange={put} optional />
      {value !== undefined && <Button small tone="plain" icon="x" shown={false} label={say('designer.expression.no_value')} onClick={() => { written.current = undefined; draw(undefined); onChange(undefined); announce(say('designer.expression.no_value')) }} />}</div>}
    {!isText && (help || problems.length > 0) && <div id={`${id}-more`}>{problems.map(problem => <p className="problem" key={problem}><Icon name="circle-alert" /><span>{problem}</span></p>)}</div>}
  </fieldset>
}

function TextEditor({ label, value, onChange, entity, expects, scope, own, extra, help, problems = [], bare, summary = true, about }: FormulaProps): ReactNode {
  const place: Place = { entity, scope, own, extra, expects, about }
  const designer = useDesigner()
  const id = useId()
  const area = useRef<HTMLTextAreaElement>(null)
  const marks = useRef<HTMLDivElement>(null)
  const world = useWorld()
  const names = useNames(place)
  const known = useFunctions()
  const [caret, setCaret] = useState(0)
  const [open, setOpen] = useState(false)
  const [chosen, choose] = useState(0)
  const [helping, setHelping] = useState(false)
  const [trying, setTrying] = useState(false)
  const [record, setRecord] = useState('')
  const text = value ?? ''
  const { answer, isFresh, failed } = useExpression(place, value, trying ? { ...(record ? { record } : {}) } : undefined)
  const errors = answer && !answer.ok ? answer.errors : []
  const said = errors.filter((error, at) => errors.findIndex(each => each.message === error.message) === at)
  const word = wordAt(text, caret)
  const found = useMemo(() => open ? proposals(word.typed, fit(lastStep(word.typed, word.inText), candidates(), 40)) : [], [open, text, caret, names, known])
  const { list, anchor } = useFloating<HTMLUListElement, HTMLDivElement>(open && found.length > 0, found.length + text.length)
  const call = callAt(text, caret)
  const calling = known.find(each => each.key === call?.name)

  function candidates(): Candidate[] {
    if (word.inText) {
      const compared = comparedName(text, word.from)
      const name = compared ? findName(world, names, compared) : undefined
      const choices = name?.choices ?? (call?.name === 'has_role' ? world.roles : [])
      return choices.map(each => ({ text: each.key, label: read(each.label, world.language, each.key), note: each.key, keywords: keywordsOf(each.label), sort: 'choice' }))
    }
    const cut = word.typed.lastIndexOf('.')
    const before = cut >= 0 ? findName(world, names, word.typed.slice(0, cut)) : undefined
    const listed: readonly Name[] = before?.target ? inside(world, before.target, `${before.name}.`, [before.label], before.words) : cut >= 0 ? names : names.filter(each => !each.name.includes('.') || /^(actor|initiator|person)\./.test(each.name))
    return [
      ...listed.filter(each => !each.name.endsWith(')')).map((each): Candidate => ({ text: each.name, label: each.label, note: each.name, keywords: keywordsOf(...each.words), sort: 'name', help: kindLabel(each.kind), icon: designer.fieldType(each.type)?.icon ?? 'circle-dot' })),
      ...(cut >= 0 ? [] : known.map((each): Candidate => ({ text: each.key, label: each.signature, note: '', keywords: each.keywords, sort: 'function', help: each.description, signature: each.signature }))),
    ]
  }
  const put = (to: string, at?: number): void => {
    onChange(to === '' ? undefined : to)
    if (at === undefined) return
    setCaret(at)
    requestAnimationFrame(() => { area.current?.focus(); area.current?.setSelectionRange(at, at) })
  }
  const take = (each: Candidate | undefined): void => {
    if (!each) return
    const made = completed(text, word, each)
    setOpen(false)
    put(made.text, made.caret)
    announce(say('chosen', { label: each.label }))
  }
  const insert = (what: string): void => {
    const at = area.current?.selectionStart ?? text.length
    const end = area.current?.selectionEnd ?? at
    const space = at > 0 && !/[\s(]$/.test(text.slice(0, at)) ? ' ' : ''
    put(text.slice(0, at) + space + what + text.slice(end), at + space.length + what.length - (what.endsWith('()') ? 1 : 0))
  }
  const keys = (event: KeyboardEvent): void => {
    if (event.isComposing) return
    if ((event.key === ' ' && event.ctrlKey) || (event.key === 'i' && event.ctrlKey)) { event.preventDefault(); setOpen(true); choose(0); return }
    if (!open || !found.length) { if (event.key === 'F1') { event.preventDefault(); setHelping(true) } return }
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') choose((chosen + (event.key === 'ArrowDown' ? 1 : -1) + found.length) % found.length)
    else if (event.key === 'Enter' || event.key === 'Tab') take(found[chosen])
    else if (event.key === 'Escape') setOpen(false)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  useEffect(() => { if (open) document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: 'nearest' }) }, [chosen, open])
  useEffect(() => { if (isFresh && errors.length) announce(errors[0]!.message) }, [isFresh, errors[0]?.message])
  const described = [help ? `${id}-help` : '', `${id}-state`].filter(Boolean).join(' ')
  return <div className="field formula">
    {!bare && <label className="label" htmlFor={id}>{label}</label>}
    <div className="formula-box" ref={anchor} data-invalid={errors.length > 0 || undefined}>
      <div className="formula-marks" aria-hidden="true" ref={marks}>{marked(text, isFresh ? errors : [])}</div>
      <textarea id={id} ref={area} className="input mono" rows={Math.min(10, Math.max(2, text.split('\n').length + Math.floor(text.length / 40)))} spellcheck={false} autoCapitalize="none" autoComplete="off" value={text}
        aria-label={bare ? label : undefined} aria-autocomplete="list" aria-haspopup="listbox" aria-controls={open && found.length ? `${id}-list` : undefined} aria-activedescendant={open && found.length ? `${id}-${chosen}` : undefined}
        aria-describedby={described} aria-invalid={errors.length > 0}
        onInput={event => { const made = event.currentTarget; onChange(made.value === '' ? undefined : made.value); setCaret(made.selectionStart); choose(0); setOpen(isWriting(made.value, made.selectionStart)) }}
        onKeyDown={event => keys(event as unknown as KeyboardEvent)} onSelect={event => setCaret(event.currentTarget.selectionStart)} onBlur={() => setOpen(false)}
        onScroll={event => { if (marks.current) { marks.current.scrollTop = event.currentTarget.scrollTop; marks.current.scrollLeft = event.currentTarget.scrollLeft } }} />
      {open && found.length > 0 && <ul className="formula-options" popover="manual" ref={list} role="listbox" id={`${id}-list`} aria-label={say('designer.expression.completions')} onPointerDown={event => event.preventDefault()}>
        {found.map((each, at) => <li key={each.sort + each.text} id={`${id}-${at}`} role="option" aria-selected={at === chosen} onClick={() => take(each)} onPointerEnter={() => choose(at)}>
          <Icon name={each.icon ?? (each.sort === 'function' ? 'square-function' : 'circle-dot')} /><span className="clip">{each.label}</span><small className="clip">{each.sort === 'name' ? each.note : each.help ?? each.note}</small></li>)}
      </ul>}
    </div>
    <div id={`${id}-state`} className="formula-state">
      {said.map(error => <p className="problem" key={error.offset + error.message}><Icon name="circle-alert" /><span>{error.message}{' '}<button type="button" className="link" onClick={() => { area.current?.focus(); area.current?.setSelectionRange(error.offset, error.offset + error.length) }}>{say('designer.expression.show')}</button></span></p>)}
      {!errors.length && failed && <p className="warn">{failed}</p>}
      {answer?.ok && <p className="muted">{say('designer.expression.gives', { kind: answer.kind_label ?? '' })}{summary && answer.summary ? ` · ${answer.summary}` : ''}</p>}
      {!errors.length && calling && <p className="muted signature"><code>{calling.signature}</code> {calling.description}</p>}
      {others(problems, answer).map(problem => <p className="problem" key={problem}><Icon name="circle-alert" /><span>{problem}</span></p>)}
    </div>
    {help && <p className="hint" id={`${id}-help`}>{help}</p>}
    <div className="formula-bar">
      <Pick bare label={say('designer.expression.insert_field')} placeholder={say('designer.expression.insert_field')} value={undefined} options={optionsOf(names)} onChange={insert} />
      <Button small tone="plain" icon="square-function" label={say('designer.expression.functions')} onClick={() => setHelping(true)} />
      <Button small tone="plain" icon="play" label={say('designer.expression.try')} pressed={trying} onClick={() => setTrying(!trying)} />
    </div>
    {trying && <Trial place={place} record={record} onRecord={setRecord} sample={answer?.sample} names={names} world={world} />}
    {helping && <Functions known={known} onClose={() => setHelping(false)} onInsert={each => { setHelping(false); insert(`${each.key}()`) }} />}
  </div>
}

/** What the check says beside what is said here already: the check comes later, and says the same of the expression itself. */
export const others = (problems: readonly string[], answer: Answer | undefined): readonly string[] => answer && !answer.ok ? [] : problems

/** Is a name or a text being written at the caret? Then it can be completed. */
function isWriting(text: string, caret: number): boolean {
  const word = wordAt(text, caret)
  return word.inText || word.typed !== ''
}

/** What is written out already needs no proposal. */
const proposals = (typed: string, found: Candidate[]): Candidate[] => found.some(each => each.text === typed && each.sort !== 'function') && found.length < 3 ? [] : found

const kindLabel = (kind: Kind): string => say(`designer.expression.kind_${kind}`)
/** Steps are completed one at a time: of `account.le` only `le` is looked for, in what `account` leads to. */
const lastStep = (typed: string, inText: boolean): string => inText ? typed : typed.slice(typed.lastIndexOf('.') + 1)

/** The text with what is wrong in it marked; a space stands for what is missing at the end. */
function marked(text: string, errors: readonly ExpressionError[]): ReactNode {
  const parts: ReactNode[] = []
  let at = 0
  for (const error of [...errors].sort((one, other) => one.offset - other.offset)) {
    if (error.offset < at) continue
    const end = error.offset + Math.max(1, error.length)
    parts.push(text.slice(at, error.offset), <mark key={error.offset}>{text.slice(error.offset, end) || ' '}</mark>)
    at = end
  }
  return <>{parts}{`${text.slice(at)}\n`}</>
}

/** A value as people read it. */
export function shownValue(value: unknown, name?: Name, language = 'en'): string {
  if (value === null || value === undefined || value === '') return say('designer.nothing')
  if (typeof value === 'boolean') return say(value ? 'designer.expression.yes' : 'designer.expression.no')
  if (Array.isArray(value)) return value.length ? value.map(each => shownValue(each, name, language)).join(say('designer.expression.between')) : say('designer.nothing')
  if (typeof value === 'string') {
    const choice = name?.choices?.find(each => each.key === value)
    if (choice) return read(choice.label, language, value)
    if (/^-?\d+(\.\d+)?$/.test(value) && name?.kind !== 'text') return groupedNumber(value)
    if (/^\d{4}-\d\d-\d\dT/.test(value)) return new Date(value).toLocaleString(language)
    return value
  }
  return String(value)
}

function Trial({ place, record, onRecord, sample, names, world }: { place: Place; record: string; onRecord: (id: string) => void; sample: Sampled | undefined; names: readonly Name[]; world: ReturnType<typeof useWorld> }): ReactNode {
  return <section className="formula-trial" aria-label={say('designer.expression.try')}>
    <div className="line"><span>{say('designer.expression.on_record')}</span><RecordPick label={say('designer.expression.on_record')} target={place.entity} value={record} onChange={onRecord} empty={sample?.title && !record ? say('designer.expression.newest', { title: sample.title }) : say('designer.expression.newest_any')} /></div>
    {sample && <>
      {sample.id === null && <p className="hint">{say('designer.expression.no_record')}</p>}
      <dl>{Object.entries(sample.values).map(([name, value]) => {
        const found = findName(world, names, name)
        return <div key={name}><dt>{found?.label ?? name}</dt><dd>{shownReference(value, found) ?? shownValue(value, found, world.language)}</dd></div>
      })}</dl>
      <p className="result" role="status"><Icon name="equal" /><strong>{sample.error ?? shownValue(sample.result, undefined, world.language)}</strong></p>
    </>}
  </section>
}

const shownReference = (value: unknown, name: Name | undefined): ReactNode => name?.kind === 'reference' && typeof value === 'string' ? <RecordTitle target={name.target} id={value} /> : undefined

function RecordTitle({ target, id }: { target: string | undefined; id: string }): ReactNode {
  const { boot } = useDesigner()
  const [title, set] = useState('…')
  useEffect(() => { ask<{ records: { title: string }[] }>(`/design/${boot.app}/samples?${new URLSearchParams({ entity: target ?? '', id })}`).then(answer => set(answer.records[0]?.title ?? '–')).catch(() => {}) }, [id, target])
  return title
}

function Functions({ known, onClose, onInsert }: { known: readonly FunctionHelp[]; onClose: () => void; onInsert: (each: FunctionHelp) => void }): ReactNode {
  const [typed, type] = useState('')
  const shown = typed ? fit(typed, known.map((each): Candidate => ({ text: each.key, label: each.signature, note: '', keywords: each.keywords, sort: 'function' }))).map(each => known.find(one => one.key === each.text)!) : known
  const rooms = [...new Set(shown.map(each => each.room))]
  return <Dialog title={say('designer.expression.functions')} onClose={onClose} wide>
    <input className="input" type="search" autoFocus aria-label={say('designer.expression.search_function')} placeholder={say('designer.expression.search_function')} value={typed} onInput={event => type(event.currentTarget.value)} />
    <div className="functions">{rooms.map(room => <section key={room}><h3>{say(`designer.expression.room_${room}`)}</h3>
      <ul>{shown.filter(each => each.room === room).map(each => <li key={each.key}>
        <div className="line"><code>{each.signature}</code><span className="grow" /><Button small icon="plus" label={say('designer.expression.insert')} title={say('designer.expression.insert_function', { name: each.key })} onClick={() => onInsert(each)} /></div>
        <p>{each.description}</p><p className="muted"><code>{each.example}</code> → <code>{each.result}</code></p></li>)}</ul></section>)}
      {!shown.length && <p>{say('no_matches')}</p>}</div>
  </Dialog>
}
