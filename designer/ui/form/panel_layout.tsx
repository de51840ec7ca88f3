/** The panel's lines for all that is no field: the form, tabs, sections, texts, related lists, several at once. */
import type { ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { FormDocument, Item, Text, TextItem } from '../core/documents.ts'
import { Button, Check, SelectField, WordsField } from '../parts/basics.tsx'
import { ConditionField } from '../parts/condition.tsx'
import type { Board } from './board.ts'
import * as fields from './fields.ts'
import * as model from './model.ts'
import type { Id } from './model.ts'
import { Columns, Segments, type Line } from './panel_parts.tsx'

const set = (what: string, label: string): string => say('designer.form.did_set', { what, label })

/** Leads to other pages wait until all is saved. */
export async function leaveFor(board: Board, href: string): Promise<void> {
  await board.designer.saving.flush()
  if (!board.designer.draft.unsaved().length) location.href = href
}

export function formRows(board: Board): Line[] {
  const form = board.form
  const { designer } = board
  const label = designer.read(form.label)
  const change = (what: string, patch: Partial<FormDocument>, merge?: string): void => { board.change(set(what, label), before => ({ ...before, ...patch }), merge ? { merge } : {}) }
  const siblings = designer.draft.all<FormDocument>('form').filter(other => other.entity === form.entity && other.key !== form.key)
  const quick = siblings.find(other => other.purpose === 'quick' && !other.roles?.length)
  const roles = form.roles ?? []
  const toggle = (role: string, on: boolean): void => {
    const next = on ? [...roles, role] : roles.filter(each => each !== role)
    board.change(set(say('designer.form.for_roles'), label), before => { const { roles: _, ...rest } = before; return (next.length ? { ...rest, roles: next } : rest) as FormDocument })
  }
  const makeQuick = (): void => {
    const entity = board.entity
    if (!entity) return
    const words = (code: string, values = {}): Text => ({ [designer.language]: say(code, values) })
    const made = fields.quickForm(entity, model.quickFields(entity, board.isDerived), words('designer.form.quick_label', { entity: designer.read(entity.label) }), words('designer.form.quick_section'), designer.draft.all('form').map(each => each.key))
    board.edit(say('designer.form.did_add', { label: designer.read(made.label) }), edits => edits.put(made))
    void leaveFor(board, `/design/${designer.boot.app}/form/${made.key}`)
  }
  return [
    { group: 'basic', label: say('designer.form.label'), draw: () => <WordsField label={say('designer.form.label')} required value={form.label} onChange={to => change(say('designer.form.label'), { label: to }, 'form label')} /> },
    { group: 'basic', label: say('designer.form.purpose'), draw: () => <SelectField label={say('designer.form.purpose')} value={form.purpose} help={say(`designer.form.purpose_${form.purpose}_help`)} options={(['full', 'quick', 'review'] as const).map(value => ({ value, label: say(`designer.form.purpose_${value}`) }))}
      onChange={to => change(say('designer.form.purpose'), { purpose: to as FormDocument['purpose'] })} /> },
    { group: 'basic', label: say('designer.form.for_roles'), draw: () => <fieldset className="field"><legend>{say('designer.form.for_roles')}</legend>
      {board.roles.map(role => <Check key={role.key} label={designer.read(role.label, role.key)} value={roles.includes(role.key)} onChange={on => toggle(role.key, on)} />)}
      <p className="hint">{say(roles.length ? 'designer.form.for_roles_some' : 'designer.form.for_roles_all')}</p></fieldset> },
    { group: 'basic', label: say('designer.form.other_forms'), draw: () => <div className="field"><span className="label">{say('designer.form.other_forms')}</span>
      {siblings.length ? <ul className="form-links">{siblings.map(other => <li key={other.key}><a href={`/design/${designer.boot.app}/form/${other.key}`}>{designer.read(other.label, other.key)}</a> <span className="quiet">{say(`designer.form.purpose_${other.purpose}`)}{other.roles?.length ? ` · ${other.roles.map(key => designer.read(board.roles.find(role => role.key === key)?.label, key)).join(say('designer.form.comma'))}` : ''}</span></li>)}</ul> : <p className="quiet">{say('designer.form.no_other_forms')}</p>}
      <div className="line">
        <Button icon="copy" small label={say('designer.form.make_variant')} onClick={() => board.set({ question: { ask: 'variant' } })} />
        {!quick && form.purpose !== 'quick' && <Button icon="zap" small label={say('designer.form.make_quick')} title={say('designer.form.make_quick_help')} onClick={makeQuick} />}
      </div></div> },
    { group: 'basic', label: say('designer.form.hints'), draw: () => <div className="note"><p>{say('designer.form.hint_select')}</p></div> },
  ]
}

export function tabRows(board: Board, id: Id): Line[] {
  const at = model.tabAt(board.form, id)
  const tab = board.form.tabs[at]!
  return [
    { group: 'basic', label: say('designer.form.label'), draw: () => <WordsField label={say('designer.form.tab_name')} required value={tab.label} onChange={label => { board.change(set(say('designer.form.label'), board.name(id)), form => model.patchTab(form, id, { label }), { merge: `${id} label` }) }} /> },
    { group: 'basic', label: say('designer.form.order'), draw: () => <div className="line">
      <Button icon="arrow-left" small label={say('designer.form.earlier')} disabled={at === 0} onClick={() => board.moveTab(id, at - 1)} />
      <Button icon="arrow-right" small label={say('designer.form.later')} disabled={at === board.form.tabs.length - 1} onClick={() => board.moveTab(id, at + 1)} /></div> },
    { group: 'basic', label: say('designer.form.delete'), draw: () => <Button icon="trash-2" small tone="danger" label={say('designer.form.delete_tab')} onClick={() => board.remove()} /> },
  ]
}

export function sectionRows(board: Board, id: Id): Line[] {
  const found = model.sectionAt(board.form, id)
  if (!found) return []
  const section = found.it
  const patch = (what: string, change: Record<string, unknown>, merge?: string): void => { board.change(set(what, board.name(id)), form => model.patchSection(form, id, change), merge ? { merge: `${id} ${merge}` } : {}) }
  const folds = section.collapsed === undefined ? 'no' : section.collapsed ? 'folded' : 'open'
  return [
    { group: 'basic', label: say('designer.form.label'), draw: () => <WordsField label={say('designer.form.section_name')} value={section.label} help={say('designer.form.section_name_help')} onChange={label => patch(say('designer.form.label'), { label: label || undefined }, 'label')} /> },
    { group: 'layout', label: say('designer.form.columns'), draw: () => <Segments label={say('designer.form.columns')} value={section.columns ?? 2} options={[1, 2, 3, 4].map(value => ({ value, label: String(value) }))} onChange={columns => patch(say('designer.form.columns'), { columns })} /> },
    { group: 'layout', label: say('designer.form.folding'), draw: () => <SelectField label={say('designer.form.folding')} value={folds} options={(['no', 'open', 'folded'] as const).map(value => ({ value, label: say(`designer.form.folding_${value}`) }))} onChange={to => patch(say('designer.form.folding'), { collapsed: to === 'no' ? undefined : to === 'folded' })} /> },
    { group: 'layout', label: say('designer.form.tab'), draw: () => board.form.tabs.length > 1 ? <SelectField label={say('designer.form.tab')} value={String(found.tab)} options={board.form.tabs.map((tab, at) => ({ value: String(at), label: board.name(model.tabId(tab)) }))} onChange={to => board.moveSectionTo(id, Number(to), board.form.tabs[Number(to)]!.sections.length)} /> : null },
    { group: 'rules', label: say('designer.form.visible'), words: 'visible', draw: () => <When board={board} label={say('designer.form.visible')} never={say('designer.form.always_visible')} value={section.visible} onChange={to => patch(say('designer.form.visible'), { visible: to }, 'visible')} /> },
    { group: 'basic', label: say('designer.form.delete'), draw: () => <Button icon="trash-2" small tone="danger" label={say('designer.form.delete_section')} onClick={() => board.remove()} /> },
  ]
}

/** A rule that is off, or a condition. Opening one that is off begins with an empty condition. */
export function When({ board, label, never, value, onChange }: { board: Board; label: string; never: string; value: string | undefined; onChange: (to: string | undefined) => void }): ReactNode {
  return <ConditionField label={label} none={never} value={value} entity={board.entityKey} scope="form" expects="yes_no" onChange={onChange} />
}

export function textRows(board: Board, id: Id, item: TextItem): Line[] {
  const at = model.find(board.form, id)!
  const columns = board.form.tabs[at.tab]!.sections[at.section]!.columns ?? 2
  return [
    { group: 'basic', label: say('designer.form.text'), draw: () => <WordsField label={say('designer.form.text')} lines={3} required value={item.text} onChange={text => board.setItem([id], { text }, say('designer.form.text'))} /> },
    { group: 'layout', label: say('designer.form.width'), draw: () => <Width board={board} ids={[id]} columns={columns} value={item.width ?? columns} /> },
    { group: 'layout', label: say('designer.form.section'), draw: () => <SectionSelect board={board} ids={[id]} /> },
    { group: 'rules', label: say('designer.form.visible'), words: 'visible', draw: () => <When board={board} label={say('designer.form.visible')} never={say('designer.form.always_visible')} value={item.visible} onChange={visible => board.setItem([id], { visible }, say('designer.form.visible'))} /> },
    { group: 'basic', label: say('designer.form.delete'), draw: () => <Button icon="trash-2" small tone="danger" label={say('designer.form.delete')} onClick={() => board.remove()} /> },
  ]
}

export function Width({ board, ids, columns, value }: { board: Board; ids: readonly Id[]; columns: number; value: number | undefined }): ReactNode {
  if (columns < 2) return <p className="quiet">{say('designer.form.one_column')}</p>
  const label = (number: number): string => number === columns ? say('designer.form.width_full') : columns === 2 ? say('designer.form.width_half') : `${number}/${columns}`
  return <Segments label={say('designer.form.width')} value={value} options={Array.from({ length: columns }, (_, at) => ({ value: at + 1, label: label(at + 1) }))} onChange={width => board.setItem(ids, { width: width === 1 ? undefined : width }, say('designer.form.width'))} />
}
export function SectionSelect({ board, ids }: { board: Board; ids: readonly Id[] }): ReactNode {
  const form = board.form
  const all = form.tabs.flatMap((tab, tabAt) => tab.sections.map((section, at) => ({ value: model.sectionId(tab, section), label: board.name(model.sectionId(tab, section)), ...(form.tabs.length > 1 ? { group: board.name(model.tabId(tab)) } : {}), tabAt, at })))
  const places = new Set(ids.map(id => model.find(form, id)?.section_id))
  return <SelectField label={say('designer.form.section')} value={places.size === 1 ? [...places][0] ?? '' : ''} {...(places.size > 1 ? { empty: say('designer.form.different') } : {})} options={all} onChange={to => { const found = all.find(each => each.value === to); if (found) board.move(ids, { tab: found.tabAt, section: found.at, index: form.tabs[found.tabAt]!.sections[found.at]!.items.length }) }} />
}

export function relatedRows(board: Board, id: Id): Line[] {
  const at = model.relatedAt(board.form, id)
  const related = board.form.related![at]!
  const there = board.entityOf(related.entity)
  const patch = (what: string, change: Record<string, unknown>, merge?: string): void => { board.change(set(what, board.name(id)), form => ({ ...form, related: form.related!.map((each, index) => index === at ? Object.fromEntries(Object.entries({ ...each, ...change }).filter(([, value]) => value !== undefined)) as unknown as typeof each : each) }), merge ? { merge: `${id} ${merge}` } : {}) }
  return [
    { group: 'basic', label: say('designer.form.columns'), draw: () => <Columns label={say('designer.form.related_columns')} values={related.columns} options={(there?.fields ?? []).filter(field => !field.retired && field.type !== 'rows').map(field => ({ value: field.key, label: board.designer.read(field.label, field.key) }))} onChange={columns => patch(say('designer.form.related_columns'), { columns })} /> },
    { group: 'basic', label: say('designer.form.label'), draw: () => <WordsField label={say('designer.form.label')} value={related.label} help={say('designer.form.related_label_help')} onChange={label => patch(say('designer.form.label'), { label: label || undefined }, 'label')} /> },
    { group: 'basic', label: say('designer.form.order'), draw: () => <div className="line">
      <Button icon="arrow-up" small label={say('designer.form.earlier')} disabled={at === 0} onClick={() => board.moveRelated(id, at - 1)} />
      <Button icon="arrow-down" small label={say('designer.form.later')} disabled={at === board.form.related!.length - 1} onClick={() => board.moveRelated(id, at + 1)} />
      <Button icon="trash-2" small tone="danger" label={say('designer.form.delete')} onClick={() => board.removeRelated(id)} /></div> },
  ]
}

export function manyRows(board: Board, ids: readonly Id[]): Line[] {
  const form = board.form
  const found = ids.map(id => model.find(form, id)!)
  const own = found.flatMap(each => { const field = board.fieldOf(each.item); return field && !board.isDerived(field.type) && !board.isSystem(field) ? [field] : [] })
  const columns = Math.max(...found.map(each => form.tabs[each.tab]!.sections[each.section]!.columns ?? 2))
  const widths = new Set(found.map(each => (each.item as Item & { width?: number }).width ?? 1))
  const require = (to: boolean): void => {
    const keys = new Set(own.map(field => field.key))
    board.edit(set(say('designer.required'), say('designer.form.fields_count', { count: own.length })), edits => edits.change(`entity/${board.entityKey}`, entity => ({ ...entity, fields: (entity as unknown as { fields: typeof own }).fields.map(field => {
      if (!keys.has(field.key) || !!field.required === to) return field
      const { required: _, ...rest } = field
      return to ? { ...field, required: true } : rest
    }) })))
  }
  return [
    { group: 'basic', label: say('designer.form.width'), draw: () => <Width board={board} ids={ids} columns={columns} value={widths.size === 1 ? [...widths][0] : undefined} /> },
    { group: 'basic', label: say('designer.form.section'), draw: () => <SectionSelect board={board} ids={ids} /> },
    { group: 'basic', label: say('designer.required'), draw: () => own.length ? <Segments label={say('designer.required')} value={own.every(field => field.required) ? 'yes' : own.some(field => field.required) ? undefined : 'no'} options={[{ value: 'no', label: say('designer.form.no') }, { value: 'yes', label: say('designer.form.yes') }]} onChange={to => require(to === 'yes')} /> : null },
    { group: 'basic', label: say('designer.form.delete'), draw: () => <div className="line"><Button icon="copy" small label={say('designer.form.duplicate')} onClick={() => board.duplicate()} /><Button icon="trash-2" small tone="danger" label={say('designer.form.take_off')} onClick={() => board.remove()} /></div> },
  ]
}
