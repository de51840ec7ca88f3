/** The panel's lines for a field on the form: the field itself in its entity, and what this form makes of it. */
import { useEffect, useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { Field, FieldItem, RowsItem } from '../core/documents.ts'
import { Button, Check, Icon, SelectField, TextField, WordsField } from '../parts/basics.tsx'
import { ConditionField } from '../parts/condition.tsx'
import { FormulaField } from '../parts/formula.tsx'
import { OptionPanel } from '../parts/options.tsx'
import { resultOf, type Kind } from '../expressions/names.ts'
import type { Board } from './board.ts'
import { rightOf, type Right } from './fields.ts'
import * as model from './model.ts'
import type { Id } from './model.ts'
import { Columns, Segments, type Line } from './panel_parts.tsx'
import { SectionSelect, When, Width } from './panel_layout.tsx'
import { usesOf } from './uses.ts'

export function fieldRows(board: Board, id: Id, item: FieldItem | RowsItem, field: Field | undefined): Line[] {
  const { designer } = board
  const at = model.find(board.form, id)!
  const columns = board.form.tabs[at.tab]!.sections[at.section]!.columns ?? 2
  const key = model.keyOf(item)!
  const layout: Line[] = [
    ...(model.isRows(item) ? [] : [{ group: 'layout' as const, label: say('designer.form.width'), draw: () => <Width board={board} ids={[id]} columns={columns} value={model.spanOf(item, columns, board.widgets.of(board.entityKey, item, field, undefined)?.is_wide ?? false)} /> }]),
    { group: 'layout', label: say('designer.form.section'), draw: () => <SectionSelect board={board} ids={[id]} /> },
  ]
  const takeOff: Line = { group: 'basic', label: say('designer.form.delete'), draw: () => <div className="line"><Button icon="eye-off" small label={say('designer.form.take_off')} title={say('designer.form.take_off_help')} onClick={() => board.remove()} />
    {field && !board.isSystem(field) && <Button icon="trash-2" small tone="danger" label={say('designer.form.delete_field')} onClick={() => board.set({ question: { ask: 'drop_field', key } })} />}</div> }
  if (!field) return [{ group: 'basic', label: say('designer.form.unknown'), draw: () => <p className="note bad"><Icon name="circle-alert" /><span>{say('designer.form.unknown_field', { key })}</span></p> }, ...layout, takeOff]
  const type = designer.fieldType(field.type)
  const isOwn = !board.isSystem(field)
  const isEntered = isOwn && !board.isDerived(field.type) && !board.workflowOf(key)
  const set = (name: string, what: string) => (to: unknown): void => board.setField(key, [name], to === '' || to === false ? undefined : to, what)
  const options = (field.options ?? {}) as Record<string, unknown>
  const child = board.childOf(item)
  const place = board.entity?.fields.findIndex(each => each.key === key) ?? -1
  const problems = (name: string): string[] => designer.findings.filter(each => each.address === `entity/${board.entityKey}` && each.path[0] === 'fields' && Number(each.path[1]) === place && each.path[2] === name).map(each => each.message)
  const optionProblems = (name: string): string[] => designer.findings.filter(each => each.address === `entity/${board.entityKey}` && each.path[0] === 'fields' && Number(each.path[1]) === place && each.path[2] === 'options' && each.path[3] === name).map(each => each.message)
  const lines: Line[] = []
  const add = (group: Line['group'], label: string, draw: () => ReactNode, words = ''): void => { lines.push({ group, label, words, draw }) }

  if (isOwn) {
    const { language, boot } = designer
    const shown = typeof field.label === 'string' ? field.label : field.label[language] ?? ''
    add('basic', say('designer.form.label'), () => <TextField label={say('designer.form.label')} required value={shown} problems={shown ? [] : [say('designer.translation_missing')]} onChange={to => board.setField(key, ['label'], board.written(field.label, to), say('designer.form.label'))} />, 'label name')
    add('basic', say('designer.form.type'), () => <p className="fact"><span className="label">{say('designer.form.type')}</span><span><Icon name={type?.icon ?? 'box'} />{type?.label}</span>{board.isPublished(field) && <a href={`/design/${boot.app}/entity/${board.entityKey}?field=${key}`}>{say('designer.form.change_type')}</a>}</p>, 'type')
    if (field.type === 'formula') add('basic', say('designer.form.formula'), () => <FormulaField label={say('designer.form.formula')} value={field.formula} entity={board.entityKey} scope="formula" expects={resultOf(field)} problems={problems('formula')} onChange={to => board.setField(key, ['formula'], to ?? '', say('designer.form.formula'))} />, 'formula')
    const shapes = (type?.options ?? []).filter(shape => !(field.type === 'rows' && shape.key === 'entity'))
    if (shapes.length) add('basic', say('designer.form.options'), () => <OptionPanel shapes={shapes} values={options} entity={board.entityKey} problems={optionProblems} onChange={(name, to) => board.setField(key, ['options'], withOption(options, name, to), shapes.find(shape => shape.key === name)?.label ?? name)} />, shapes.map(shape => `${shape.label} ${shape.key}`).join(' '))
  } else add('basic', say('designer.form.type'), () => <p className="note"><Icon name="cog" /><span>{say('designer.form.system_field')}</span></p>)
  if (model.isRows(item)) add('basic', say('designer.form.columns'), () => <Columns label={say('designer.form.rows_columns')} values={item.fields} options={(child?.fields ?? []).filter(each => !each.retired).map(each => ({ value: each.key, label: designer.read(each.label, each.key) }))} onChange={to => board.setItem([id], { fields: to }, say('designer.form.rows_columns'))} />, 'columns')
  if (model.isRows(item) && child) add('basic', say('designer.form.rows_fields'), () => <a href={`/design/${designer.boot.app}/entity/${child.key}`}>{say('designer.form.rows_fields')}</a>, 'columns fields')
  lines.push(takeOff, ...layout)

  add('rules', say('designer.form.visible'), () => <When board={board} label={say('designer.form.visible')} never={say('designer.form.always_visible')} value={item.visible} onChange={visible => board.setItem([id], { visible }, say('designer.form.visible'))} />, 'visible')
  if (isEntered || model.isRows(item)) {
    add('rules', say('designer.required'), () => <Required board={board} id={id} item={item} field={field} />, 'required mandatory')
    add('rules', say('designer.form.read_only'), () => <Locked board={board} id={id} item={item} />, 'read only locked')
  }
  if (isEntered && !model.isRows(item)) {
    add('validation', say('designer.form.unique'), () => <Check label={say('designer.form.unique')} help={say('designer.form.unique_help')} value={!!field.unique} problems={problems('unique')} onChange={set('unique', say('designer.form.unique'))} />, 'unique')
    add('validation', say('designer.form.default'), () => <FormulaField label={say('designer.form.default')} help={say('designer.form.default_help')} value={field.default} entity={board.entityKey} about={field.key} scope="default" expects={type?.kind as Kind} problems={problems('default')} onChange={to => board.setField(key, ['default'], to || undefined, say('designer.form.default'))} />, 'default')
    if (field.type === 'reference') add('validation', say('designer.form.filter'), () => <ConditionField label={say('designer.form.filter')} help={say('designer.form.filter_help')} none={say('designer.form.any_record')} value={field.filter} entity={String(options.entity ?? '')} own={board.entityKey} scope="choose" expects="yes_no" problems={problems('filter')} onChange={to => board.setField(key, ['filter'], to || undefined, say('designer.form.filter'))} />, 'filter choices')
  }
  if (isOwn) {
    if (!model.isRows(item)) {
      add('validation', say('designer.form.searchable'), () => <Check label={say('designer.form.searchable')} help={say('designer.form.searchable_help')} value={!!field.searchable} problems={problems('searchable')} onChange={set('searchable', say('designer.form.searchable'))} />, 'search')
      add('validation', say('designer.form.tracked'), () => <Check label={say('designer.form.tracked')} value={field.tracked ?? true} onChange={to => board.setField(key, ['tracked'], to ? undefined : false, say('designer.form.tracked'))} />, 'history')
    }
    add('labels', say('designer.form.labels'), () => <WordsField label={say('designer.form.labels')} required value={field.label} onChange={to => board.setField(key, ['label'], to, say('designer.form.label'))} />, 'translation label')
    add('labels', say('designer.form.help'), () => <WordsField label={say('designer.form.help')} value={field.help} lines={2} onChange={to => board.setField(key, ['help'], to || undefined, say('designer.form.help'))} />, 'help hint')
    add('labels', say('designer.form.key'), () => <Key board={board} field={field} />, 'key api name')
  }
  add('access', say('designer.form.access'), () => <Access board={board} entity={board.entityKey} field={field} />, 'roles rights permission')
  add('used', say('designer.form.used_by'), () => <UsedBy board={board} field={field} />, 'used impact')
  return lines
}

function withOption(options: Record<string, unknown>, name: string, to: unknown): Record<string, unknown> {
  if (to !== undefined) return { ...options, [name]: to }
  const { [name]: _, ...rest } = options
  return rest
}

/** No, always (in every form, import and API), or under a condition (in this form). */
function Required({ board, id, item, field }: { board: Board; id: Id; item: FieldItem | RowsItem; field: Field }): ReactNode {
  const [asks, ask] = useState(false)
  const value = field.required ? 'always' : item.required !== undefined || asks ? 'when' : 'no'
  const what = say('designer.required')
  const choose = (to: 'no' | 'always' | 'when'): void => {
    ask(to === 'when')
    const at = board.entity?.fields.findIndex(each => each.key === field.key) ?? -1
    board.edit(say('designer.form.did_set', { what, label: board.name(id) }), edits => {
      edits.set(`entity/${board.entityKey}`, ['fields', at, 'required'], to === 'always' ? true : undefined)
      if (to !== 'when') edits.change<typeof board.form>(board.place, form => model.patchItem(form, id, { required: undefined }))
    })
  }
  return <div className="stack"><Segments label={what} value={value} options={(['no', 'always', 'when'] as const).map(each => ({ value: each, label: say(`designer.form.required_${each}`), title: say(`designer.form.required_${each}_help`) }))} onChange={choose} />
    {value === 'when' && <ConditionField label={say('designer.form.required_condition')} value={item.required} entity={board.entityKey} scope="form" expects="yes_no" onChange={required => board.setItem([id], { required }, what)} />}</div>
}

function Locked({ board, id, item }: { board: Board; id: Id; item: FieldItem | RowsItem }): ReactNode {
  const [asks, ask] = useState(false)
  const value = item.read_only === 'true' ? 'always' : item.read_only !== undefined || asks ? 'when' : 'no'
  const what = say('designer.form.read_only')
  const choose = (to: 'no' | 'always' | 'when'): void => { ask(to === 'when'); board.setItem([id], { read_only: to === 'always' ? 'true' : undefined }, what) }
  return <div className="stack"><Segments label={what} value={value} options={(['no', 'always', 'when'] as const).map(each => ({ value: each, label: say(`designer.form.required_${each}`) }))} onChange={choose} />
    {value === 'when' && <ConditionField label={say('designer.form.read_only_condition')} value={item.read_only} entity={board.entityKey} scope="form" expects="yes_no" onChange={read_only => board.setItem([id], { read_only }, what)} />}</div>
}

const KEY = /^[a-z][a-z0-9_]{0,62}$/
/** The key can be chosen until the first release knows it; after that a rename is the entity designer's. */
function Key({ board, field }: { board: Board; field: Field }): ReactNode {
  const [typed, type] = useState(field.key)
  useEffect(() => type(field.key), [field.key])
  if (board.isPublished(field)) return <div className="field"><span className="label">{say('designer.form.key')}</span><p className="fact"><code>{field.key}</code><Icon name="lock" /></p>
    <p className="hint">{say('designer.form.key_locked')} <a href={`/design/${board.designer.boot.app}/entity/${board.entityKey}?field=${field.key}`}>{say('designer.form.key_rename')}</a></p></div>
  const taken = typed !== field.key && (board.entity?.fields.some(each => each.key === typed) || board.systemFields.some(each => each.key === typed))
  const problem = !KEY.test(typed) ? say('designer.form.key_form') : taken ? say('designer.form.key_taken', { key: typed }) : ''
  const commit = (): void => { if (!problem && typed !== field.key) board.setKey(field, typed) }
  return <div onFocusOut={commit} onKeyDown={event => { if (event.key === 'Enter') commit() }}><TextField label={say('designer.form.key')} mono value={typed} problems={problem ? [problem] : []} help={say('designer.form.key_help')} onChange={type} /></div>
}

/** Which roles see and change the field: the answer of each role's document, and the way to change it. */
function Access({ board, entity, field }: { board: Board; entity: string; field: Field }): ReactNode {
  const { designer } = board
  const isOpen = !board.isDerived(field.type)
  return <div className="access"><p className="hint">{say('designer.form.access_help')}</p>{board.roles.map(role => {
    const right = rightOf(role, entity, field.key)
    const label = designer.read(role.label, role.key)
    return <div className="access-line" key={role.key}>{right === undefined ? <p className="fact"><span className="label">{label}</span><span className="quiet">{say('designer.form.no_access')}</span></p>
      : <SelectField label={label} value={right} options={(isOpen ? ['write', 'read', 'hidden'] as const : ['write', 'hidden'] as const).map(value => ({ value, label: say(isOpen ? `designer.form.may_${value}` : value === 'hidden' ? 'designer.form.may_hidden' : 'designer.form.may_read') }))} onChange={to => board.setRight(role, entity, field.key, to as Right)} />}</div>
  })}</div>
}

export function UsedBy({ board, field }: { board: Board; field: Field }): ReactNode {
  const { saving } = board.designer
  const isSaved = saving.state === 'saved'
  useEffect(() => { if (isSaved) void board.fetchUses() }, [isSaved])
  const uses = board.ui.uses
  if (!uses) return <p className="quiet">{say('designer.form.looking')}</p>
  const lines = usesOf(board, field.key, uses)
  return lines.length ? <ul className="used-by">{lines.map(line => <li key={line.text}><Icon name={({ form: 'file-text', view: 'list', workflow: 'workflow', role: 'shield', entity: 'box' } as Record<string, string>)[line.kind] ?? 'layout-template'} /><a href={line.href}>{line.text}</a></li>)}</ul> : <p className="quiet">{say('designer.form.nobody_uses')}</p>
}
