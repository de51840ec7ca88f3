/** Questions before something happens: another key, what a removal leaves behind, options that records hold. */
import { useEffect, useState, type ReactNode } from 'react'
import { groupedNumber } from '../../../runtime/ui/shared/number.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { keywordsOf } from '../core/spelling.ts'
import type { EntityDocument, Field } from '../core/documents.ts'
import { Refused } from '../core/server.ts'
import { fitting } from '../core/search.ts'
import { Button, Check, Dialog, Icon, TextField } from '../parts/basics.tsx'
import { useSettled } from '../parts/designer.tsx'
import { Pick } from '../parts/pick.tsx'
import type { Board, Question, Renaming } from './board.ts'
import * as model from './model.ts'
import { UseList } from './panel.tsx'
import { placeWords } from './place.ts'
import { TypeDialog } from './type_change.tsx'

const text = (code: string, values: Record<string, string | number> = {}): string => say(`designer.entity.${code}`, values)

export function Questions({ board }: { board: Board }): ReactNode {
  const { question } = board.look
  if (!question) return null
  if (question.ask === 'type') { const field = board.field(question.uid); return field ? <TypeDialog board={board} field={field} to={question.to} back={question.back} /> : null }
  if (question.ask === 'key') return <KeyDialog board={board} field={question.uid ? board.field(question.uid) : undefined} />
  if (question.ask === 'drop') return <DropDialog board={board} uids={question.uids} />
  if (question.ask === 'new') return <TargetDialog board={board} type={question.type} />
  if (question.ask === 'options') return <OptionsDialog board={board} question={question} />
  return <IconDialog board={board} />
}

function KeyDialog({ board, field }: { board: Board; field: Field | undefined }): ReactNode {
  const old = field?.key ?? board.entity.key
  const name = field ? board.name(field) : board.designer.read(board.entity.label, board.entity.key)
  const [to, type] = useState(old)
  const [plan, setPlan] = useState<Renaming>()
  const [refused, refuse] = useState('')
  const wanted = useSettled(to, 300)
  const taken = new Set(field ? board.entity.fields.filter(each => each.uid !== field.uid).map(each => each.key) : board.designer.draft.all<EntityDocument>('entity').filter(each => each.uid !== board.entity.uid).map(each => each.key))
  const wrong = to === old ? undefined : model.keyProblem(to, taken)
  useEffect(() => {
    setPlan(undefined)
    refuse('')
    if (wanted === old || model.keyProblem(wanted, taken)) return
    let isCurrent = true
    board.planRename(field, wanted).then(found => { if (isCurrent) setPlan(found) }, (error: unknown) => { if (!(error instanceof Refused)) throw error; if (isCurrent) refuse(error.message) })
    return () => { isCurrent = false }
  }, [wanted])
  const isReady = plan !== undefined && wanted === to && !wrong
  const left = plan?.places.filter(place => place.after === null) ?? []
  const others = plan?.places.filter(place => place.after !== null && !(place.address === board.place && place.before === old && place.path.at(-1) === 'key')) ?? []
  const take = (): void => { if (isReady) board.takeRename(name, plan!) }
  return <Dialog title={text('rename_key_title', { name })} wide onClose={() => board.set({ question: undefined })} onSubmit={take}
    footer={<><Button label={text('cancel')} onClick={() => board.set({ question: undefined })} /><span className="grow" /><button type="submit" className="button primary" disabled={!isReady}>{text('do_rename')}</button></>}>
    <p>{text(field ? 'rename_key_text' : 'rename_entity_text')}</p>
    <TextField label={text('new_key')} mono focus value={to} onChange={type} problems={wrong ? [text(`key_${wrong}`, { key: to })] : refused ? [refused] : []} help={text('key_help')} />
    <div aria-live="polite">{isReady && <p className="note ok"><Icon name="circle-check" /><span>{text('rename_places', { count: others.length })}</span></p>}
      {left.length > 0 && <p className="note warn"><Icon name="triangle-alert" /><span>{text('rename_left', { count: left.length })}</span></p>}</div>
    {isReady && plan!.places.length > 0 && <div className="table-scroll value-table" tabIndex={0} role="region" aria-label={text('places')}><table className="table compact"><thead><tr><th scope="col">{text('place')}</th><th scope="col">{text('value_before')}</th><th scope="col">{text('afterwards')}</th></tr></thead>
      <tbody>{[...left, ...others].slice(0, 200).map((place, index) => <tr key={index}><td>{board.designer.name(place.address)} <small className="muted">{placeWords(board.designer, place.address, place.path)}</small></td><td><code>{place.before}</code></td><td>{place.after === null ? <span className="warn-text">{text('look_yourself')}</span> : <code>{place.after}</code>}</td></tr>)}</tbody></table></div>}
    <p className="hint">{text('rename_outside')}</p>
  </Dialog>
}

