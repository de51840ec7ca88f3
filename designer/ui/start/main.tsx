/** A new app from a table: choose the file, look at what its columns become, create, watch the rows come in. */
import '../main.ts'
import './start.css'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { announce } from '../../../runtime/ui/shared/announce.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { ask, Refused, type Problem } from '../core/server.ts'
import { Icon } from '../parts/basics.tsx'
import { useSettled } from '../parts/designer.tsx'

interface Column { at: number; header: string; key: string; label: string; type: string; options: Record<string, unknown>; skip: boolean; unique: boolean; required: boolean }
interface Bad { row: number; column: string; key: string; value: string; message: string }
interface Check { columns: Column[]; bad: Bad[]; bad_counts: Record<string, number>; bad_count: number; double_count: number }
interface Table extends Check { file: string; name: string; sheets: string[]; sheet: string; rows: number; title: string; preview: string[][] }
interface State { status: string; progress: number; message: string; result: { created?: number; emptied?: number; refused?: number; lines?: { row: number; column: string; value: string; message: string }[] } }

const part = (code: string, values: Record<string, string | number> = {}): string => say(`designer.start.${code}`, values)
const TYPES = ['text', 'long_text', 'integer', 'decimal', 'money', 'percent', 'date', 'datetime', 'yes_no', 'choice', 'email', 'phone', 'url'] as const

function Start(): ReactNode {
  const [table, setTable] = useState<Table>()
  const [made, setMade] = useState<{ app: string; entity: string; job: string; rows: number }>()
  return made ? <Coming made={made} board={!!table?.columns.some(column => column.type === 'choice' && !column.skip)} /> : table ? <Columns table={table} setTable={setTable} onMade={setMade} /> : <Choose onTable={setTable} />
}

function Choose({ onTable }: { onTable: (table: Table) => void }): ReactNode {
  const input = useRef<HTMLInputElement>(null)
  const [busy, setBusy] = useState('')
  const [problem, setProblem] = useState('')
  const [over, setOver] = useState(false)
  const take = async (file: File | undefined): Promise<void> => {
    if (!file || busy) return
    setBusy(file.name)
    setProblem('')
    const form = new FormData()
    form.append('file', file)
    try {
      const found = await ask<Table>('/design/new/table/read', form)
      announce(part('read', { rows: found.rows, columns: found.columns.length }))
      onTable(found)
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblem(error.message)
    } finally { setBusy('') }
  }
  return <div className={`start-drop${over ? ' over' : ''}`} onDragOver={event => { event.preventDefault(); setOver(true) }} onDragLeave={() => setOver(false)} onDrop={event => { event.preventDefault(); setOver(false); void take(event.dataTransfer?.files[0]) }}>
    <Icon name="file-spreadsheet" /><h1>{part('choose')}</h1><p>{part('choose_more')}</p>
    <input ref={input} type="file" accept=".xlsx,.xlsm,.csv,.txt" className="sr" tabIndex={-1} aria-label={part('file')} onChange={event => void take(event.currentTarget.files?.[0])} />
    <button type="button" className="button primary" disabled={!!busy} onClick={() => input.current?.click()}><Icon name="upload" /><span>{busy ? part('reading', { file: busy }) : part('file')}</span></button>
    {problem && <p className="problem" role="alert"><Icon name="circle-alert" /><span>{problem}</span></p>}
  </div>
}

