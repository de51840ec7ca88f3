/** Another type for a field: which ones go, and what would become of its values, before anything changes. */
import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { groupedNumber } from '../../../runtime/ui/shared/number.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { keywordsOf } from '../core/spelling.ts'
import type { ChoiceOption, EntityDocument, Field } from '../core/documents.ts'
import { ask, Refused } from '../core/server.ts'
import { NotYet, startOf } from '../form/fields.ts'
import { Button, Dialog, Icon } from '../parts/basics.tsx'
import { useSettled } from '../parts/designer.tsx'
import { OptionPanel } from '../parts/options.tsx'
import { Pick } from '../parts/pick.tsx'
import type { Board } from './board.ts'
import * as model from './model.ts'

const text = (code: string, values: Record<string, string | number> = {}): string => say(`designer.entity.${code}`, values)
const number = (value: number): string => groupedNumber(String(value))

export interface Shown { id: string; title: string; before: string; after: string; reason?: string }
interface Preview { state: 'unpublished' | 'same' | 'impossible' | 'computed' | 'preview'; back?: boolean; total?: number; filled?: number; carried?: number; restored?: number; failed?: number; is_capped?: boolean; samples?: Shown[]; failures?: Shown[]; words?: string[] }

export function TypeDialog({ board, field, to, back }: { board: Board; field: Field; to: string | undefined; back: Field | undefined }): ReactNode {
  const { designer } = board
  const [type, choose] = useState(to)
  const [options, setOptions] = useState<Record<string, unknown>>(() => to === field.type ? field.options ?? {} : back ? back.options ?? {} : startFor(board, to, field))
  const shape = type ? designer.fieldType(type) : undefined
  const wanted = useMemo<Field | undefined>(() => {
    if (!shape || !type) return undefined
    if (back) return { ...back, key: field.key, label: field.label, ...(field.help === undefined ? {} : { help: field.help }), options }
    return model.retyped(field, shape, options, type === 'formula' ? field.formula ?? '0' : undefined)
  }, [type, options, field, back])
  const settled = useSettled(wanted, 350)
  const [preview, setPreview] = useState<Preview>()
  const [problem, setProblem] = useState<string[]>([])
  const published = board.publishedField(field.uid)
  useEffect(() => {
    if (!settled || !published) { setPreview(settled ? { state: 'unpublished' } : undefined); return }
    const stop = new AbortController()
    setPreview(undefined)
    setProblem([])
    ask<Preview>(`/design/${designer.boot.app}/type-change`, { field: settled }, { signal: stop.signal }).then(setPreview, (error: unknown) => {
      if (error instanceof Refused) setProblem(error.problems.map(each => each.message).concat(error.problems.length ? [] : [error.message]))
      else if (!(error instanceof DOMException)) throw error
    })
    return () => stop.abort()
  }, [settled])
  const types = designer.boot.field_types.filter(each => !each.is_system && (each.key !== field.type || to !== undefined)).map(each => {
    const may = board.mayBecome(field, each.key)
    return { value: each.key, label: each.label, icon: each.icon, keywords: each.keywords, disabled: !may, ...(may ? {} : { note: text('not_from_here') }) }
  })
  const pick = (key: string): void => { choose(key); setOptions(startFor(board, key, field)) }
  const needed = shape?.options.filter(option => option.required || SHOWN.has(option.key)) ?? []
  const isReady = wanted !== undefined && !problem.length && preview !== undefined && preview.state !== 'impossible' && settled === wanted
  return <Dialog title={back ? text('change_back_title', { field: board.name(field) }) : text('change_type_title', { field: board.name(field) })} wide onClose={() => board.set({ question: undefined })}
    footer={<><Button label={say('designer.entity.cancel')} onClick={() => board.set({ question: undefined })} /><span className="grow" />
      <Button tone="primary" label={text('take_type')} disabled={!isReady} onClick={() => board.takeType(field, wanted!)} /></>}>
    <div className="type-change">
      {!back && <Pick label={text('new_type')} value={type} options={types} onChange={pick} placeholder={text('choose_type')} />}
      {needed.length > 0 && wanted && <OptionPanel shapes={needed} values={options} entity={board.entity.key} onChange={(key, value) => { const { [key]: _, ...rest } = options; setOptions(value === undefined ? rest : { ...options, [key]: value }) }} />}
      {preview?.words && preview.words.length > 0 && (type === 'choice' || type === 'choices') && <Button small icon="list-plus" label={text('options_from_values', { count: preview.words.length })} onClick={() => setOptions({ ...options, options: model.choicesOf(preview.words!, Array.isArray(options.options) && !isStart(options.options as ChoiceOption[]) ? options.options as ChoiceOption[] : [], word => keywordsOf(word).split(' ')[1]) })} />}
      {problem.map(each => <p className="note bad" key={each}><Icon name="circle-alert" /><span>{each}</span></p>)}
      {wanted && !problem.length && <div aria-live="polite">{preview ? <Outcome board={board} preview={preview} field={field} /> : <p className="note info"><span className="spinner" aria-hidden="true" /><span>{text('previewing')}</span></p>}</div>}
    </div>
  </Dialog>
}
const SHOWN = new Set(['scale', 'options', 'entity', 'result', 'maximum'])
const isStart = (options: readonly ChoiceOption[]): boolean => options.every((option, at) => option.key === `option_${at + 1}`)