function DropDialog({ board, uids }: { board: Board; uids: string[] }): ReactNode {
  const fields = uids.flatMap(uid => board.field(uid) ?? [])
  const [counts, setCounts] = useState<Map<string, number>>()
  const [everywhere, setEverywhere] = useState(true)
  useEffect(() => { void Promise.all(fields.map(async field => [field.uid, board.publishedField(field.uid) ? await board.count(field.uid) : 0] as const)).then(found => setCounts(new Map(found))) }, [])
  const uses = fields.flatMap(field => board.usesOf(field))
  const [own, others] = [uses.filter(use => TAKEN.has(use.address.split('/')[0]!)), uses.filter(use => !TAKEN.has(use.address.split('/')[0]!))]
  const isPublished = fields.some(field => board.publishedField(field.uid))
  const records = counts ? [...counts.values()].reduce((sum, count) => sum + count, 0) : undefined
  const title = fields.length === 1 ? text(isPublished ? 'retire_title' : 'remove_title', { field: board.name(fields[0]!) }) : text('retire_many_title', { count: fields.length })
  return <Dialog title={title} wide onClose={() => board.set({ question: undefined })}
    footer={<><Button label={text('cancel')} onClick={() => board.set({ question: undefined })} /><span className="grow" /><Button tone="danger" label={text(isPublished ? 'retire' : 'remove')} onClick={() => board.dropNow(uids, everywhere && own.length > 0)} /></>}>
    {isPublished && <p>{text('retire_text')} <strong>{records === undefined ? '…' : text('retire_records', { count: records, shown: groupedNumber(String(records)) })}</strong></p>}
    {!uses.length && <p className="note ok"><Icon name="circle-check" /><span>{text('nothing_uses')}</span></p>}
    {own.length > 0 && <><h3>{text('used_in', { count: own.length })}</h3><Check label={text('take_off_everywhere')} value={everywhere} onChange={setEverywhere} /><UseList board={board} uses={own} /></>}
    {others.length > 0 && <><h3>{text('used_elsewhere', { count: others.length })}</h3><p className="note warn"><Icon name="triangle-alert" /><span>{text('must_be_mended')}</span></p><UseList board={board} uses={others} /></>}
  </Dialog>
}
/** Where a field is taken off by itself: forms, lists, rights. Expressions and the like need a person. */
const TAKEN = new Set(['form', 'view', 'role'])

/** Which entity a reference points to, or whose rows are owned. */
function TargetDialog({ board, type }: { board: Board; type: string }): ReactNode {
  const [target, choose] = useState<string>()
  const entities = board.designer.draft.all<EntityDocument>('entity').filter(entity => type === 'rows' ? entity.part_of === board.entity.key : !entity.part_of)
  const shape = board.designer.fieldType(type)
  const options = entities.map(entity => ({ value: entity.key, label: board.designer.read(entity.label, entity.key), keywords: keywordsOf(entity.label, entity.plural), note: entity.key, icon: entity.icon }))
  const add = (): void => { if (target) void board.add(type, board.designer.read(entities.find(entity => entity.key === target)?.label, target), target, true) }
  return <Dialog title={text('new_title', { type: shape?.label ?? type })} onClose={() => board.set({ question: undefined })} onSubmit={add}
    footer={<><Button label={text('cancel')} onClick={() => board.set({ question: undefined })} /><span className="grow" /><button type="submit" className="button primary" disabled={!target}>{text('add')}</button></>}>
    {options.length ? <Pick label={text(type === 'rows' ? 'whose_rows' : 'points_to')} value={target} options={options} onChange={choose} /> : <p className="note warn"><Icon name="triangle-alert" /><span>{text('no_rows_entity')}</span></p>}
  </Dialog>
}

function OptionsDialog({ board, question }: { board: Board; question: Extract<Question, { ask: 'options' }> }): ReactNode {
  const field = board.field(question.uid)
  const close = (): void => board.set({ question: undefined })
  const retire = (): void => { board.retireOptions(question.uid, question.gone.map(each => each.option)); close() }
  return <Dialog title={text('options_gone_title', { count: question.gone.length })} onClose={close} onSubmit={retire}
    footer={<><Button label={text('options_take_out')} onClick={close} /><span className="grow" /><button type="submit" className="button primary" data-autofocus>{text('options_retire')}</button></>}>
    <p>{text('options_gone_text', { field: field ? board.name(field) : '' })}</p>
    <ul className="plain-list">{question.gone.map(({ option, count }) => <li key={option.key}><strong>{board.designer.read(option.label, option.key)}</strong> {text('records_hold', { count, shown: groupedNumber(String(count)) })}</li>)}</ul>
    <p className="hint">{text('options_retire_help')}</p>
  </Dialog>
}

/** All pictures that this installation has. */
function IconDialog({ board }: { board: Board }): ReactNode {
  const [names, setNames] = useState<string[]>([])
  const [typed, type] = useState('')
  useEffect(() => {
    const sprite = document.querySelector('use')?.getAttribute('href')?.split('#')[0]
    if (sprite) void fetch(sprite).then(answer => answer.text()).then(found => setNames([...found.matchAll(/<symbol id="([^"]+)"/g)].map(match => match[1]!)))
  }, [])
  const found = fitting(typed, names.map(name => ({ label: name.replaceAll('-', ' '), value: name }))).map(each => each.value!)
  const take = (name: string): void => { board.designer.draft.edit(text('did_icon'), edits => edits.set(board.place, ['icon'], name)); board.set({ question: undefined }); board.tell(text('icon_set', { icon: name })) }
  return <Dialog title={text('choose_icon')} wide onClose={() => board.set({ question: undefined })}>
    <TextField label={text('find_icon')} value={typed} onChange={type} focus />
    <div className="icon-grid" role="group" aria-label={text('icons')}>{found.map(name => <button type="button" key={name} className="button plain square" aria-label={name} title={name} aria-pressed={board.entity.icon === name} onClick={() => take(name)}><Icon name={name} /></button>)}</div>
  </Dialog>
}
