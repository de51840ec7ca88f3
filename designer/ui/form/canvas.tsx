/** The canvas: the form in the grid, classes and widgets of the work pages, with what is needed to arrange it. */
import { memo, useEffect, useLayoutEffect, useRef, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { Field, FormDocument, Item, Section } from '../core/documents.ts'
import { Button, Icon } from '../parts/basics.tsx'
import { later } from '../parts/later.tsx'
import type { Finding } from '../core/problems.ts'
import type { Board } from './board.ts'
import { canvasTarget, itemTarget, sectionTarget, source, tabTarget } from './drag.ts'
import * as model from './model.ts'
import type { Id } from './model.ts'
import type { Widget } from './widgets.ts'

const QuickAdd = later(() => import('./quick_add.tsx'), part => part.QuickAdd)

export const element = (id: Id | null): HTMLElement | null => id ? document.querySelector<HTMLElement>(`.sheet [data-id="${CSS.escape(id)}"]`) : null

export function Canvas({ board }: { board: Board }): ReactNode {
  const form = board.form
  const focus = board.focus
  const sheet = useRef<HTMLDivElement>(null)
  useEffect(() => canvasTarget(sheet.current!.parentElement!), [])
  const tab = form.tabs[focus.tab]
  const problems = board.problems().by
  const ids = model.placed(form)
  const active = focus.active && (model.tabOf(form, focus.active) === focus.tab || focus.active.startsWith('l:')) ? focus.active : tab ? model.tabId(tab) : null
  return <div className="sheet" ref={sheet} role="group" aria-label={say('designer.form.canvas')} onClick={event => { if (event.target === event.currentTarget) board.select(null) }}>
    <div className="panel form-sheet">
      <div className="tab-strip">
        <div className={`tabs${form.tabs.length < 2 ? ' single' : ''}`} role="tablist" aria-label={say('designer.form.tabs')}>{form.tabs.map((each, index) =>
          <TabHead key={model.tabId(each)} board={board} id={model.tabId(each)} index={index} label={board.name(model.tabId(each))} isShown={index === focus.tab} hasFocus={active === model.tabId(each)}
            problems={[...problems].flatMap(([id, list]) => model.tabOf(form, id) === index ? list : [])} />)}</div>
        {board.ui.renaming?.startsWith('t:') && <Rename board={board} id={board.ui.renaming} label={say('designer.form.tab_name')} />}
        <Button icon="plus" label={say('designer.form.add_tab')} shown={false} tone="plain" small onClick={() => board.addTab()} />
        {form.tabs.length < 2 && <span className="quiet">{say('designer.form.single_tab')}</span>}
      </div>
      <div className="form" role="tabpanel" aria-label={tab ? board.name(model.tabId(tab)) : ''}>
        {tab?.sections.map((section, at) => sectionOf(board, form, focus.tab, at, section, active, ids))}
        {tab && !tab.sections.length && <div className="empty low"><Icon name="layout-template" /><h2>{say('designer.form.empty_tab')}</h2><p>{say('designer.form.empty_tab_help')}</p></div>}
        <div className="sheet-end"><button type="button" className="button dashed small" onClick={() => board.addSection({ tab: focus.tab, index: tab?.sections.length ?? 0 })}><Icon name="plus" /><span>{say('designer.form.add_section')}</span></button></div>
      </div>
    </div>
    {(form.related?.length ?? 0) > 0 && <div className="related-lists" role="group" aria-label={say('designer.form.related')}>{form.related!.map(each => <RelatedCard key={model.relatedId(each)} board={board} id={model.relatedId(each)} hasFocus={active === model.relatedId(each)} />)}</div>}
  </div>
}

function TabHead({ board, id, index, label, isShown, hasFocus, problems }: { board: Board; id: Id; index: number; label: string; isShown: boolean; hasFocus: boolean; problems: readonly Finding[] }): ReactNode {
  const place = useRef<HTMLButtonElement>(null)
  const isWrong = problems.some(each => each.level === 'error')
  useEffect(() => {
    const undo = [source(place.current!, () => ({ kind: 'tab', id }), () => board.name(id)), tabTarget(place.current!, index, () => board.showTab(index))]
    return () => undo.forEach(each => each())
  }, [id, index])
  return <button type="button" role="tab" ref={place} data-id={id} aria-selected={isShown} tabIndex={hasFocus || (isShown && !hasFocus) ? 0 : -1} aria-roledescription={say('designer.form.movable_tab')}
    className={isWrong ? 'has-errors' : ''} onClick={() => board.showTab(index)} onDblClick={() => board.set({ renaming: id })}>{label}{problems.length > 0 && <span className={`badge ${isWrong ? 'hot' : 'quiet'}`}>{problems.length}</span>}</button>
}

/** Renaming in place: Enter takes it, Escape leaves it as it was. */
function Rename({ board, id, label, lines = false }: { board: Board; id: Id; label: string; lines?: boolean }): ReactNode {
  const done = useRef(false)
  const before = useRef(start(board, id))
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null)
  useLayoutEffect(() => { field.current!.focus(); field.current!.select() }, [])
  const end = (words: string | null): void => {
    if (done.current) return
    done.current = true
    const typed = words === before.current ? null : words
    void board.rename(id, typed).then(() => board.focusOn(board.focus.active))
  }
  const props = { ref: field, className: 'input small rename', 'aria-label': label, defaultValue: before.current, lang: board.designer.language,
    onInput: (event: { currentTarget: { value: string } }) => { if (id.startsWith('f:')) void board.spell(event.currentTarget.value.trim()) },
    onBlur: (event: { currentTarget: { value: string } }) => end(event.currentTarget.value), onClick: (event: { stopPropagation(): void }) => event.stopPropagation(),
    onKeyDown: (event: { key: string; shiftKey: boolean; isComposing?: boolean; preventDefault(): void; stopPropagation(): void; currentTarget: { value: string } }) => {
      if (event.isComposing) return
      if (event.key === 'Enter' && !(lines && event.shiftKey)) { event.preventDefault(); event.stopPropagation(); end(event.currentTarget.value) }
      if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); end(null) }
    } }
  return lines ? <textarea {...props as object} rows={3} /> : <input {...props as object} />
}
function start(board: Board, id: Id): string {
  if (id.startsWith('s:')) { const at = model.sectionAt(board.form, id); return board.designer.read(at?.it.label) }
  const item = model.find(board.form, id)?.item
  return item && model.isText(item) ? board.designer.read(item.text) : board.name(id)
}