function Columns({ table, setTable, onMade }: { table: Table; setTable: (table: Table | undefined) => void; onMade: (made: { app: string; entity: string; job: string; rows: number }) => void }): ReactNode {
  const [label, setLabel] = useState(table.name)
  const [name, setName] = useState(table.sheets.length > 1 || !/^(sheet|工作表)\s*\d*$/i.test(table.sheet) ? table.sheet : part('record_default'))
  const [title, setTitle] = useState(table.title)
  const [problems, setProblems] = useState<Problem[]>([])
  const [busy, setBusy] = useState(false)
  const [checked, setChecked] = useState<Check>(table)
  const { columns } = table
  const change = (at: number, values: Partial<Column>): void => setTable({ ...table, columns: columns.map(column => column.at === at ? { ...column, ...values } : column) })
  const question = useSettled(JSON.stringify({ file: table.file, sheet: table.sheet, columns }), 350)
  const asked = useRef(question)
  useEffect(() => {
    if (asked.current === question) return
    asked.current = question
    const over = new AbortController()
    ask<Check>('/design/new/table/check', JSON.parse(question), { signal: over.signal }).then(found => {
      setChecked(found)
      setProblems([])
      announce(part('checked', { bad: found.bad_count, doubles: found.double_count }))
    }, (error: unknown) => { if (error instanceof Refused) setProblems(error.problems) })
    return () => over.abort()
  }, [question])
  const otherSheet = async (sheet: string): Promise<void> => {
    const found = await ask<Table>('/design/new/table/check', { file: table.file, sheet })
    setTable({ ...found, file: table.file })
    setTitle(found.title)
    setName(found.sheet)
  }
  const create = async (): Promise<void> => {
    setBusy(true)
    try { onMade(await ask('/design/new/table/create', { file: table.file, file_name: table.name, sheet: table.sheet, label, name, title, columns })) } catch (error) {
      if (!(error instanceof Refused)) throw error
      setProblems(error.problems)
      setTimeout(() => document.querySelector<HTMLElement>('.start-problems')?.focus())
    } finally { setBusy(false) }
  }
  const kept = columns.filter(column => !column.skip)
  const texts = kept.filter(column => column.type === 'text')
  return <div className="start-table">
    <div className="head"><h1>{part('columns')}</h1><p>{part('columns_more', { rows: table.rows })}</p></div>
    {problems.length > 0 && <div className="note bad start-problems" role="alert" tabIndex={-1}><Icon name="circle-alert" /><div>{problems.map(problem => <p key={problem.message}>{problem.message}</p>)}</div></div>}
    <section className="panel"><div className="panel-body start-names">
      <label className="field"><span className="label">{part('app_name')}</span><input className="input" value={label} maxLength={100} onInput={event => setLabel(event.currentTarget.value)} /></label>
      <label className="field"><span className="label">{part('record_name')}</span><input className="input" value={name} maxLength={100} onInput={event => setName(event.currentTarget.value)} /></label>
      <label className="field"><span className="label">{part('called_by')}</span><select className="input" value={title} onChange={event => setTitle(event.currentTarget.value)}>{texts.map(column => <option key={column.key} value={column.key}>{column.label}</option>)}</select></label>
      {table.sheets.length > 1 && <label className="field"><span className="label">{part('sheet')}</span><select className="input" value={table.sheet} onChange={event => void otherSheet(event.currentTarget.value)}>{table.sheets.map(sheet => <option key={sheet}>{sheet}</option>)}</select></label>}
    </div></section>
    <section className="panel"><header><h2>{part('fields')}</h2></header><div className="table-scroll"><table className="table compact start-columns">
      <thead><tr><th scope="col">{part('keep')}</th><th scope="col">{part('column')}</th><th scope="col">{part('name')}</th><th scope="col">{part('type')}</th><th scope="col">{part('unique')}</th><th scope="col">{part('examples')}</th><th scope="col">{part('unfit')}</th></tr></thead>
      <tbody>{columns.map(column => {
        const shown = column.header || part('column_number', { number: column.at + 1 })
        const now = checked.columns.find(each => each.at === column.at)
        const options = (now?.options.options ?? column.options.options) as { label: string; key: string }[] | undefined
        const bad = checked.bad_counts[now?.key ?? column.key]
        return <tr key={column.at} className={column.skip ? 'skipped' : undefined}>
          <td><input type="checkbox" checked={!column.skip} aria-label={part('keep_column', { column: shown })} onChange={event => change(column.at, { skip: !event.currentTarget.checked })} /></td>
          <td className="clip">{shown}</td>
          <td><input className="input" value={column.label} disabled={column.skip} maxLength={200} aria-label={part('name_of', { column: shown })} onInput={event => change(column.at, { label: event.currentTarget.value })} /></td>
          <td><select className="input" value={column.type} disabled={column.skip} aria-label={part('type_of', { column: shown })} onChange={event => change(column.at, { type: event.currentTarget.value, options: {} })}>{TYPES.map(type => <option key={type} value={type}>{part(`type_${type}`)}</option>)}</select></td>
          <td><input type="checkbox" checked={column.unique} disabled={column.skip || column.type === 'long_text' || column.type === 'yes_no'} aria-label={part('unique_column', { column: shown })} onChange={event => change(column.at, { unique: event.currentTarget.checked })} /></td>
          <td className="examples">{column.type === 'choice' && options?.length ? options.slice(0, 6).map(option => <span className="chip" key={option.key}>{option.label}</span>) : [...new Set(table.preview.map(row => row[column.at]).filter(Boolean))].slice(0, 3).join(' · ')}</td>
          <td>{!column.skip && bad ? <span className="chip" data-colour="amber">{part('unfit_count', { count: bad })}</span> : ''}</td>
        </tr>
      })}</tbody></table></div></section>
    {(checked.bad_count > 0 || checked.double_count > 0) && <section className="panel"><header><h2>{part('problems', { bad: checked.bad_count, doubles: checked.double_count })}</h2></header><div className="panel-body"><ul className="start-bad" tabIndex={0} aria-label={part('problems', { bad: checked.bad_count, doubles: checked.double_count })}>{checked.bad.map((bad, index) =>
      <li key={index}><strong>{part('at', { row: bad.row, column: bad.column })}</strong> <q>{bad.value}</q> {bad.message}</li>)}</ul></div></section>}
    <section className="panel"><header><h2>{part('preview', { count: table.preview.length })}</h2></header><div className="table-scroll" tabIndex={0} role="region" aria-label={part('preview', { count: table.preview.length })}><table className="table compact"><thead><tr>{kept.map(column => <th scope="col" key={column.at}>{column.label}</th>)}</tr></thead>
      <tbody>{table.preview.map((row, index) => <tr key={index}>{kept.map(column => <td key={column.at} className={['integer', 'decimal', 'money', 'percent'].includes(column.type) ? 'number' : undefined}>{row[column.at]}</td>)}</tr>)}</tbody></table></div></section>
    <div className="start-bar"><button type="button" className="button" onClick={() => setTable(undefined)}>{part('other_file')}</button><span className="grow" />
      <button type="button" className="button primary" disabled={busy || !kept.length} onClick={() => void create()}><Icon name="plus" /><span>{busy ? part('creating') : part('create', { rows: table.rows })}</span></button></div>
  </div>
}