function startFor(board: Board, type: string | undefined, field: Field): Record<string, unknown> {
  if (!type) return {}
  const entities = new Map(board.designer.draft.all<EntityDocument>('entity').map(each => [each.key, each]))
  const shape = board.designer.fieldType(type)
  const kept = shape ? model.retyped(field, shape).options ?? {} : {}
  const start = startOf(type, board.entity, entities, at => board.labelFor(text('option', { number: at })))
  return start instanceof NotYet ? kept : { ...start.options, ...kept }
}

function Outcome({ board, preview, field }: { board: Board; preview: Preview; field: Field }): ReactNode {
  const { state } = preview
  if (state === 'unpublished') return <p className="note info"><Icon name="info" /><span>{text('no_values_yet')}</span></p>
  if (state === 'same') return <p className="note info"><Icon name="info" /><span>{text('same_as_published')}</span></p>
  if (state === 'impossible') return <p className="note bad"><Icon name="circle-alert" /><span>{text('impossible', { field: board.name(field) })}</span></p>
  if (state === 'computed') return <p className="note warn"><Icon name="triangle-alert" /><span>{text('becomes_computed', { count: preview.total ?? 0 })}</span></p>
  const { filled = 0, carried = 0, restored = 0, failed = 0 } = preview
  return <>
    <dl className="figures">
      <div><dt>{text('figure_filled')}</dt><dd>{number(filled)}</dd></div>
      <div className="good"><dt>{text('figure_carried')}</dt><dd>{number(carried)}</dd></div>
      {preview.back && <div className="good"><dt>{text('figure_restored')}</dt><dd>{number(restored)}</dd></div>}
      <div className={failed ? 'bad' : ''}><dt>{text('figure_failed')}</dt><dd>{number(failed)}</dd></div>
    </dl>
    {preview.is_capped && <p className="hint">{text('capped', { count: preview.total ?? 0 })}</p>}
    <p className={`note ${failed ? 'warn' : 'ok'}`}><Icon name={failed ? 'triangle-alert' : 'circle-check'} /><span>{failed ? text('failed_stay', { count: failed }) : text('all_fit')} {text('old_kept')}</span></p>
    {(preview.failures?.length ?? 0) > 0 && <Values rows={preview.failures!} reasons caption={text('failures_shown', { shown: preview.failures!.length, count: failed })} />}
    {(preview.samples?.length ?? 0) > 0 && <Values rows={preview.samples!} caption={text('samples_shown', { count: preview.samples!.length })} />}
  </>
}

export function Values({ rows, reasons, caption }: { rows: readonly Shown[]; reasons?: boolean; caption: string }): ReactNode {
  return <div className="table-scroll value-table" tabIndex={0} role="region" aria-label={caption}><table className="table compact"><caption>{caption}</caption><thead><tr><th scope="col">{text('record')}</th><th scope="col">{text('value_before')}</th><th scope="col">{reasons ? text('reason') : text('value_after')}</th></tr></thead>
    <tbody>{rows.map(row => <tr key={row.id}><td>{row.title || '–'}</td><td><code>{row.before}</code></td><td>{reasons ? row.reason : <code>{row.after}</code>}</td></tr>)}</tbody></table></div>
}
