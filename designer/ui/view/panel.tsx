/** The panel: what is chosen, a column or the view as a whole. */
import { useId, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { ChoiceOption, ColourRule, RoleDocument } from '../core/documents.ts'
import { Button, Check, Icon, NumberField, SelectField, WordsField } from '../parts/basics.tsx'
import { ConditionField } from '../parts/condition.tsx'
import { Pick, PickMany } from '../parts/pick.tsx'
import * as model from './model.ts'
import { Colour, Lines, Section } from './parts.tsx'
import { commands, type Studio } from './studio.ts'

export function Panel({ studio }: { studio: Studio }): ReactNode {
  const { chosen } = studio
  return <div className="view-panel" data-view-panel>
    <div className="segments full" role="group" aria-label={say('designer.view.panel')}>
      <button type="button" aria-pressed={chosen === undefined} onClick={() => studio.choose(undefined)}>{say('designer.view.whole')}</button>
      <button type="button" aria-pressed={chosen !== undefined} onClick={() => studio.choose(chosen ?? model.pathOf(studio.view.columns[0]!))}>{say('designer.view.column')}</button>
    </div>
    {chosen === undefined ? <Whole studio={studio} /> : <ColumnPanel studio={studio} path={chosen} key={chosen} />}
  </div>
}

function ColumnPanel({ studio, path }: { studio: Studio; path: string }): ReactNode {
  const { view, designer, edit, title } = studio
  const index = model.indexOf(view, path)
  const column = model.columnOf(view.columns[index]!)
  const name = studio.find(path)
  const type = designer.fieldType(name?.type ?? '')
  const run = commands(studio)
  const canEdit = name !== undefined && model.isEditable(name, Boolean(type?.is_derived), studio.status)
  return <div className="stack">
    <h2 className="line"><Icon name={studio.icon(name)} /><span>{title(path)}</span></h2>
    <p className="help">{studio.label(path)}{type ? ` · ${type.label}` : ''} <code>{path}</code></p>
    {studio.problems('columns', index).map(problem => <p className="problem" key={problem}><Icon name="circle-alert" /><span>{problem}</span></p>)}
    <WordsField label={say('designer.view.label')} help={say('designer.view.label_help', { name: studio.label(path) })} value={column.label} onChange={label => edit(say('designer.view.did_label', { name: studio.label(path) }), old => model.setColumn(old, path, { label }), { merge: `label ${path}`, focus: path })} />
    {view.type === 'list' && <>
      <NumberField label={say('designer.view.width')} help={say('designer.view.width_help')} value={column.width} minimum={model.NARROWEST} maximum={model.WIDEST} problems={studio.problems('columns', index, 'width')}
        onChange={width => { if (width === undefined || (width >= model.NARROWEST && width <= model.WIDEST)) edit(say('designer.view.did_width', { name: title(path) }), old => model.setColumn(old, path, { width: width === undefined ? undefined : model.clamp(width) }), { merge: `width ${path}`, focus: path }) }} />
      <Check label={say('designer.view.editable')} disabled={!canEdit && !column.editable} help={canEdit ? say('designer.view.editable_help') : say('designer.view.not_editable')} value={column.editable ?? false} problems={studio.problems('columns', index, 'editable')}
        onChange={editable => edit(say('designer.view.did_editable', { name: title(path) }), old => model.setColumn(old, path, { editable }), { focus: path })} />
      {name && model.isOwn(name) && model.isNumber(name) && <Check label={say('designer.view.add_up')} help={say('designer.view.add_up_help')} value={(view.sums ?? []).includes(path)}
        onChange={on => edit(say('designer.view.did_sums'), old => model.set(old, 'sums', on ? [...(old.sums ?? []), path] : (old.sums ?? []).filter(key => key !== path)))} />}
    </>}
    <div className="line">
      <Button small icon="arrow-up" label={say('designer.view.earlier')} disabled={index === 0} onClick={() => run.move(path, index - 1)} />
      <Button small icon="arrow-down" label={say('designer.view.later')} disabled={index === view.columns.length - 1} onClick={() => run.move(path, index + 2)} />
      <span className="grow" />
      <Button small tone="danger" icon="trash-2" label={say('designer.view.remove')} disabled={view.columns.length < 2} onClick={() => run.remove(path)} />
    </div>
  </div>
}

const ICONS: Record<model.ViewType, string> = { list: 'list', board: 'square-kanban', calendar: 'calendar-days', cards: 'gallery-vertical-end' }

function Whole({ studio }: { studio: Studio }): ReactNode {
  const { view, designer, edit } = studio
  const roles = designer.draft.all<RoleDocument>('role').map(role => ({ value: role.key, label: designer.read(role.label, role.key) }))
  const others = designer.draft.all('view').filter(other => other.entity === view.entity && other.key !== view.key && other.default)
  return <>
    <fieldset className="view-types"><legend className="sr">{say('designer.view.type')}</legend>{model.TYPES.map(type =>
      <label key={type}><input type="radio" name="view-type" checked={view.type === type} onChange={() => {
        edit(say('designer.view.did_type', { type: say(`designer.view.type_${type}`) }), old => model.switchType(old, type, studio.names.filter(model.isOwn), studio.status), { focus: null })
        designer.announce(say('designer.view.type_set', { type: say(`designer.view.type_${type}`) }))
      }} /><Icon name={ICONS[type]} /><span>{say(`designer.view.type_${type}`)}</span></label>)}</fieldset>
    <p className="help">{say(`designer.view.type_${view.type}_help`)}</p>
    {view.type === 'list' && <Groups studio={studio} />}
    {view.type === 'board' && <BoardSettings studio={studio} />}
    {view.type === 'calendar' && <CalendarSettings studio={studio} />}
    {view.type === 'cards' && <CardSettings studio={studio} />}
    <Section title={say('designer.view.filter')}>
      <ConditionField label={say('designer.view.filter_label')} value={view.filter} entity={view.entity} scope="list" expects="yes_no" none={say('designer.view.filter_none')} problems={studio.problems('filter')}
        onChange={text => edit(say('designer.view.did_filter'), old => model.set(old, 'filter', text), { merge: 'filter' })} />
    </Section>
    {view.type !== 'calendar' && <Order studio={studio} />}
    <Colours studio={studio} />
    <Section title={say('designer.view.offered')}>
      <WordsField label={say('designer.view.name')} required value={view.label} problems={studio.problems('label')} onChange={label => edit(say('designer.view.did_name'), old => ({ ...old, label }), { merge: 'name' })} />
      <PickMany label={say('designer.view.roles')} help={say('designer.view.roles_help')} values={view.roles ?? []} options={roles} problems={studio.problems('roles')} onChange={to => edit(say('designer.view.did_roles'), old => model.set(old, 'roles', to))} />
      <Check label={say('designer.view.default')} help={others.length && !view.default ? say('designer.view.default_other', { name: others.map(other => designer.read(other.label as string)).join(' ') }) : say('designer.view.default_help')} value={view.default ?? false} problems={studio.problems('default')} onChange={to => edit(say('designer.view.did_default'), old => model.set(old, 'default', to))} />
      <PickMany label={say('designer.view.quick')} help={say('designer.view.quick_help')} values={view.quick_filters ?? []} options={studio.options(name => model.isOwn(name) && !['rows', 'file'].includes(name.kind))} problems={studio.problems('quick_filters')} onChange={to => edit(say('designer.view.did_quick'), old => model.set(old, 'quick_filters', to))} />
      {view.type !== 'calendar' && <NumberField label={say(view.type === 'board' ? 'designer.view.cards_a_column' : 'designer.view.page_size')} value={view.page_size} minimum={5} maximum={200} problems={studio.problems('page_size')}
        onChange={to => { if (to === undefined || (to >= 5 && to <= 200 && Number.isInteger(to))) edit(say('designer.view.did_page_size'), old => model.set(old, 'page_size', to), { merge: 'page_size' }) }} />}
    </Section>
  </>
}

function Sums({ studio }: { studio: Studio }): ReactNode {
  return <PickMany label={say('designer.view.sums')} help={say(studio.view.type === 'board' ? 'designer.view.sums_board' : 'designer.view.sums_list')} values={studio.view.sums ?? []} options={studio.options(name => model.isOwn(name) && model.isNumber(name))}
    problems={studio.problems('sums')} onChange={to => studio.edit(say('designer.view.did_sums'), old => model.set(old, 'sums', to.slice(0, 6)))} />
}

function Groups({ studio }: { studio: Studio }): ReactNode {
  const { view, edit } = studio
  const name = view.group_by ? studio.find(view.group_by) : undefined
  return <Section title={say('designer.view.groups')}>
    <Pick label={say('designer.view.group_by')} value={view.group_by ?? ''} empty={say('designer.view.no_groups')} options={studio.options(model.isSortable)} problems={studio.problems('group_by')}
      onChange={to => edit(say('designer.view.did_group'), old => { const made = model.set(old, 'group_by', to); const found = studio.find(to); return found && model.isDay(found) ? model.set(made, 'group_span', made.group_span ?? 'month') : model.set(made, 'group_span', undefined) })} />
    {name && model.isDay(name) && <SelectField label={say('designer.view.group_span')} value={view.group_span ?? ''} options={['day', 'week', 'month', 'quarter', 'year'].map(value => ({ value, label: say(`designer.view.span_${value}`) }))} problems={studio.problems('group_span')}
      onChange={to => edit(say('designer.view.did_group'), old => model.set(old, 'group_span', to))} />}
    <Sums studio={studio} />
  </Section>
}

/** A field for one setting of a type. */
function Setting({ studio, part, name, label, help, fits, empty }: { studio: Studio; part: 'board' | 'calendar' | 'cards'; name: string; label: string; help?: string; fits: (name: model.Fit) => boolean; empty?: string }): ReactNode {
  const value = (studio.view[part] as Record<string, string> | undefined)?.[name] ?? ''
  const missing = name === 'by' || name === 'start' ? (value ? [] : studio.problems(part)) : []
  return <Pick label={label} help={help} value={value} options={studio.options(fits)} {...(empty === undefined ? { required: true } : { empty })} problems={[...studio.problems(part, name), ...missing]}
    onChange={to => studio.edit(say('designer.view.did_setting', { what: label }), old => model.setPart(old, part, name, to))} />
}

function BoardSettings({ studio }: { studio: Studio }): ReactNode {
  const { view, edit, designer } = studio
  const by = view.board?.by ? studio.find(view.board.by) : undefined
  const options = (by?.choices ?? []) as readonly ChoiceOption[]
  const values = view.board?.values ?? options.filter(option => !option.retired).map(option => option.key)
  const name = (key: string): string => designer.read(options.find(option => option.key === key)?.label, key)
  const put = (to: string[]): void => { edit(say('designer.view.did_board_columns'), old => model.setPart(old, 'board', 'values', same(to, options.filter(option => !option.retired).map(option => option.key)) ? undefined : to)) }
  return <Section title={say('designer.view.board')}>
    <Setting studio={studio} part="board" name="by" label={say('designer.view.board_by')} help={by && studio.status.includes(by.name) ? say('designer.view.board_by_state') : say('designer.view.board_by_help')} fits={each => model.isOwn(each) && model.isChoice(each)} />
    {by && <Lines label={say('designer.view.board_values')} items={values} name={name} onChange={put} draw={key => <span className="chip dot" data-colour={options.find(option => option.key === key)?.colour}>{name(key)}</span>}
      add={values.length < options.length ? <div className="line">{options.filter(option => !values.includes(option.key)).map(option => <Button key={option.key} small tone="" icon="plus" label={name(option.key)} onClick={() => put([...values, option.key])} />)}</div> : null} />}
    {studio.problems('board', 'values').map(problem => <p className="problem" key={problem}><Icon name="circle-alert" /><span>{problem}</span></p>)}
    <Setting studio={studio} part="board" name="title" label={say('designer.view.card_title')} fits={each => each.kind !== 'rows'} empty={say('designer.view.own_title')} />
    <Sums studio={studio} />
  </Section>
}

const same = (one: readonly string[], other: readonly string[]): boolean => one.length === other.length && one.every((key, at) => key === other[at])

function CalendarSettings({ studio }: { studio: Studio }): ReactNode {
  const isDay = (each: model.Fit): boolean => model.isOwn(each) && model.isDay(each)
  return <Section title={say('designer.view.calendar')}>
    <Setting studio={studio} part="calendar" name="start" label={say('designer.view.start')} fits={isDay} />
    <Setting studio={studio} part="calendar" name="end" label={say('designer.view.end')} help={say('designer.view.end_help')} fits={isDay} empty={say('designer.view.no_end')} />
    <Setting studio={studio} part="calendar" name="title" label={say('designer.view.entry_title')} fits={each => each.kind !== 'rows'} empty={say('designer.view.own_title')} />
    <Setting studio={studio} part="calendar" name="colour" label={say('designer.view.colour_by')} fits={each => model.isOwn(each) && model.isChoice(each)} empty={say('designer.view.no_colour')} />
  </Section>
}

function CardSettings({ studio }: { studio: Studio }): ReactNode {
  return <Section title={say('designer.view.cards')}>
    <Setting studio={studio} part="cards" name="title" label={say('designer.view.card_title')} fits={each => each.kind !== 'rows'} empty={say('designer.view.own_title')} />
    <Setting studio={studio} part="cards" name="chip" label={say('designer.view.chip')} fits={each => model.isOwn(each) && model.isChoice(each)} empty={say('designer.view.no_chip')} />
  </Section>
}

function Order({ studio }: { studio: Studio }): ReactNode {
  const { view, edit } = studio
  const keys = model.sortOf(view)
  const put = (to: model.SortKey[]): void => { edit(say('designer.view.did_sort'), old => model.withSort(old, to)) }
  const own = (each: model.Fit): boolean => model.isOwn(each) && model.isSortable(each)
  return <Section title={say('designer.view.sort')} count={keys.length}>
    <Lines label={say('designer.view.sort')} items={keys} name={key => studio.label(key.path)} onChange={put} draw={(key, at) => <>
      <Pick bare label={say('designer.view.sort_by', { position: at + 1 })} value={key.path} options={studio.options(name => own(name) && (name.name === key.path || !keys.some(each => each.path === name.name)))} problems={studio.problems('sort', at)} onChange={path => put(keys.map((each, index) => index === at ? { ...each, path } : each))} />
      <Button small icon={key.down ? 'arrow-down' : 'arrow-up'} label={say(key.down ? 'designer.view.descending' : 'designer.view.ascending')} title={say('designer.view.turn')} onClick={() => put(keys.map((each, index) => index === at ? { ...each, down: !each.down } : each))} />
    </>} add={keys.length < 5 ? <Pick label={say('designer.view.add_sort')} value="" placeholder={say('designer.view.choose_field')} options={studio.options(name => own(name) && !keys.some(each => each.path === name.name))} onChange={path => { if (path) put([...keys, { path, down: false }]) }} /> : null} />
  </Section>
}

function Colours({ studio }: { studio: Studio }): ReactNode {
  const { view, edit } = studio
  const id = useId()
  const rules = view.colours ?? []
  const put = (to: readonly ColourRule[], merge?: string): void => { edit(say('designer.view.did_colours'), old => model.withColours(old, to), merge ? { merge } : {}) }
  const change = (at: number, what: Partial<ColourRule>, merge?: string): void => put(rules.map((rule, index) => {
    if (index !== at) return rule
    const made = { ...rule, ...what }
    if (!made.field) delete made.field
    return made
  }), merge)
  const columns = view.columns.map(column => ({ value: model.pathOf(column), label: studio.title(model.pathOf(column)) }))
  return <Section title={say('designer.view.colours')} count={rules.length} open={rules.length > 0}>
    <p className="hint">{say('designer.view.colours_help')}</p>
    <Lines label={say('designer.view.colours')} items={rules} name={(_, at) => say('designer.view.rule', { position: at + 1 })} onChange={put} draw={(rule, at) => <div className="stack">
      <ConditionField label={say('designer.view.when')} value={rule.when} entity={view.entity} scope="list" expects="yes_no" problems={studio.problems('colours', at, 'when')} onChange={text => change(at, { when: text ?? 'true' }, `colour ${at}`)} />
      <Colour label={`${say('designer.view.colour')} ${at + 1}${id}`} value={rule.colour} onChange={colour => change(at, { colour })} />
      <SelectField label={say('designer.view.colour_what')} value={rule.field ?? ''} empty={say('designer.view.colour_row')} options={columns} problems={studio.problems('colours', at, 'field')} onChange={field => change(at, { field })} />
    </div>} add={<Button small icon="plus" label={say('designer.view.add_rule')} onClick={() => put([...rules, { when: 'true', colour: 'red' }])} />} />
  </Section>
}
