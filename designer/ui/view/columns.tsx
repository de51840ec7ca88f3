/** The columns of the view in their order, and the fields to add: by search, by a press, by dragging. */
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { fitting } from '../core/search.ts'
import { keywordsOf } from '../core/spelling.ts'
import type { Name } from '../expressions/names.ts'
import type { EntityDocument, ViewDocument } from '../core/documents.ts'
import { Icon } from '../parts/basics.tsx'
import type { Block, Fitted } from '../parts/blocks.tsx'
import { later } from '../parts/later.tsx'
import { showPanel } from '../parts/frame.tsx'
import { source, target, watch } from './drag.ts'
import * as model from './model.ts'
import { commands, type Studio } from './studio.ts'

const Blocks = later(() => import('../parts/blocks.tsx'), part => part.Blocks, false)

export const PANEL = '[data-view-panel]'

export function Columns({ studio }: { studio: Studio }): ReactNode {
  const list = useRef<HTMLUListElement>(null)
  const { view, chosen } = studio
  const latest = useRef(studio)
  latest.current = studio
  useEffect(() => watch(list.current!, document.querySelector<HTMLElement>('.designer-left')!, (path, over, isAfter) => {
    const now = latest.current
    const at = over === undefined ? now.view.columns.length : model.indexOf(now.view, over) + (isAfter ? 1 : 0)
    if (model.indexOf(now.view, path) < 0) commands(now).add(path, at)
    else commands(now).move(path, at)
  }), [])
  const run = commands(studio)
  const active = chosen ?? model.pathOf(view.columns[0]!)
  const go = (path: string): void => { studio.choose(path); setTimeout(() => item(path)?.focus()) }
  const onKeyDown = (event: KeyboardEvent, path: string): void => {
    const at = model.indexOf(view, path)
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && event.altKey) { run.move(path, step > 0 ? at + 2 : at - 1); setTimeout(() => item(path)?.focus()) }
    else if (step) { const next = view.columns[at + step]; if (next !== undefined) go(model.pathOf(next)) }
    else if (event.key === 'Home' || event.key === 'End') go(model.pathOf(view.columns.at(event.key === 'Home' ? 0 : -1)!))
    else if (event.key === 'Delete' || event.key === 'Backspace') { run.remove(path); setTimeout(() => (document.querySelector<HTMLElement>('.view-columns [tabindex="0"]'))?.focus()) }
    else if (event.key === 'Enter' || event.key === 'F2') { studio.choose(path); showPanel('right'); setTimeout(() => document.querySelector<HTMLElement>(`${PANEL} ${event.key === 'F2' ? '.words input' : '.stack :is(input, select, button)'}`)?.focus()) }
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const [open, unfold] = useState(false)
  return <div className="view-left">
    <details className="view-section" data-blocks onToggle={event => unfold(event.currentTarget.open)}><summary>{say('designer.blocks.title')}</summary>
      {open && <Blocks offers="view" entity={view.entity} help={say('designer.blocks.help_view')} onPlaced={(block, made) => void shape(studio, block, made)} />}</details>
    <h2 id="view-columns">{say(view.type === 'list' ? 'designer.view.columns' : 'designer.view.lines')} <span className="badge quiet">{view.columns.length}</span></h2>
    <ul className="view-columns" aria-labelledby="view-columns" ref={list}>{view.columns.map((column, index) => {
      const path = model.pathOf(column)
      return <ColumnItem key={path} studio={studio} path={path} index={index} isActive={path === active} onKeyDown={event => onKeyDown(event, path)} onChoose={() => { studio.choose(path); showPanel('right') }} onRemove={() => run.remove(path)} />
    })}</ul>
    {studio.problems('columns').length > 0 && !view.columns.length && <p className="error">{studio.problems('columns')[0]}</p>}
    <Fields studio={studio} />
  </div>
}

/** The view takes the block's shape; fields that it is made of and the entity lacks come along: one step. */
async function shape({ designer, view }: Studio, block: Block, made: Fitted): Promise<void> {
  const { tellPlaced } = await import('../parts/blocks.tsx')
  designer.draft.edit(say('designer.blocks.did', { label: designer.read(block.label) }), edits => {
    if (made.fields.length) edits.change<EntityDocument>(`entity/${view.entity}`, entity => ({ ...entity, fields: [...entity.fields, ...made.fields] }))
    edits.change<ViewDocument>(designer.place, before => model.shaped(before, made.document as ViewDocument))
  }, { focus: null })
  tellPlaced(designer, block, made)
}

const item = (path: string): HTMLElement | null => document.querySelector<HTMLElement>(`.view-columns [data-path="${CSS.escape(path)}"]`)

