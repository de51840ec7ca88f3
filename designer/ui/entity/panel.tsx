/** What can be set of the chosen field, or of several at once. */
import { useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { type Field, type Text } from '../core/documents.ts'
import { within, type Finding } from '../core/problems.ts'
import { Button, Check, Icon, Menu, WordsField } from '../parts/basics.tsx'
import { useSettled } from '../parts/designer.tsx'
import { ConditionField } from '../parts/condition.tsx'
import { FormulaField } from '../parts/formula.tsx'
import { OptionPanel } from '../parts/options.tsx'
import type { Board, Use } from './board.ts'
import { Converted } from './converted.tsx'
import * as model from './model.ts'
import { placeWords } from './place.ts'

const text = (code: string, values: Record<string, string | number> = {}): string => say(`designer.entity.${code}`, values)

export function Panel({ board }: { board: Board }): ReactNode {
  // Walking down the table does not draw the properties of every field on the way.
  const shown = useSettled([...board.chosen].join(), 80)
  const wanted = new Set(shown.split(','))
  const fields = board.entity.fields.filter(field => wanted.has(field.uid))
  if (!fields.length) return <p className="hint panel-hint">{text('choose_one')}</p>
  return fields.length > 1 ? <Many board={board} fields={fields} /> : <One key={fields[0]!.uid} board={board} field={fields[0]!} />
}

function Many({ board, fields }: { board: Board; fields: Field[] }): ReactNode {
  const uids = fields.map(field => field.uid)
  const all = (key: 'required' | 'unique' | 'searchable' | 'tracked'): string => {
    const on = fields.filter(field => (field[key] ?? key === 'tracked') === true).length
    return on === fields.length ? 'all' : on ? 'some' : 'none'
  }
  const retired = fields.filter(field => field.retired).map(field => field.uid)
  return <div className="panel-stack">
    <header className="panel-head"><h2>{text('fields_chosen', { count: fields.length })}</h2></header>
    {(['required', 'unique', 'searchable', 'tracked'] as const).map(key => <div key={key} className="bulk-line"><span>{text(key)} <span className="muted">{text(`bulk_${all(key)}`)}</span></span>
      <div className="button-group"><Button small label={say('designer.entity.yes')} onClick={() => board.setAll(uids, key, true)} /><Button small label={say('designer.entity.no')} onClick={() => board.setAll(uids, key, false)} /></div></div>)}
    <div className="panel-actions">
      <Button icon="copy" label={text('duplicate')} onClick={() => board.duplicate()} /><Button icon="clipboard-copy" label={text('copy')} onClick={() => board.copy()} />
      {retired.length > 0 && <Button icon="archive-restore" label={text('restore')} onClick={() => board.restore(retired)} />}
      <Button icon="archive" tone="danger" label={text('retire_or_remove')} onClick={() => board.drop(uids)} />
    </div>
  </div>
}

function One({ board, field }: { board: Board; field: Field }): ReactNode {
  const { designer } = board
  const index = board.entity.fields.findIndex(each => each.uid === field.uid)
  const findings = within(designer.findings, board.place, ['fields', index])
  const at = (...path: string[]): string[] => within(findings, board.place, ['fields', index, ...path]).map(finding => finding.message)
  const shape = designer.fieldType(field.type)
  const published = board.publishedField(field.uid)
  const uses = board.usesOf(field)
  const entity = board.entity.key
  const standing = board.standing(field)
  const putLabel = (to: Text): void => { board.put(field.uid, 'label', to) }
  const rest = findings.filter(finding => !SHOWN.has(String(finding.path[2] ?? '')))
  const isFilterable = field.type === 'reference' || field.type === 'user' || field.type === 'rollup'
  const own = String(field.options?.entity ?? '')
  return <div className="panel-stack">
    <header className="panel-head"><Icon name={shape?.icon ?? 'box'} /><h2 className="clip">{board.name(field)}</h2>
      {standing !== 'same' && <span className="chip" data-colour={{ new: 'green', changed: 'amber', retired: 'grey', same: '' }[standing]}>{text(`standing_${standing}`)}</span>}
      <Menu icon="ellipsis" label={text('more')} items={[
        { label: text('duplicate'), icon: 'copy', act: () => board.duplicate() }, { label: text('copy'), icon: 'clipboard-copy', act: () => board.copy() }, { label: text('cut'), icon: 'scissors', act: () => board.copy(true), disabled: field.retired },
        field.retired ? { label: text('restore'), icon: 'archive-restore', act: () => board.restore([field.uid]) } : { label: published ? text('retire') : text('remove'), icon: published ? 'archive' : 'trash-2', danger: true, act: () => board.drop([field.uid]), rule: true },
      ]} /></header>
    {field.retired && <p className="note info"><Icon name="archive" /><span>{text('is_retired')} <button type="button" className="link" onClick={() => board.restore([field.uid])}>{text('restore')}</button></span></p>}
    {rest.map(finding => <Problem key={finding.code + finding.message} finding={finding} />)}
    <Converted board={board} field={field} />
    <section><h3>{text('basics')}</h3>
      <WordsField label={text('label')} value={field.label} onChange={putLabel} problems={at('label')} required />
      <WordsField label={text('help')} value={field.help} onChange={to => board.put(field.uid, 'help', isEmpty(to) ? undefined : to)} problems={at('help')} />
      <KeyField board={board} field={field} problems={at('key')} />
      <TypeField board={board} field={field} problems={at('type')} />
    </section>
    {shape && shape.options.length > 0 && <section><h3>{text('options_of', { type: shape.label })}</h3>
      <OptionPanel shapes={shape.options} values={field.options ?? {}} entity={entity} scope={field.type === 'rollup' ? 'sum' : 'formula'} problems={key => at('options', key)} onChange={(key, value) => board.putOption(field.uid, key, value)} /></section>}
    {(field.type === 'formula' || isFilterable || !shape?.is_derived) && <section><h3>{text('values')}</h3>
      {field.type === 'formula' && <FormulaField label={text('formula')} value={field.formula} entity={entity} scope="formula" problems={at('formula')} help={text('formula_help')} onChange={to => board.put(field.uid, 'formula', to ?? '')} />}
      {!shape?.is_derived && field.type !== 'rows' && field.type !== 'file' && <FormulaField label={text('default')} value={field.default} entity={entity} about={field.key} scope="default" {...(shape ? { expects: shape.kind as never } : {})} problems={at('default')} help={text('default_help')} onChange={to => board.put(field.uid, 'default', to)} />}
      {isFilterable && <ConditionField label={text(field.type === 'rollup' ? 'filter_sum' : 'filter_choose')} value={field.filter} entity={field.type === 'user' ? '@user' : field.type === 'rollup' ? summed(board, field) : own} own={entity} scope={field.type === 'rollup' ? 'sum' : 'choose'} problems={at('filter')} none={text(field.type === 'rollup' ? 'filter_sum_none' : 'filter_choose_none')} onChange={to => board.put(field.uid, 'filter', to)} />}
    </section>}
    <section><h3>{text('behaviour')}</h3>
      {!shape?.is_derived && <Check label={text('required')} value={field.required === true} help={text('required_help')} problems={at('required')} onChange={to => board.put(field.uid, 'required', to, false)} />}
      {!shape?.is_derived && model.UNIQUE.has(field.type) && <Check label={text('unique')} value={field.unique === true} help={text('unique_help')} problems={at('unique')} onChange={to => board.put(field.uid, 'unique', to, false)} />}
      {model.SEARCHABLE.has(field.type) && <Check label={text('searchable')} value={field.searchable === true} help={text('searchable_help')} onChange={to => board.put(field.uid, 'searchable', to, false)} />}
      <Check label={text('tracked')} value={field.tracked !== false} help={text('tracked_help')} onChange={to => board.put(field.uid, 'tracked', to, true)} />
      {!shape?.is_derived && !PERSONAL.has(field.type) && <Check label={text('personal')} value={field.personal === true} help={text('personal_help')} onChange={to => board.put(field.uid, 'personal', to, false)} />}
    </section>
    <section><h3>{text('used_by')} <span className="muted">{uses.length || ''}</span></h3><UseList board={board} uses={uses} /></section>
  </div>
}
/** Types that say something about a person anyway, and rows, whose fields say it themselves. */
const PERSONAL = new Set(['email', 'phone', 'user', 'file', 'rows'])
const SHOWN = new Set(['label', 'help', 'key', 'type', 'options', 'formula', 'default', 'filter', 'required', 'unique'])
const isEmpty = (words: Text): boolean => typeof words === 'string' ? !words.trim() : !Object.values(words).some(each => each?.trim())

function summed(board: Board, field: Field): string {
  const rows = field.options?.rows
  const owned = typeof rows === 'string' ? board.entity.fields.find(each => each.key === rows) : undefined
  return String(owned?.options?.entity ?? field.options?.entity ?? '')
}

export function Problem({ finding }: { finding: Finding }): ReactNode {
  return <p className={`note ${finding.level === 'error' ? 'bad' : 'warn'}`}><Icon name={finding.level === 'error' ? 'circle-alert' : 'triangle-alert'} /><span>{finding.message}</span></p>
}

/** The key: free as long as no release knows it; afterwards it has a way of its own. */
function KeyField({ board, field, problems }: { board: Board; field: Field; problems: string[] }): ReactNode {
  const [typed, type] = useState<string>()
  const isFree = !board.publishedField(field.uid) && !board.usesOf(field).length
  const taken = new Set(board.entity.fields.filter(each => each.uid !== field.uid).map(each => each.key))
  const wrong = typed === undefined ? undefined : model.keyProblem(typed, taken)
  if (!isFree) {
    return <div className="field"><span className="label" id="key-label">{text('key')}</span>
      <div className="locked-line" role="group" aria-labelledby="key-label"><Icon name="lock" /><code className="clip">{field.key}</code><Button small label={text('rename_key')} onClick={() => board.set({ question: { ask: 'key', uid: field.uid } })} /></div>
      <p className="hint">{text(board.publishedField(field.uid) ? 'key_locked' : 'key_used')}</p>{problems.map(each => <p className="problem" key={each}><Icon name="circle-alert" /><span>{each}</span></p>)}</div>
  }
  const messages = [...(wrong ? [text(`key_${wrong}`, { key: typed ?? '' })] : []), ...problems]
  return <div className="field"><label className="label" htmlFor="field-key">{text('key')}</label>
    <input id="field-key" className="input mono" spellcheck={false} autoCapitalize="none" autoComplete="off" value={typed ?? field.key} aria-invalid={messages.length > 0 || undefined} aria-describedby="field-key-more"
      onInput={event => { const to = event.currentTarget.value; type(to); if (!model.keyProblem(to, taken)) board.put(field.uid, 'key', to) }} onBlur={() => type(undefined)} />
    <div className="field-more" id="field-key-more"><p className="hint">{text('key_help')}</p>{messages.map(each => <p className="problem" key={each}><Icon name="circle-alert" /><span>{each}</span></p>)}</div></div>
}

function TypeField({ board, field, problems }: { board: Board; field: Field; problems: string[] }): ReactNode {
  const shape = board.designer.fieldType(field.type)
  return <div className="field"><span className="label" id="type-label">{text('type')}</span>
    <div className="locked-line" role="group" aria-labelledby="type-label"><Icon name={shape?.icon ?? 'box'} /><span className="clip">{shape?.label ?? field.type}</span><Button small label={text('change_type')} disabled={field.retired === true} onClick={() => board.set({ question: { ask: 'type', uid: field.uid } })} /></div>
    {shape?.description && <p className="hint">{shape.description}</p>}{problems.map(each => <p className="problem" key={each}><Icon name="circle-alert" /><span>{each}</span></p>)}</div>
}

export function UseList({ board, uses }: { board: Board; uses: readonly Use[] }): ReactNode {
  if (!uses.length) return <p className="hint">{text('unused')}</p>
  const documents = [...new Map(uses.map(use => [use.address, use])).values()]
  return <ul className="use-list">{documents.map(use => {
    const inside = uses.filter(each => each.address === use.address)
    return <li key={use.address}><Icon name={ICONS[use.address.split('/')[0]!] ?? 'file-text'} /><div><span className="muted">{text(`kind_${use.address.split('/')[0]}`)}</span> <strong>{use.document}</strong>
      <ul>{inside.slice(0, 6).map(each => <li key={JSON.stringify(each.path)}><a href={board.designer.href(each.address, each.path)} onClick={event => { event.preventDefault(); board.designer.goTo(each.address, each.path) }}>{placeWords(board.designer, each.address, each.path) || text('itself')}</a></li>)}{inside.length > 6 && <li className="muted">{text('more_uses', { count: inside.length - 6 })}</li>}</ul></div></li>
  })}</ul>
}
const ICONS: Record<string, string> = { app: 'layout-template', entity: 'box', form: 'file-text', view: 'list', workflow: 'git-branch', role: 'shield-check', locale: 'languages' }

