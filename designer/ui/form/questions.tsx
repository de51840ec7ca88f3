/** What is asked before something is done. */
import { useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { EntityDocument, FormDocument } from '../core/documents.ts'
import { keywordsOf } from '../core/spelling.ts'
import { Button, Dialog, SelectField, TextField } from '../parts/basics.tsx'
import { Pick } from '../parts/pick.tsx'
import type { Board, Question } from './board.ts'
import * as fields from './fields.ts'
import * as model from './model.ts'
import { leaveFor } from './panel_layout.tsx'
import { UsedBy } from './panel_field.tsx'

export function Questions({ board }: { board: Board }): ReactNode {
  const { question } = board.ui
  if (!question) return null
  const close = (): void => { board.set({ question: null }); board.focusOn(board.focus.active) }
  if (question.ask === 'remove') return <Remove board={board} question={question} close={close} />
  if (question.ask === 'drop_field') return <DropField board={board} name={question.key} close={close} />
  if (question.ask === 'entity') return <ChooseEntity board={board} question={question} close={close} />
  if (question.ask === 'related') return <ChooseRelated board={board} close={close} />
  return <Variant board={board} close={close} />
}

function Remove({ board, question, close }: { board: Board; question: Extract<Question, { ask: 'remove' }>; close: () => void }): ReactNode {
  const { id } = question
  const label = board.name(id)
  const form = board.form
  const count = model.placed(form).filter(each => id.startsWith('t:') ? model.tabId(form.tabs[each.tab]!) === id : each.section_id === id).length
  const act = (keep: boolean) => (): void => { board.removeContainer(id, keep); close() }
  return <Dialog title={say('designer.form.remove_title', { label })} onClose={close} footer={<>
    <Button label={say('cancel')} onClick={close} /><span className="grow" />
    <Button label={say('designer.form.remove_all', { count })} tone="danger" onClick={act(false)} />
    <Button label={say('designer.form.remove_keep')} tone="primary" onClick={act(true)} /></>}>
    <p>{say(id.startsWith('t:') ? 'designer.form.remove_tab_text' : 'designer.form.remove_section_text', { count })}</p>
  </Dialog>
}

function DropField({ board, name, close }: { board: Board; name: string; close: () => void }): ReactNode {
  const field = board.field(name)
  if (!field) return null
  const label = board.designer.read(field.label, name)
  return <Dialog title={say('designer.form.drop_title', { label })} onClose={close} footer={<><Button label={say('cancel')} onClick={close} /><span className="grow" />
    <Button label={say(board.isPublished(field) ? 'designer.form.retire' : 'designer.form.delete_field')} tone="danger" onClick={() => { board.dropField(name); close() }} /></>}>
    <p>{say(board.isPublished(field) ? 'designer.form.retire_text' : 'designer.form.drop_text')}</p>
    <h3>{say('designer.form.used_by')}</h3>
    <UsedBy board={board} field={field} />
  </Dialog>
}

/** Which entity a reference leads to, or whose rows a grid holds. */
function ChooseEntity({ board, question, close }: { board: Board; question: Extract<Question, { ask: 'entity' }>; close: () => void }): ReactNode {
  const { draft, read } = board.designer
  const isRows = question.type === 'rows'
  const own = board.entityKey
  const used = new Set(board.entity?.fields.filter(field => field.type === 'rows' && !field.retired).map(field => field.options?.entity))
  const offered = draft.all<EntityDocument>('entity').filter(entity => isRows ? entity.part_of === own && !used.has(entity.key) : !entity.part_of)
  const there = isRows ? model.fieldsLeft(board.form, board.entity?.fields ?? []).filter(field => field.type === 'rows') : []
  const [chosen, choose] = useState(offered[0] && !isRows ? '' : offered[0]?.key ?? (there[0] ? `field ${there[0].key}` : ''))
  const [words, setWords] = useState('')
  const isNew = isRows && !chosen
  const submit = (): void => {
    if (!chosen && !words.trim()) return
    board.set({ question: null })
    if (chosen.startsWith('field ')) { board.addExisting(chosen.slice(6), question.spot); board.focusOn(board.focus.active) }
    else void (chosen ? board.addNew(question.type, { spot: question.spot, target: chosen }) : board.addRowsEntity(words, question.spot)).then(() => board.focusOn(board.focus.active))
  }
  return <Dialog title={say(isRows ? 'designer.form.choose_rows' : 'designer.form.choose_entity')} onClose={close} onSubmit={submit} footer={<><Button label={say('cancel')} onClick={close} /><span className="grow" /><button type="submit" className="button primary" disabled={!chosen && !words.trim()}>{say('designer.form.create')}</button></>}>
    {isRows ? <>
      {(offered.length > 0 || there.length > 0) && <SelectField label={say('designer.form.rows_of')} value={chosen} empty={say('designer.form.new_rows')} onChange={choose} options={[...there.map(field => ({ value: `field ${field.key}`, label: read(field.label, field.key) })), ...offered.map(entity => ({ value: entity.key, label: read(entity.label, entity.key) }))]} />}
      {isNew && <TextField label={say('designer.form.rows_name')} focus required value={words} help={say('designer.form.rows_name_help')} placeholder={say('designer.form.rows_name_example')} onChange={setWords} />}
    </> : <Pick label={say('designer.form.leads_to')} required value={chosen} onChange={choose} options={offered.map(entity => ({ value: entity.key, label: read(entity.label, entity.key), keywords: keywordsOf(entity.label, entity.plural), icon: entity.icon }))} />}
  </Dialog>
}

function ChooseRelated({ board, close }: { board: Board; close: () => void }): ReactNode {
  const { draft, read } = board.designer
  const shown = new Set((board.form.related ?? []).map(model.relatedId))
  const offered = draft.all<EntityDocument>('entity').flatMap(entity => entity.part_of ? [] : entity.fields.filter(field => !field.retired && field.type === 'reference' && field.options?.entity === board.entityKey && !shown.has(`l:${entity.key}.${field.key}`))
    .map(field => ({ value: `${entity.key} ${field.key}`, label: say('designer.form.related_option', { entity: read(entity.plural ?? entity.label, entity.key), field: read(field.label, field.key) }), keywords: keywordsOf(entity.label, field.label), icon: entity.icon, entity: entity.key, field: field.key })))
  const [chosen, choose] = useState(offered.length === 1 ? offered[0]!.value : '')
  const submit = (): void => { const found = offered.find(each => each.value === chosen); if (found) { board.set({ question: null }); board.addRelated(found.entity, found.field); board.focusOn(board.focus.active) } }
  return <Dialog title={say('designer.form.choose_related')} onClose={close} onSubmit={submit} footer={<><Button label={say('cancel')} onClick={close} /><span className="grow" /><button type="submit" className="button primary" disabled={!chosen}>{say('designer.form.create')}</button></>}>
    {offered.length ? <Pick label={say('designer.form.related')} required value={chosen} onChange={choose} options={offered} /> : <p>{say('designer.form.no_related', { entity: read(board.entity?.label, board.entityKey) })}</p>}
  </Dialog>
}

function Variant({ board, close }: { board: Board; close: () => void }): ReactNode {
  const { designer } = board
  const form = board.form
  const taken = new Set(designer.draft.all<FormDocument>('form').filter(other => other.entity === form.entity && other.purpose === form.purpose).flatMap(other => other.roles ?? []))
  const offered = board.roles.filter(role => !taken.has(role.key))
  const [chosen, choose] = useState(offered[0]?.key ?? '')
  const submit = (): void => {
    const role = board.roles.find(each => each.key === chosen)
    if (!role) return
    const label = Object.fromEntries(designer.boot.languages.map(each => [each, say('designer.form.variant_label', { form: readIn(form.label, each), role: readIn(role.label, each) })]))
    const made = fields.variantFor(form, role.key, label, designer.draft.all('form').map(each => each.key))
    board.edit(say('designer.form.did_add', { label: designer.read(made.label) }), edits => edits.put(made))
    board.set({ question: null })
    void leaveFor(board, `/design/${designer.boot.app}/form/${made.key}`)
  }
  const readIn = (text: typeof form.label, language: string): string => typeof text === 'string' ? text : text[language as 'en'] ?? designer.read(text)
  return <Dialog title={say('designer.form.make_variant')} onClose={close} onSubmit={submit} footer={<><Button label={say('cancel')} onClick={close} /><span className="grow" /><button type="submit" className="button primary" disabled={!chosen}>{say('designer.form.create')}</button></>}>
    <p>{say('designer.form.variant_text')}</p>
    {offered.length ? <SelectField label={say('designer.form.role')} value={chosen} onChange={choose} options={offered.map(role => ({ value: role.key, label: designer.read(role.label, role.key) }))} /> : <p className="quiet">{say('designer.form.variants_all')}</p>}
  </Dialog>
}