interface ItemProps { studio: Studio; path: string; index: number; isActive: boolean; onKeyDown: (event: KeyboardEvent) => void; onChoose: () => void; onRemove: () => void }
function ColumnItem({ studio, path, index, isActive, onKeyDown, onChoose, onRemove }: ItemProps): ReactNode {
  const place = useRef<HTMLLIElement>(null)
  const title = studio.title(path)
  useEffect(() => { const ends = [source(place.current!, path, title), target(place.current!, path)]; return () => ends.forEach(end => end()) }, [path, title])
  const column = model.columnOf(studio.view.columns[index]!)
  const problems = studio.problems('columns', index)
  return <li ref={place} className={studio.chosen === path ? 'chosen' : ''}>
    <button type="button" className="view-column" data-path={path} tabIndex={isActive ? 0 : -1} aria-pressed={studio.chosen === path} onClick={onChoose} onKeyDown={event => onKeyDown(event as unknown as KeyboardEvent)}>
      <Icon name="grip-vertical" /><Icon name={studio.icon(studio.find(path))} /><span className="clip">{title}</span>
      {column.editable && <span className="mark" title={say('designer.view.editable')}><Icon name="pencil" /><span className="sr">{say('designer.view.editable')}</span></span>}
      {problems.length > 0 && <span className="mark bad" title={problems[0]}><Icon name="circle-alert" /><span className="sr">{problems.join(' ')}</span></span>}
      {column.width !== undefined && <small>{column.width}</small>}
    </button>
    <button type="button" className="button plain square small" tabIndex={-1} aria-label={say('designer.view.remove_column', { name: title })} title={say('designer.view.remove_column', { name: title })} onClick={onRemove}><Icon name="x" /></button>
  </li>
}

function Fields({ studio }: { studio: Studio }): ReactNode {
  const [typed, type] = useState('')
  const [open, unfold] = useState<string>()
  const { view, names } = studio
  const found = useMemo(() => fitting(typed, names.map(name => ({ ...name, value: name.name, keywords: keywordsOf(...name.words) }))), [typed, names])
  const shown = typed.trim() ? found.slice(0, 60) : found.filter(model.isOwn)
  const press = (name: Name): void => commands(studio).add(name.name)
  const onKeyDown = (event: KeyboardEvent): void => {
    const all = [...document.querySelectorAll<HTMLElement>('.view-fields [data-field]')]
    const at = all.indexOf(document.activeElement as HTMLElement)
    const box = document.querySelector<HTMLInputElement>('.view-search input')
    if (event.key === 'ArrowDown') all[at + 1]?.focus()
    else if (event.key === 'ArrowUp') (at > 0 ? all[at - 1]! : box)?.focus()
    else if (event.key === 'Enter' && at < 0 && typed.trim()) { const first = shown.find(name => model.indexOf(view, name.name) < 0); if (!first) return; press(first); type('') }
    else if ((event.key === 'ArrowRight' || event.key === 'ArrowLeft') && at >= 0) { const name = all[at]!.dataset.field!; if (names.find(each => each.name === name)?.target) unfold(event.key === 'ArrowRight' ? name : undefined); else return }
    else if (event.key === 'Escape' && typed) type('')
    else return
    event.preventDefault()
  }
  const line = (name: Name, isStep: boolean): ReactNode => <FieldItem key={name.name} studio={studio} name={name} isStep={isStep} isFull={typed.trim() !== ''} isUsed={model.indexOf(view, name.name) >= 0} isOpen={open === name.name}
    onPress={() => press(name)} {...(name.target && !isStep && names.some(each => each.name.startsWith(`${name.name}.`)) ? { onUnfold: () => unfold(open === name.name ? undefined : name.name) } : {})} />
  return <section className="view-fields" aria-labelledby="view-fields" onKeyDown={event => onKeyDown(event as unknown as KeyboardEvent)}>
    <h2 id="view-fields">{say('designer.view.add_fields')}</h2>
    <div className="search view-search"><Icon name="search" /><input className="input" type="search" value={typed} placeholder={say('designer.view.search_fields')} aria-label={say('designer.view.search_fields')} onInput={event => type(event.currentTarget.value)} /><kbd aria-hidden="true">/</kbd></div>
    <ul>{shown.map(name => <>{line(name, false)}{open === name.name && !typed.trim() && names.filter(each => each.name.startsWith(`${name.name}.`)).map(step => line(step, true))}</>)}</ul>
    {!shown.length && <p className="help">{say('no_matches')}</p>}
  </section>
}

interface FieldProps { studio: Studio; name: Name; isStep: boolean; isFull: boolean; isUsed: boolean; isOpen: boolean; onPress: () => void; onUnfold?: () => void }
function FieldItem({ studio, name, isStep, isFull, isUsed, isOpen, onPress, onUnfold }: FieldProps): ReactNode {
  const place = useRef<HTMLLIElement>(null)
  useEffect(() => isUsed ? undefined : source(place.current!, name.name, name.label), [name.name, name.label, isUsed])
  const label = isStep && !isFull ? name.label.split(' › ').slice(1).join(' › ') : name.label
  return <li ref={place} className={isStep ? 'step' : ''}>
    <button type="button" data-field={name.name} aria-disabled={isUsed} title={isUsed ? say('designer.view.is_there') : say('designer.view.add_field', { name: name.label })} onClick={() => { if (!isUsed) onPress() }}>
      <Icon name={studio.icon(name)} /><span className="clip">{label}</span>{isUsed && <><Icon name="check" /><span className="sr">{say('designer.view.is_there')}</span></>}</button>
    {onUnfold && <button type="button" className="button plain square small" tabIndex={-1} aria-expanded={isOpen} aria-label={say('designer.view.unfold', { name: name.label })} title={say('designer.view.unfold', { name: name.label })} onClick={onUnfold}><Icon name={isOpen ? 'chevron-up' : 'chevron-down'} /></button>}
  </li>
}
