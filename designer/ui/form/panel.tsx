/** The panel to the right: everything about what is selected, in groups, with a search over all of it. */
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { rank } from '../core/search.ts'
import { Button, Icon } from '../parts/basics.tsx'
import type { Board } from './board.ts'
import * as model from './model.ts'
import { fieldRows } from './panel_field.tsx'
import { formRows, manyRows, relatedRows, sectionRows, tabRows, textRows } from './panel_layout.tsx'

/** One line of the panel: what it is called, what else finds it, and its controls. */
export interface Line { group: Group; label: string; words?: string; draw: () => ReactNode }
export type Group = 'basic' | 'layout' | 'rules' | 'validation' | 'labels' | 'access' | 'used'
const GROUPS: Group[] = ['basic', 'layout', 'rules', 'validation', 'labels', 'access', 'used']
/** Which groups are open; it stays from one field to the next. */
const open = new Set<Group>(['basic', 'layout', 'rules'])

export const PANEL = '[data-panel]'
/** Enter on a thing: the first control of the panel. */
export function enterPanel(): void {
  const first = document.querySelector<HTMLElement>(`${PANEL} .panel-lines :is(input, select, textarea):not(:disabled)`) ?? document.querySelector<HTMLElement>(`${PANEL} button`)
  first?.focus()
  if (first instanceof HTMLInputElement && first.type === 'text') first.select()
}

export function Panel({ board }: { board: Board }): ReactNode {
  const { items, active } = board.focus
  const form = board.form
  const only = items.length === 1 ? items[0]! : items.length ? null : active
  const item = only && model.isItem(only) ? model.find(form, only)?.item : undefined
  const field = item && board.fieldOf(item)
  const [title, icon, lines] = items.length > 1 ? [say('designer.form.fields_count', { count: items.length }), 'layers', manyRows(board, items)] as const
    : item && model.isText(item) ? [say('designer.form.text'), 'text-cursor-input', textRows(board, only!, item)] as const
      : item ? [board.name(only!), board.designer.fieldType(field?.type ?? '')?.icon ?? 'circle-help', fieldRows(board, only!, item as Exclude<typeof item, { text: unknown }>, field)] as const
        : only?.startsWith('s:') && items.length === 0 ? [board.name(only), 'heading', sectionRows(board, only)] as const
          : only?.startsWith('l:') ? [board.name(only), 'list-tree', relatedRows(board, only)] as const
            : only?.startsWith('t:') && form.tabs.length > 1 ? [board.name(only), 'panel-left', tabRows(board, only)] as const
              : [board.designer.read(form.label), 'file-text', formRows(board)] as const
  const kind = items.length > 1 ? say('designer.form.several') : item ? (model.isText(item) ? '' : board.designer.fieldType(field?.type ?? '')?.label ?? '') : only?.startsWith('s:') ? say('designer.form.section') : only?.startsWith('l:') ? say('designer.form.related') : only?.startsWith('t:') && form.tabs.length > 1 ? say('designer.form.tab') : say('designer.form.form')
  const findings = only ? board.problems().by.get(only) ?? [] : []
  return <div className="panel-body-form" data-panel={only ?? 'form'} onKeyDown={event => { if (event.key === 'Escape' && !event.defaultPrevented) { event.preventDefault(); event.stopPropagation(); board.focusOn(board.focus.active) } }}>
    <header className="panel-head"><Icon name={icon} /><h2>{title}</h2>{kind && kind !== title && <span className="quiet">{kind}</span>}</header>
    {findings.map(finding => <p key={finding.message} className={`note ${finding.level === 'error' ? 'bad' : 'warn'}`}><Icon name={finding.level === 'error' ? 'circle-alert' : 'triangle-alert'} /><span>{finding.message}</span></p>)}
    <Lines key={items.length > 1 ? 'many' : only ?? 'form'} lines={lines} />
  </div>
}

