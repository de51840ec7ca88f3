/** The panel to the right: everything about what is selected, in groups, with a search over all of it. */
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { fetching } from '../core/fetching.ts'
import { rank } from '../core/search.ts'
import { Icon } from '../parts/basics.tsx'
import type { Board } from './board.ts'
import * as model from './model.ts'
import type { Group, Line } from './panel_parts.tsx'
import { formRows, manyRows, relatedRows, sectionRows, tabRows, textRows } from './panel_layout.tsx'

const GROUPS: Group[] = ['basic', 'layout', 'rules', 'validation', 'labels', 'access', 'used']
/** Which groups are open; it stays from one field to the next. */
const open = new Set<Group>(['basic', 'layout', 'rules'])

/** The lines of fields bring the editors of options along: fetched when the first field is selected. */
let fieldRows: typeof import('./panel_field.tsx').fieldRows | undefined
let fetched: Promise<void> | undefined
const fetchFieldRows = (): Promise<void> => fetched ??= fetching(() => import('./panel_field.tsx')).then(part => { fieldRows = part.fieldRows })
if (typeof window !== 'undefined') addEventListener('load', () => setTimeout(() => void fetchFieldRows(), 1200))
function useFieldRows(isWanted: boolean): typeof fieldRows {
  const [, again] = useState(0)
  const seen = fieldRows
  useEffect(() => {
    if (!isWanted || seen) return
    // It may have come between drawing and now.
    if (fieldRows) again(count => count + 1)
    else void fetchFieldRows().then(() => again(count => count + 1))
  })
  return seen
}

export function Panel({ board }: { board: Board }): ReactNode {
  const { items, active } = board.focus
  const form = board.form
  const only = items.length === 1 ? items[0]! : items.length ? null : active
  const item = only && model.isItem(only) ? model.find(form, only)?.item : undefined
  const field = item && board.fieldOf(item)
  const rowsOf = useFieldRows(!!item && !model.isText(item))
  const [title, icon, lines] = items.length > 1 ? [say('designer.form.fields_count', { count: items.length }), 'layers', manyRows(board, items)] as const
    : item && model.isText(item) ? [say('designer.form.text'), 'text-cursor-input', textRows(board, only!, item)] as const
      : item ? [board.name(only!), board.designer.fieldType(field?.type ?? '')?.icon ?? 'circle-help', rowsOf?.(board, only!, item as Exclude<typeof item, { text: unknown }>, field) ?? []] as const
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