/** A section is drawn anew only when something in it changed: with 300 fields, the others cost nothing. */
function sectionOf(board: Board, form: FormDocument, tab: number, at: number, section: Section, active: Id | null, all: readonly model.Placed[]): ReactNode {
  const id = model.sectionId(form.tabs[tab]!, section)
  const items = all.filter(each => each.tab === tab && each.section === at)
  const { focus, ui } = board
  const isHere = (other: Id | null): boolean => other !== null && (other === id || items.some(each => each.id === other))
  const selected = focus.items.length ? items.filter(each => focus.items.includes(each.id)).map(each => each.id) : []
  const problems = board.problems().by
  return <SectionView key={id} board={board} id={id} label={board.designer.read(section.label)} name={board.name(id)} section={section} active={isHere(active) ? active : null} selected={selected} isAlone={focus.items.length === 1}
    hasSelection={focus.items.length > 0} renaming={isHere(ui.renaming) ? ui.renaming : null} adding={isHere(ui.adding) ? ui.adding : null} isFirst={at === 0 && tab === 0} isLast={at === form.tabs[tab]!.sections.length - 1 && tab === form.tabs.length - 1}
    ids={items.map(each => each.id)} fields={items.map(each => board.fieldOf(each.item))} widgets={items.map(each => board.widgets.of(board.entityKey, each.item, board.fieldOf(each.item), board.childOf(each.item)))}
    badges={items.map(each => board.badges(each.item, board.fieldOf(each.item)))} findings={[problems.get(id), ...items.map(each => problems.get(each.id))]} />
}
interface SectionProps {
  board: Board; id: Id; label: string; name: string; section: Section; active: Id | null; selected: Id[]; isAlone: boolean; hasSelection: boolean; renaming: Id | null; adding: Id | null; isFirst: boolean; isLast: boolean
  ids: Id[]; fields: (Field | undefined)[]; widgets: (Widget | null | undefined)[]; badges: string[]; findings: (Finding[] | undefined)[]
}
const alike = (one: object, other: object): boolean => Object.entries(one).every(([name, value]) => {
  const there = (other as Record<string, unknown>)[name]
  return value === there || (Array.isArray(value) && Array.isArray(there) && value.length === there.length && value.every((each, at) => each === there[at]))
})