function Lines({ lines }: { lines: readonly Line[] }): ReactNode {
  const [typed, type] = useState('')
  const [, again] = useState(0)
  const search = useRef<HTMLInputElement>(null)
  const found = typed.trim() ? lines.filter(line => rank(typed, { label: line.label, keywords: `${line.words ?? ''} ${say(`designer.form.panel_${line.group}`)}` }) !== undefined) : lines
  const groups = GROUPS.filter(group => found.some(line => line.group === group))
  const isSingle = new Set(lines.map(line => line.group)).size === 1
  return <>
    {lines.length > 6 && <input className="input small" type="search" ref={search} value={typed} aria-label={say('designer.form.search_settings')} placeholder={say('designer.form.search_settings')} onInput={event => type(event.currentTarget.value)}
      onKeyDown={event => { if (event.key === 'Escape' && typed) { event.preventDefault(); event.stopPropagation(); type('') } }} />}
    <div className="panel-lines">{groups.map(group => {
      const inside = found.filter(line => line.group === group)
      const isOpen = isSingle || !!typed.trim() || open.has(group)
      const toggle = (): void => { if (open.has(group)) open.delete(group); else open.add(group); again(count => count + 1) }
      return <div key={group} className="panel-group" role="group" aria-label={say(`designer.form.panel_${group}`)}>
        {!isSingle && <h3><button type="button" aria-expanded={isOpen} onClick={toggle}><Icon name={isOpen ? 'chevron-down' : 'chevron-right'} />{say(`designer.form.panel_${group}`)}</button></h3>}
        {isOpen && <div className="stack">{inside.map(line => <div key={line.label}>{line.draw()}</div>)}</div>}
      </div>
    })}
    {!groups.length && <p className="quiet">{say('no_matches')}</p>}</div>
  </>
}

/** A choice of a few, side by side. */
export function Segments<Value extends string | number>({ label, value, options, onChange }: { label: string; value: Value | undefined; options: readonly { value: Value; label: string; title?: string }[]; onChange: (to: Value) => void }): ReactNode {
  return <div className="field" role="group" aria-label={label}><span className="label" aria-hidden="true">{label}</span>
    <span className="segments full">{options.map(option => <button type="button" key={option.value} aria-pressed={option.value === value} title={option.title} onClick={() => onChange(option.value)}>{option.label}</button>)}</span></div>
}

/** Names in an order: up, down, away, and one more. */
export function Columns({ label, values, options, onChange }: { label: string; values: readonly string[]; options: readonly { value: string; label: string }[]; onChange: (to: string[]) => void }): ReactNode {
  const name = (value: string): string => options.find(option => option.value === value)?.label ?? value
  const left = options.filter(option => !values.includes(option.value))
  const move = (from: number, to: number): void => { const next = [...values]; next.splice(to, 0, ...next.splice(from, 1)); onChange(next) }
  return <fieldset className="field columns-field"><legend>{label}</legend>
    <ol>{values.map((value, at) => <li key={value}><span className="clip">{name(value)}</span>
      <Button icon="arrow-up" small tone="plain" shown={false} label={say('designer.form.up', { label: name(value) })} disabled={at === 0} onClick={() => move(at, at - 1)} />
      <Button icon="arrow-down" small tone="plain" shown={false} label={say('designer.form.down', { label: name(value) })} disabled={at === values.length - 1} onClick={() => move(at, at + 1)} />
      <Button icon="x" small tone="plain" shown={false} label={say('designer.form.delete_what', { label: name(value) })} disabled={values.length === 1} onClick={() => onChange(values.filter(each => each !== value))} /></li>)}</ol>
    {left.length > 0 && <select className="input small" aria-label={say('designer.form.add_column')} value="" onChange={event => { if (event.currentTarget.value) onChange([...values, event.currentTarget.value]) }}>
      <option value="">{say('designer.form.add_column')}</option>{left.map(option => <option key={option.value} value={option.value}>{option.label}</option>)}</select>}
  </fieldset>
}

export function useOnce(how: () => void, given: unknown[] = []): void { useEffect(() => { how() }, given) }
