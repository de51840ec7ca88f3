/** What can be put on the form: fields the entity has, new ones by type, layout, blocks. Click or Enter adds behind the selection. */
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { fitting } from '../core/search.ts'
import { keywordsOf } from '../core/spelling.ts'
import { Icon } from '../parts/basics.tsx'
import { later } from '../parts/later.tsx'
import type { Block, Board } from './board.ts'
import { source, type Cargo } from './drag.ts'
import * as model from './model.ts'

interface Entry { value: string; label: string; keywords: string; icon: string; group: string; note?: string; cargo: Cargo; act: () => void; block?: Block }

/** Pictures of blocks come when the rest stands. */
const BlockPreview = later(() => import('../parts/block_preview.tsx'), part => part.BlockPreview)

export function entries(board: Board): Entry[] {
  const { designer } = board
  const found: Entry[] = []
  for (const field of model.fieldsLeft(board.form, [...board.entity?.fields ?? [], ...board.systemFields])) {
    const type = designer.fieldType(field.type)
    found.push({ value: `field ${field.key}`, label: designer.read(field.label, field.key), keywords: `${keywordsOf(field.label)} ${field.key}`, icon: type?.icon ?? 'box', group: 'existing', cargo: { kind: 'field', key: field.key }, act: () => board.addExisting(field.key) })
  }
  for (const type of designer.boot.field_types) {
    if (type.is_system) continue
    found.push({ value: `type ${type.key}`, label: type.label, keywords: type.keywords, note: type.description, icon: type.icon, group: 'new', cargo: { kind: 'type', type: type.key }, act: () => void board.addNew(type.key) })
  }
  for (const [what, icon] of [['section', 'heading'], ['tab', 'panel-left'], ['text', 'text-cursor-input'], ['rows', 'rows-3'], ['related', 'list-tree']] as const) {
    found.push({ value: `layout ${what}`, label: say(`designer.form.${what}`), keywords: say(`designer.form.${what}_synonyms`), note: say(`designer.form.${what}_help`), icon, group: 'layout', cargo: { kind: 'layout', what }, act: {
      section: () => board.addSection(), tab: () => board.addTab(), text: () => board.addText(), rows: () => board.set({ question: { ask: 'entity', type: 'rows', spot: board.here } }), related: () => board.set({ question: { ask: 'related' } }) }[what] })
  }
  for (const block of board.ui.blocks) {
    if (block.document && !fits(board, block)) continue
    found.push({ value: `block ${block.key}`, label: designer.read(block.label), keywords: block.spelled, icon: block.document ? 'layout-template' : 'puzzle', group: 'blocks', note: designer.read(block.description), cargo: { kind: 'block', key: block.key }, act: () => void board.addBlock(block), block })
  }
  return found
}
/** A block of sections is of use as long as a field of it is not on the form. */
function fits(board: Board, block: Block): boolean {
  const on = model.keysOn(board.form)
  return block.fields.some(field => !on.has(field.key))
}

const GROUPS = ['existing', 'new', 'layout', 'blocks'] as const

export function Palette({ board }: { board: Board }): ReactNode {
  const [typed, type] = useState('')
  const [folded, fold] = useState<readonly string[]>([])
  const search = useRef<HTMLInputElement>(null)
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => { void board.fetchBlocks() }, [])
  const all = entries(board)
  const found = fitting(typed, all)
  const best = typed.trim() ? found[0] : undefined
  const tiles = (): HTMLElement[] => [...place.current!.querySelectorAll<HTMLElement>('.tile')]
  const onKeyDown = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement
    const list = tiles()
    const at = list.indexOf(target.closest<HTMLElement>('.tile')!)
    if (event.key === 'Enter' && target === search.current && best) { event.preventDefault(); add(best) }
    else if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); if (typed) { type(''); search.current?.focus() } else board.focusOn(board.focus.active) }
    else if (event.key === 'ArrowDown' && target === search.current) { event.preventDefault(); list[0]?.focus() }
    else if (at >= 0 && event.key.startsWith('Arrow')) {
      event.preventDefault()
      if (event.key === 'ArrowUp' && at < 2) { search.current?.focus(); return }
      const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 2, ArrowUp: -2 }[event.key] ?? 0
      list[Math.max(0, Math.min(list.length - 1, at + step))]?.focus()
    }
  }
  const add = (entry: Entry): void => {
    const focused = document.activeElement === search.current
    entry.act()
    type('')
    // One field after another can be added; a new one is named on the canvas first.
    if (entry.group === 'existing' || entry.group === 'blocks') setTimeout(() => (focused ? search.current : tiles()[0])?.focus())
  }
  const groups = typed.trim() ? ['found'] : GROUPS
  return <div className="palette" ref={place} onKeyDown={event => onKeyDown(event as unknown as KeyboardEvent)}>
    <input className="input" type="search" ref={search} data-palette-search aria-label={say('designer.form.search')} placeholder={say('designer.form.search')} value={typed} onInput={event => type(event.currentTarget.value)} aria-describedby="palette-hint" />
    <p className="sr" id="palette-hint">{say('designer.form.search_help')}</p>
    {groups.map(group => {
      const list = group === 'found' ? found : found.filter(entry => entry.group === group)
      const isFolded = folded.includes(group)
      if (!list.length && group !== 'existing' && group !== 'found') return null
      return <div className="palette-group" key={group} role="group" aria-label={say(`designer.form.palette_${group}`)}>
        <h2><button type="button" aria-expanded={!isFolded} onClick={() => fold(isFolded ? folded.filter(each => each !== group) : [...folded, group])}><Icon name={isFolded ? 'chevron-right' : 'chevron-down'} />{say(`designer.form.palette_${group}`)}<small>{list.length}</small></button></h2>
        {!isFolded && (list.length ? <div className={`tiles ${group}`}>{list.map((entry, at) => <Tile key={entry.value} board={board} entry={entry} isBest={typed !== '' && at === 0} onAdd={add} />)}</div>
          : <p className="quiet">{say(group === 'found' ? 'no_matches' : 'designer.form.all_on_form')}</p>)}
      </div>
    })}
  </div>
}

function Tile({ board, entry, isBest, onAdd }: { board: Board; entry: Entry; isBest: boolean; onAdd: (entry: Entry) => void }): ReactNode {
  const place = useRef<HTMLButtonElement>(null)
  const now = useRef(entry)
  now.current = entry
  useEffect(() => source(place.current!, () => now.current.cargo, () => now.current.label), [])
  return <button type="button" className={`tile${isBest ? ' best' : ''}${entry.block ? ' block' : ''}`} ref={place} title={entry.note} data-tile={entry.value} onClick={() => onAdd(entry)}>
    <Icon name={entry.icon} /><span>{entry.label}</span>
    {entry.block && <BlockPreview block={entry.block} language={board.designer.language} />}
  </button>
}