const SectionView = memo(function SectionView({ board, id, label, name, section, active, selected, isAlone, hasSelection, renaming, adding, isFirst, isLast, ids, fields, widgets, badges, findings }: SectionProps): ReactNode {
  const place = useRef<HTMLDivElement>(null)
  const grip = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    const undo = [sectionTarget(place.current!, id), source(place.current!, () => ({ kind: 'section', id }), () => board.name(id), grip.current!)]
    return () => undo.forEach(each => each())
  }, [id])
  const columns = section.columns ?? 2
  const isActive = active === id
  const isSelected = isActive && !hasSelection
  const select = (event: { stopPropagation(): void }): void => { event.stopPropagation(); board.select(id) }
  return <div className={`section sec${isSelected ? ' is-active' : ''}`} ref={place} role="group" aria-label={name}>
    <div className="sec-head">
      <span className="grip" ref={grip} aria-hidden="true"><Icon name="grip-vertical" /></span>
      {renaming === id ? <Rename board={board} id={id} label={say('designer.form.section_name')} />
        : <h2><span data-id={id} role="button" tabIndex={isActive ? 0 : -1} aria-pressed={isSelected} aria-roledescription={say('designer.form.movable_section')} aria-keyshortcuts="F2 Alt+ArrowUp Alt+ArrowDown Delete"
          className={label ? '' : 'nameless'} onClick={select} onDblClick={() => board.set({ renaming: id })}>{section.collapsed !== undefined && <Icon name={section.collapsed ? 'chevron-right' : 'chevron-down'} />}{label || name}
          <span className="sr">{say('designer.form.section_says', { count: section.items.length, columns })}</span></span></h2>}
      {section.visible && <span className="chip" title={section.visible}><Icon name="eye-off" />{say('designer.form.badge_condition')}</span>}
      {findings[0] && <span className="problem"><Icon name="circle-alert" />{findings[0].map(each => each.message).join(' ')}</span>}
      <span className="grow" />
      <span className="sec-acts">
        <span className="segments tiny" role="group" aria-label={say('designer.form.columns')}>{[1, 2, 3, 4].map(number => <button type="button" key={number} aria-pressed={columns === number} title={say('designer.form.columns_count', { count: number })} aria-label={say('designer.form.columns_count', { count: number })}
          onClick={() => { board.change(say('designer.form.did_set', { what: say('designer.form.columns'), label: name }), before => model.patchSection(before, id, { columns: number })) }}>{number}</button>)}</span>
        <Button icon="arrow-up" label={say('designer.form.up', { label: name })} shown={false} tone="plain" small disabled={isFirst} onClick={() => { board.select(id); board.nudge(-1) }} />
        <Button icon="arrow-down" label={say('designer.form.down', { label: name })} shown={false} tone="plain" small disabled={isLast} onClick={() => { board.select(id); board.nudge(1) }} />
        <Button icon="trash-2" label={say('designer.form.delete_what', { label: name })} shown={false} tone="plain" small onClick={() => { board.select(id); board.remove() }} />
      </span>
    </div>
    <div className="grid" data-columns={columns} role="list" aria-label={say('designer.form.fields_of', { section: name })}>
      {section.items.flatMap((item, index) => {
        const item_id = ids[index]!
        const widget = widgets[index]
        const pinned = findings[index + 1]
        const isChosen = selected.includes(item_id)
        const card = <Card key={item_id} board={board} id={item_id} item={item} field={fields[index]} html={widget === undefined ? undefined : widget?.html ?? null} isWide={widget?.is_wide ?? false}
          columns={columns} isTitled={'rows' in item && !!label && label === board.name(item_id)} selected={isChosen} isAlone={isChosen && isAlone} hasFocus={active === item_id} renaming={renaming === item_id}
          level={pinned?.some(each => each.level === 'error') ? 'error' : pinned ? 'warning' : ''} problem={pinned?.map(each => each.message).join(' ') ?? ''} badges={badges[index]!} />
        return adding === item_id ? [card, <QuickAdd key="+" board={board} after={item_id} />] : [card]
      })}
      {!ids.length && adding !== id && <p className="sec-empty" role="listitem">{say('designer.form.drop_here')}</p>}
      {adding === id && <QuickAdd key="+" board={board} after={id} />}
    </div>
    <div className="sec-end"><button type="button" className="button plain small" onClick={() => { const last = ids.at(-1) ?? id; board.select(last); board.set({ adding: last }) }}><Icon name="plus" /><span>{say('designer.form.add_field')}</span></button></div>
  </div>
}, alike)