function Coming({ made, board }: { made: { app: string; entity: string; job: string; rows: number }; board: boolean }): ReactNode {
  const [state, setState] = useState<State>({ status: 'waiting', progress: 0, message: '', result: {} })
  const over = !['waiting', 'running'].includes(state.status)
  useEffect(() => {
    if (over) { announce(part(state.status === 'done' ? 'done' : 'failed')); return }
    const timer = setTimeout(() => { void ask<State>(`/design/new/job/${made.job}`).then(setState, () => setState({ ...state })) }, 500)
    return () => clearTimeout(timer)
  }, [state, over])
  const { result } = state
  return <section className="panel start-wait"><div className="panel-body stack" role="status">
    <Icon name={state.status === 'done' ? 'circle-check' : over ? 'circle-alert' : 'loader-circle'} />
    <h1>{part(state.status === 'done' ? 'done' : over ? 'failed' : 'coming')}</h1>
    {!over && <><progress max={100} value={state.progress} aria-label={part('coming')} /><p className="muted">{state.message || part('waiting', { rows: made.rows })}</p></>}
    {over && state.status !== 'done' && <p>{state.message}</p>}
    {state.status === 'done' && <>
      <p>{part('created', { count: result.created ?? 0 })}{result.emptied ? ` ${part('emptied', { count: result.emptied })}` : ''}{result.refused ? ` ${part('refused', { count: result.refused })}` : ''}</p>
      {result.lines && result.lines.length > 0 && <details><summary>{part('left_out')}</summary><ul className="start-bad">{result.lines.map((line, index) => <li key={index}><strong>{part('at', { row: line.row, column: line.column })}</strong> <q>{line.value}</q> {line.message}</li>)}</ul></details>}
      <div className="line"><a className="button primary" href={`/a/${made.app}/${made.entity}`}><Icon name="list" /><span>{part('open_list')}</span></a>
        {board && <a className="button" href={`/a/${made.app}/${made.entity}?view=${made.entity}_board`}><Icon name="square-kanban" /><span>{part('open_board')}</span></a>}
        <a className="button" href={`/design/${made.app}`}><Icon name="pencil-ruler" /><span>{part('open_design')}</span></a></div>
    </>}
  </div></section>
}

const place = document.getElementById('start')!
place.removeAttribute('aria-busy')
createRoot(place).render(<Start />)
