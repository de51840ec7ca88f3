/** What concerns the entity as a whole: its names and picture, which fields name and own a record, what is unique together. */
import { type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { EntityDocument, Text } from '../core/documents.ts'
import { within } from '../core/problems.ts'
import { keywordsOf } from '../core/spelling.ts'
import { Button, Icon, WordsField } from '../parts/basics.tsx'
import { Pick, PickMany } from '../parts/pick.tsx'
import type { Board } from './board.ts'
import { Problem, UseList } from './panel.tsx'

const text = (code: string, values: Record<string, string | number> = {}): string => say(`designer.entity.${code}`, values)
const isEmpty = (words: Text): boolean => typeof words === 'string' ? !words.trim() : !Object.values(words).some(each => each?.trim())

export function Settings({ board }: { board: Board }): ReactNode {
  const { designer, entity } = board
  const put = (key: keyof EntityDocument, value: unknown): void => { designer.draft.edit(text('did_settings'), edits => edits.set(board.place, [key as string], value === '' ? undefined : value), { merge: `entity ${String(key)}` }) }
  const at = (...path: string[]): string[] => within(designer.findings, board.place, path).map(finding => finding.message)
  const fields = entity.fields.filter(field => !field.retired)
  const options = (fits: (type: string) => boolean): { value: string; label: string; keywords: string; icon?: string | undefined }[] => fields.filter(field => fits(field.type)).map(field => ({ value: field.key, label: board.name(field), keywords: keywordsOf(field.label), icon: designer.fieldType(field.type)?.icon }))
  const groups = entity.unique ?? []
  const putGroups = (to: string[][]): void => put('unique', to.length ? to : undefined)
  const parents = designer.draft.all<EntityDocument>('entity').filter(each => each.uid !== entity.uid).map(each => ({ value: each.key, label: designer.read(each.label, each.key), keywords: keywordsOf(each.label), icon: each.icon }))
  return <div className="entity-settings">
    <section className="panel"><header><h2>{text('names')}</h2></header><div className="panel-body stack">
      <WordsField label={text('label_one')} value={entity.label} onChange={to => put('label', to)} problems={at('label')} required />
      <WordsField label={text('label_many')} value={entity.plural} onChange={to => put('plural', isEmpty(to) ? undefined : to)} problems={at('plural')} />
      <WordsField label={text('description')} value={entity.description} lines={2} onChange={to => put('description', isEmpty(to) ? undefined : to)} problems={at('description')} />
      <div className="field"><span className="label" id="icon-label">{text('icon')}</span><div className="locked-line" role="group" aria-labelledby="icon-label"><Icon name={entity.icon ?? 'box'} /><code className="clip">{entity.icon ?? 'box'}</code><Button small label={text('choose_icon')} onClick={() => board.set({ question: { ask: 'icon' } })} /></div></div>
      <div className="field"><span className="label" id="entity-key-label">{text('key')}</span><div className="locked-line" role="group" aria-labelledby="entity-key-label"><Icon name="lock" /><code className="clip">{entity.key}</code><Button small label={text('rename_key')} onClick={() => board.set({ question: { ask: 'key' } })} /></div></div>
    </div></section>
    <section className="panel"><header><h2>{text('records')}</h2></header><div className="panel-body stack">
      <Pick label={text('title_field')} help={text('title_help')} value={entity.title} options={options(type => !['rows', 'file', 'choices', 'yes_no'].includes(type))} onChange={to => put('title', to)} problems={at('title')} />
      <Pick label={text('owner_field')} help={text('owner_help')} value={entity.owner ?? ''} empty={text('owner_none')} options={options(type => type === 'user')} onChange={to => put('owner', to)} problems={at('owner')} />
      <Pick label={text('department_field')} help={text('department_help')} value={entity.department ?? ''} empty={text('department_none')} options={options(type => type === 'department')} onChange={to => put('department', to)} problems={at('department')} />
      <Pick label={text('part_of')} help={text('part_of_help')} value={entity.part_of ?? ''} empty={text('part_of_none')} options={parents} onChange={to => put('part_of', to)} problems={at('part_of')} disabled={board.published !== null} />
    </div></section>
    <section className="panel"><header><h2>{text('unique_together')}</h2></header><div className="panel-body stack">
      <p className="hint">{text('unique_together_help')}</p>
      {groups.map((group, index) => <div className="unique-group" key={index}><PickMany label={text('unique_group', { number: index + 1 })} values={group} options={options(type => !['rows', 'file', 'choices', 'long_text'].includes(type))} problems={at('unique', String(index))} onChange={to => putGroups(groups.map((each, place) => place === index ? to : each))} />
        <Button icon="trash-2" small tone="plain" shown={false} label={text('remove_group', { number: index + 1 })} onClick={() => putGroups(groups.filter((_, place) => place !== index))} /></div>)}
      <Button icon="plus" small label={text('add_group')} disabled={fields.length < 2} onClick={() => putGroups([...groups, fields.filter(field => !['rows', 'file', 'choices', 'long_text'].includes(field.type)).slice(0, 2).map(field => field.key)])} />
    </div></section>
    <section className="panel"><header><h2>{text('used_by')}</h2></header><div className="panel-body stack">
      {within(designer.findings, board.place).filter(finding => !['fields', 'rules', 'label', 'plural', 'description', 'title', 'owner', 'department', 'part_of', 'unique'].includes(String(finding.path[0]))).map(finding => <Problem key={finding.message} finding={finding} />)}
      <UseList board={board} uses={board.uses.entity} /></div></section>
  </div>
}