interface CardProps {
  board: Board; id: Id; item: Item; field: Field | undefined; html: string | null | undefined; isWide: boolean; columns: number; isTitled: boolean
  selected: boolean; isAlone: boolean; hasFocus: boolean; renaming: boolean; level: '' | 'error' | 'warning'; problem: string; badges: string
}
const Card = memo(function Card({ board, id, item, field, html, isWide, columns, isTitled, selected, isAlone, hasFocus, renaming, level, problem, badges }: CardProps): ReactNode {
  const place = useRef<HTMLDivElement>(null)
  const span = model.spanOf(item, columns, isWide)
  const isFull = useRef(span >= columns)
  isFull.current = span >= columns
  useEffect(() => {
    const held = (): readonly Id[] => { const { items } = board.focus; return items.includes(id) ? items : [id] }
    const undo = [source(place.current!, () => ({ kind: 'items', ids: held() }), () => held().length > 1 ? say('designer.form.fields_count', { count: held().length }) : board.name(id)), itemTarget(place.current!, id, () => isFull.current)]
    return () => undo.forEach(each => each())
  }, [id])
  const { read } = board.designer
  const label = model.isText(item) ? '' : read(field?.label, model.keyOf(item))
  const type = field ? board.designer.fieldType(field.type)?.label ?? field.type : ''
  const marks = badges ? badges.split('\n').map(each => each.split('\t') as [string, string]) : []
  const width = model.isText(item) || model.isRows(item) ? (span >= columns ? 'full' : span) : span >= columns && isWide && !item.width ? 'full' : span > 1 ? span : undefined
  const act = (how: () => void) => (event: MouseEvent): void => { event.stopPropagation(); how() }
  return <div className={`fc${selected ? ' selected' : ''}${level ? ` has-${level}` : ''}`} data-width={width} role="listitem" ref={place}>
    <div className="fc-box"><div className="field fc-in" data-id={id} role="button" tabIndex={hasFocus ? 0 : -1} aria-pressed={selected} aria-roledescription={say('designer.form.movable')} aria-describedby={problem ? `p-${id}` : undefined}
      aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown F2 Delete Enter Space" data-required={field?.required && html ? '' : undefined}
      onClick={event => board.select(id, event.ctrlKey || event.metaKey ? 'toggle' : event.shiftKey ? 'range' : 'one')} onDblClick={() => board.set({ renaming: id })}>
      {model.isText(item) ? <p className="form-text">{read(item.text)}</p>
        : <span className={`label${isTitled ? ' titled' : ''}`}>{renaming ? '\u00a0' : label || model.keyOf(item)}</span>}
      <span className="sr">{[type, field?.required ? say('designer.required') : '', ...marks.map(([, text]) => text)].filter(Boolean).join(say('designer.form.comma'))}</span>
      {html ? <div className="fc-control" inert dangerouslySetInnerHTML={{ __html: html }} /> : html === undefined ? <div className="fc-control skeleton tall" /> : !model.isText(item) && <div className="fc-control unknown" inert><Icon name="circle-help" />{say('designer.form.cannot_draw')}</div>}
      {field?.help && !model.isRows(item) && <p className="hint">{read(field.help)}</p>}
    </div>
    {(marks.length > 0 || level === 'warning') && <span className="fc-badges" aria-hidden="true">{marks.map(([icon, text]) => <span key={icon} title={text}><Icon name={icon} /></span>)}{level === 'warning' && <span className="is-warning" title={problem}><Icon name="triangle-alert" /></span>}</span>}
    {renaming && <Rename board={board} id={id} label={model.isText(item) ? say('designer.form.text') : say('designer.form.label')} lines={model.isText(item)} />}
    {isAlone && !renaming && <span className="fc-acts">
      <Button icon="arrow-up" label={say('designer.form.up', { label: board.name(id) })} shown={false} tone="plain" small onClick={act(() => board.nudge(-1))} />
      <Button icon="arrow-down" label={say('designer.form.down', { label: board.name(id) })} shown={false} tone="plain" small onClick={act(() => board.nudge(1))} />
      <Button icon="copy" label={say('designer.form.duplicate_what', { label: board.name(id) })} shown={false} tone="plain" small onClick={act(() => board.duplicate())} />
      <Button icon="trash-2" label={say('designer.form.delete_what', { label: board.name(id) })} shown={false} tone="plain" small onClick={act(() => board.remove())} />
    </span>}
    <button type="button" className="fc-plus" tabIndex={-1} title={say('designer.form.add_after', { label: board.name(id) })} aria-label={say('designer.form.add_after', { label: board.name(id) })} onClick={event => { event.stopPropagation(); board.select(id); board.set({ adding: id }) }}><Icon name="plus" /></button></div>
    {problem && (level === 'error' ? <p className="problem" id={`p-${id}`}><Icon name="circle-alert" /><span>{problem}</span></p> : <span className="sr" id={`p-${id}`}>{problem}</span>)}
  </div>
})

function RelatedCard({ board, id, hasFocus }: { board: Board; id: Id; hasFocus: boolean }): ReactNode {
  const related = board.form.related![model.relatedAt(board.form, id)]!
  const there = board.entityOf(related.entity)
  const problems = board.problems().by.get(id)
  const label = (key: string): string => key.split('.').reduce<[string, string]>(([, entity], step) => { const found = board.designer.field(entity, step); return [board.designer.read(found?.label, step), String(found?.options?.entity ?? '')] }, ['', related.entity])[0]
  return <div className={`panel related-card${hasFocus ? ' is-active' : ''}`}>
    <header><Icon name={there?.icon || 'list'} /><h2><span data-id={id} role="button" tabIndex={hasFocus ? 0 : -1} aria-pressed={hasFocus} aria-roledescription={say('designer.form.movable_related')} onClick={() => board.select(id)}>{board.name(id)}</span></h2><span className="quiet">{say('designer.form.via', { field: label(related.field) })}</span></header>
    <div className="panel-body"><span className="line">{related.columns.map(key => <span className="chip" key={key}>{label(key)}</span>)}</span>
      {problems?.map(each => <p className="problem" key={each.message}><Icon name="circle-alert" /><span>{each.message}</span></p>)}</div>
  </div>
}
