/** The entity designer: fields as a table or cards, their properties, rules, and the entity's own settings. */
import '../main.ts'
import './entity.css'
import { useEffect, useMemo, useReducer, useRef, useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { fetching } from '../core/fetching.ts'
import type { EntityDocument } from '../core/documents.ts'
import type { Finding } from '../core/problems.ts'
import type { Shortcut } from '../core/shortcuts.ts'
import { Button, Icon } from '../parts/basics.tsx'
import { mount, useDesigner } from '../parts/designer.tsx'
import { Frame, showPanel } from '../parts/frame.tsx'
import { Board, type More, type Show, type Tab } from './board.ts'
import { Palette } from './palette.tsx'
import { FieldList, focusRow } from './table.tsx'

const text = (code: string, values: Record<string, string | number> = {}): string => say(`designer.entity.${code}`, values)
const TABS: readonly Tab[] = ['fields', 'rules', 'settings']
const SHOWS: readonly Show[] = ['all', 'used', 'changed', 'retired', 'problems']

const fetched = fetching(() => import('./more.ts'))
type Fetched = Awaited<typeof fetched>

function EntityDesigner(): ReactNode {
  const [parts, setParts] = useState<Fetched>()
  useEffect(() => { void fetched.then(found => setParts(found)) }, [])
  const designer = useDesigner<More>()
  const board = useMemo(() => new Board(designer), [designer])
  const [, again] = useReducer((count: number) => count + 1, 0)
  board.redraw = () => again(undefined as never)
  const entity = designer.draft.get<EntityDocument>(board.place)
  // Who uses what is asked anew when something has been checked.
  const checked = useRef(designer.findings)
  useEffect(() => { if (checked.current !== designer.findings) { checked.current = designer.findings; void board.refreshUses() } })
  const problems = useMemo(() => {
    const found = new Map<string, { text: string; level: 'error' | 'warning' }>()
    for (const finding of designer.findings) {
      if (finding.address !== board.place || finding.path[0] !== 'fields') continue
      const field = entity?.fields[Number(finding.path[1])]
      if (!field) continue
      const before = found.get(field.uid)
      found.set(field.uid, { text: before ? `${before.text}\n${finding.message}` : finding.message, level: finding.level === 'error' || before?.level === 'error' ? 'error' : 'warning' })
    }
    return found
  }, [designer.findings, entity])
  if (!entity) return <Frame title={designer.boot.key}><p className="note warn"><Icon name="triangle-alert" /><span>{text('gone')}</span></p></Frame>
  const { look } = board
  const goTo = (path: readonly (string | number)[]): void => {
    if (path[0] === 'fields') {
      const field = entity.fields[Number(path[1])]
      if (!field) return
      board.set({ tab: 'fields', ...(board.isFiltered ? { typed: '', show: 'all' as const } : {}) })
      board.select([field.uid])
      setTimeout(() => focusRow(field.uid))
    } else if (path[0] === 'rules') board.set({ tab: 'rules', rule: Number(path[1] ?? 0) })
    else board.set({ tab: 'settings' })
  }
  const onFinding = (finding: Finding): void => { if (finding.address === board.place) goTo(finding.path); else designer.goTo(finding.address, finding.path) }
  const isFields = (): boolean => board.look.tab === 'fields'
  const onRows = (event?: KeyboardEvent): boolean => isFields() && (document.activeElement?.closest('.entity-row, .designer-canvas') !== null || event === undefined)
  const group = text('keys')
  const one = (): string | undefined => board.at ?? board.selected[0]?.uid
  const shortcuts: Shortcut[] = [
    { keys: 'F2', label: text('key_rename'), group, when: () => onRows() && !!one(), act: () => { const uid = one(); if (uid) board.set({ renaming: uid }) } },
    { keys: 'Enter', label: text('key_panel'), group, when: () => !!document.activeElement?.matches('.entity-row'), act: () => { showPanel('right'); setTimeout(() => document.querySelector<HTMLElement>('.designer-right :is(input, select, textarea):not(:disabled)')?.focus(), 120) } },
    { keys: 'Escape', label: text('key_back'), group, always: true, when: () => isFields() && !!document.activeElement?.closest('.designer-right, .designer-left'), act: () => { const uid = one(); showPanel(null); if (uid) focusRow(uid); else document.querySelector<HTMLElement>('.entity-row')?.focus() } },
    { keys: 'Alt+ArrowUp', label: text('key_move'), group, when: () => isFields() && board.chosen.size > 0, act: () => board.move(-1) },
    { keys: 'Alt+ArrowDown', label: text('key_move'), group, when: () => isFields() && board.chosen.size > 0, act: () => board.move(1) },
    { keys: 'Ctrl+A', label: text('key_all'), group, when: onRows, act: () => { const all = board.visible(problems).map(field => field.uid); board.select(all, one() ?? all[0]); board.tell(text('fields_chosen', { count: all.length })) } },
    { keys: 'Ctrl+D', label: text('duplicate'), group, when: isFields, act: () => board.duplicate() },
    { keys: 'Ctrl+C', label: text('copy'), group, when: () => isFields() && String(getSelection() ?? '') === '', act: () => board.copy() },
    { keys: 'Ctrl+X', label: text('cut'), group, when: isFields, act: () => board.copy(true) },
    { keys: 'Ctrl+V', label: text('paste'), group, when: isFields, act: () => board.paste() },
    { keys: 'Delete', label: text('retire_or_remove'), group, when: () => onRows() && board.chosen.size > 0, act: () => board.drop([...board.chosen]) },
    { keys: 'N', label: text('key_add'), group, when: isFields, act: () => document.querySelector<HTMLElement>('[data-add-field]')?.focus() },
    { keys: '/', label: text('find_type'), group, act: () => { board.set({ tab: 'fields', palette: true }); showPanel('left'); setTimeout(() => document.querySelector<HTMLElement>('[data-palette]')?.focus()) } },
    { keys: 'Ctrl+F', label: text('find_field'), group, when: isFields, act: () => document.querySelector<HTMLElement>('[data-find-field]')?.focus() },
    ...TABS.map((tab, index) => ({ keys: `Alt+${index + 1}`, label: text(`tab_${tab}`), group, act: () => board.set({ tab }), always: true })),
  ]
  const rules = entity.rules?.length ?? 0
  const tools = <div className="segments" role="group" aria-label={text('parts')}>{TABS.map(tab => <button type="button" key={tab} aria-pressed={look.tab === tab} onClick={() => board.set({ tab })}>{text(`tab_${tab}`)}{tab === 'fields' ? <span className="count-pill">{entity.fields.filter(field => !field.retired).length}</span> : tab === 'rules' && rules > 0 ? <span className="count-pill">{rules}</span> : null}</button>)}</div>
  return <Frame title={designer.read(entity.label, entity.key)} tools={tools} shortcuts={shortcuts} onFinding={onFinding} onGoTo={goTo}
    menu={[{ label: text('diagram'), icon: 'workflow', href: `/design/${designer.boot.app}/diagram#${entity.key}` }, { label: text('rename_key'), icon: 'key-round', act: () => board.set({ question: { ask: 'key' } }) }]}
    {...(look.tab === 'fields' && look.palette ? { left: <Palette board={board} />, leftLabel: text('types') } : {})}
    {...(look.tab === 'fields' ? { right: parts ? <parts.Panel board={board} /> : <p className="hint">…</p>, rightLabel: text('properties') } : {})}>
    {look.tab === 'fields' && <>
      <div className="list-tools" role="group" aria-label={text('list_tools')}>
        <label className="search-line"><Icon name="search" /><span className="sr">{text('find_field')}</span><input className="input" type="search" data-find-field value={look.typed} placeholder={text('find_field')} onInput={event => board.set({ typed: event.currentTarget.value })}
          onKeyDown={event => { if (event.key === 'ArrowDown' || event.key === 'Enter') { event.preventDefault(); document.querySelector<HTMLElement>('.entity-row')?.focus() } else if (event.key === 'Escape') { event.stopPropagation(); board.set({ typed: '' }) } }} /></label>
        <label className="show-line"><span className="sr">{text('show')}</span><select className="input" value={look.show} onChange={event => board.set({ show: event.currentTarget.value as Show })}>{SHOWS.map(show => <option key={show} value={show}>{text(`show_${show}`)}</option>)}</select></label>
        <span className="muted" role="status">{board.isFiltered ? text('found', { count: board.visible(problems).length, total: entity.fields.length }) : ''}</span>
        <span className="grow" />
        <Button icon="shapes" label={text('types')} pressed={look.palette} onClick={() => { board.showPalette(!look.palette); if (!look.palette) setTimeout(() => document.querySelector<HTMLElement>('[data-palette]')?.focus()) }} />
        <div className="segments" role="group" aria-label={text('view')}><button type="button" aria-pressed={!look.cards} onClick={() => board.set({ cards: false })}><Icon name="rows-3" /><span>{text('as_table')}</span></button><button type="button" aria-pressed={look.cards} onClick={() => board.set({ cards: true })}><Icon name="layout-grid" /><span>{text('as_cards')}</span></button></div>
      </div>
      <FieldList board={board} problems={problems} />
    </>}
    {look.tab === 'rules' && parts && <parts.Rules board={board} />}
    {look.tab === 'settings' && parts && <parts.Settings board={board} />}
    {parts && <parts.Questions board={board} />}
  </Frame>
}

mount(() => <EntityDesigner />)
