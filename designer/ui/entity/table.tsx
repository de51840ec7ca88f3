/** The fields as a table or as cards, one roving focus over them; in-place renaming and adding. */
import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { Field } from '../core/documents.ts'
import { guessType } from '../form/guess.ts'
import { Icon } from '../parts/basics.tsx'
import { showPanel } from '../parts/frame.tsx'
import { Pick } from '../parts/pick.tsx'
import type { Board } from './board.ts'
import { dragging } from './drag.ts'
import * as model from './model.ts'

const text = (code: string, values: Record<string, string | number> = {}): string => say(`designer.entity.${code}`, values)

interface RowProps {
  board: Board; field: Field; position: number; count: number; label: string; type: string; icon: string; used: number; standing: model.Standing
  problems: string; level: 'error' | 'warning' | ''; isChosen: boolean; isAt: boolean; isRenaming: boolean; isTitle: boolean; isDerived: boolean; progress: number; retypes: string; isCard: boolean
}

/** Rows are drawn only when what they show differs: 800 of them stay quick. */
const Row = memo(function Row(props: RowProps): ReactNode {
  const { board, field, label } = props
  const place = useRef<HTMLDivElement>(null)
  const latest = useRef(props)
  latest.current = props
  useEffect(() => dragging(by => by.fieldPlace(place.current!, field.uid, {
    isCard: props.isCard, canDrag: () => !board.isFiltered && board.look.renaming === undefined, text: () => { const count = board.chosen.has(field.uid) ? board.chosen.size : 1; return count > 1 ? text('fields_count', { count }) : latest.current.label },
    uids: () => board.chosen.has(field.uid) ? board.selected.map(each => each.uid) : [field.uid],
  })), [field.uid, props.isCard])
  const toggles = (['required', 'unique', 'searchable'] as const).map(key => {
    const may = key === 'searchable' ? model.SEARCHABLE.has(field.type) : !props.isDerived && (key === 'required' || model.UNIQUE.has(field.type))
    return <span key={key} role="gridcell" className="cell-toggle">{may && !field.retired
      ? <input type="checkbox" tabIndex={-1} checked={field[key] === true} aria-label={text(`toggle_${key}`, { field: label })} onChange={event => board.setAll(board.chosen.has(field.uid) ? [...board.chosen] : [field.uid], key, event.currentTarget.checked)} />
      : <span className="sr">{text('not_here')}</span>}</span>
  })
  const state = <span role="gridcell" className="cell-state">
    {props.progress >= 0 && <progress max="100" value={props.progress} aria-label={text('converting', { percent: props.progress })} title={text('converting', { percent: props.progress })} />}
    {props.retypes && props.progress < 0 && <span className="chip" data-colour="violet" title={text('will_convert', { type: props.retypes })}><Icon name="arrow-left-right" />{props.retypes}</span>}
    {props.standing !== 'same' && <span className="chip" data-colour={{ new: 'green', changed: 'amber', retired: 'grey', same: '' }[props.standing]}>{text(`standing_${props.standing}`)}</span>}
    {props.problems && <span className={`row-problem ${props.level}`} title={props.problems}><Icon name={props.level === 'error' ? 'circle-alert' : 'triangle-alert'} /><span className="sr">{props.problems}</span></span>}
  </span>
  return <div ref={place} role="row" className={`entity-row${field.retired ? ' is-retired' : ''}`} data-uid={field.uid} aria-rowindex={props.position + 1} aria-selected={props.isChosen} tabIndex={props.isAt ? 0 : -1}>
    <span role="gridcell" className="cell-grip"><span className="grip" aria-hidden="true"><Icon name="grip-vertical" /></span></span>
    <span role="gridcell" className="cell-label">{props.isRenaming ? <Renaming board={board} uid={field.uid} label={label} />
      : <><Icon name={props.icon} /><span className="clip name">{label}</span>{props.isTitle && <span className="tag" title={text('is_title')}><Icon name="heading" /><span className="sr">{text('is_title')}</span></span>}</>}</span>
    <span role="gridcell" className="cell-key"><code className="clip">{field.key}</code></span>
    <span role="gridcell" className="cell-type clip">{props.type}</span>
    {toggles}
    <span role="gridcell" className="cell-used">{props.used ? <span className="count-pill" title={text('used', { count: props.used })}><span aria-hidden="true">{props.used}</span><span className="sr">{text('used', { count: props.used })}</span></span> : <span className="muted" aria-label={text('unused')} title={text('unused')}>–</span>}</span>
    {state}
  </div>
})

function Renaming({ board, uid, label }: { board: Board; uid: string; label: string }): ReactNode {
  const [words, type] = useState(label)
  const field = useRef<HTMLInputElement>(null)
  const done = useRef(false)
  useLayoutEffect(() => { field.current!.focus(); field.current!.select() }, [])
  const end = (keeps: boolean, next?: 'row' | 'add'): void => {
    if (done.current) return
    done.current = true
    if (keeps) void board.rename(uid, words.trim())
    else board.set({ renaming: undefined })
    setTimeout(() => { if (next) focusRow(uid) })
  }
  return <input ref={field} className="input" aria-label={text('label_of', { field: label })} value={words} maxLength={200} onInput={event => type(event.currentTarget.value)} onBlur={() => end(true)}
    onKeyDown={event => {
      if (event.isComposing) return
      event.stopPropagation()
      if (event.key === 'Enter') { event.preventDefault(); end(true, 'row') }
      else if (event.key === 'Escape') { event.preventDefault(); end(false, 'row') }
    }} />
}

/** The focus to a row, which may have to be drawn first. */
export function focusRow(uid: string, tries = 8): void {
  const row = document.querySelector<HTMLElement>(`.entity-row[data-uid="${uid}"]`)
  if (!row) { if (tries) requestAnimationFrame(() => focusRow(uid, tries - 1)); return }
  row.focus({ preventScroll: true })
  row.scrollIntoView({ block: 'nearest' })
}

/** Rows of a chunk, and how high one is until it has been drawn once. */
const CHUNK = 40
const HIGH = { table: 43, cards: 34 }

/** Some rows together; where nobody looks there is only room for them. */
function Chunk({ index, count, isNear, isCard, look, children }: { index: number; count: number; isNear: boolean; isCard: boolean; look: IntersectionObserver | undefined; children: () => ReactNode }): ReactNode {
  const place = useRef<HTMLDivElement>(null)
  const high = useRef(count * (isCard ? HIGH.cards : HIGH.table))
  useEffect(() => { const made = place.current!; look?.observe(made); return () => look?.unobserve(made) }, [look])
  useEffect(() => { if (isNear && place.current!.offsetHeight > 0) high.current = place.current!.offsetHeight })
  return <div ref={place} role="rowgroup" className="entity-rows" data-chunk={index} {...(isNear ? {} : { style: { height: `${high.current}px` } })}>{isNear ? children() : null}</div>
}

/** Columns: what they are called, their class, and what stands for the word where there is no room for it. */
const HEADS = [['label', 'label', ''], ['key', 'key', ''], ['type', 'type', ''], ['required', 'toggle', 'asterisk'], ['unique', 'toggle', 'fingerprint'], ['searchable', 'toggle', 'search'], ['used_by', 'used', 'link-2'], ['state', 'state', '']] as const

export function FieldList({ board, problems }: { board: Board; problems: ReadonlyMap<string, { text: string; level: 'error' | 'warning' }> }): ReactNode {
  const place = useRef<HTMLDivElement>(null)
  const fields = board.visible(problems)
  const { chosen, at, look, designer } = board
  const current = at && fields.some(field => field.uid === at) ? at : fields[0]?.uid
  const whole = board.entity.fields
  useEffect(() => dragging(by => by.watchDrops(place.current!.closest<HTMLElement>('.designer-canvas')!, (cargo, uid, isAfter) => {
    const all = board.entity.fields
    const to = uid === undefined ? all.length : all.findIndex(field => field.uid === uid) + (isAfter ? 1 : 0)
    if (cargo.uids) board.moveTo(cargo.uids, to)
    else if (cargo.type) { board.select(to > 0 ? [all[to - 1]!.uid] : []); void board.add(cargo.type) }
    else if (cargo.block) { board.select(to > 0 ? [all[to - 1]!.uid] : []); void board.addBlock(cargo.block) }
  })), [board])
  // Where the author is stays in sight: after undo, a jump, a new field.
  useEffect(() => {
    if (!at) return
    const row = place.current!.querySelector<HTMLElement>(`[data-uid="${at}"]`)
    const active = document.activeElement
    if (row && active?.closest('.entity-rows') && place.current!.contains(active) && !row.contains(active)) row.focus({ preventScroll: true })
    row?.scrollIntoView({ block: 'nearest' })
  }, [at])
  const go = (to: number, event: { shiftKey: boolean }): void => {
    const field = fields[Math.max(0, Math.min(to, fields.length - 1))]
    if (!field) return
    board.select(event.shiftKey ? range(fields, anchor.current ?? field.uid, field.uid) : [field.uid], field.uid)
    if (!event.shiftKey) anchor.current = field.uid
    setTimeout(() => focusRow(field.uid))
  }
  const anchor = useRef<string | undefined>(current)
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return
    const row = (event.target as HTMLElement).closest<HTMLElement>('.entity-row')
    if (!row || event.target !== row) return
    const here = fields.findIndex(field => field.uid === row.dataset.uid)
    const columns = look.cards ? perLine(place.current!) : 1
    const step = { ArrowDown: here + columns, ArrowUp: here - columns, ...(look.cards ? { ArrowRight: here + 1, ArrowLeft: here - 1 } : {}), Home: 0, End: fields.length - 1, PageDown: here + 12, PageUp: here - 12 }[event.key as 'Home']
    if (step !== undefined) { event.preventDefault(); go(step, event) }
    else if (event.key === ' ') { event.preventDefault(); toggle(row.dataset.uid!) }
  }
  const toggle = (uid: string): void => { const next = new Set(chosen); if (next.has(uid)) next.delete(uid); else next.add(uid); board.select([...next], uid); anchor.current = uid }
  const onClick = (event: MouseEvent): void => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('.entity-row')
    if (!row || (event.target as HTMLElement).closest('input')) return
    const uid = row.dataset.uid!
    if (event.shiftKey) board.select(range(fields, anchor.current ?? uid, uid), uid)
    else if (event.ctrlKey || event.metaKey) toggle(uid)
    else { board.select([uid]); anchor.current = uid }
    row.focus({ preventScroll: true })
    if (!event.shiftKey && !event.ctrlKey && matchMedia('(width < 900px)').matches) showPanel('right')
  }
  const changes = useMemo(() => new Map(board.changes.map(change => [change.field, change])), [board.changes])
  const [near, setNear] = useState<ReadonlySet<number>>(new Set([0]))
  const [observer, setObserver] = useState<IntersectionObserver>()
  useEffect(() => {
    const made = new IntersectionObserver(entries => setNear(before => {
      const next = new Set(before)
      for (const entry of entries) { const chunk = Number((entry.target as HTMLElement).dataset.chunk); if (entry.isIntersecting) next.add(chunk); else next.delete(chunk) }
      return next.size === before.size && [...next].every(chunk => before.has(chunk)) ? before : next
    }), { root: place.current!.closest('.designer-canvas'), rootMargin: '600px 0px' })
    setObserver(made)
    return () => made.disconnect()
  }, [])
  const atChunk = Math.floor(fields.findIndex(field => field.uid === current) / CHUNK)
  const renamingChunk = look.renaming ? Math.floor(fields.findIndex(field => field.uid === look.renaming) / CHUNK) : -1
  const chunks = Array.from({ length: Math.ceil(fields.length / CHUNK) }, (_, index) => fields.slice(index * CHUNK, (index + 1) * CHUNK))
  const draw = (field: Field, index: number): ReactNode => {
    const shape = designer.fieldType(field.type)
    const found = problems.get(field.uid)
    const change = changes.get(field.uid)
    const published = board.publishedField(field.uid)
    return <Row key={field.uid} board={board} field={field} position={index + 1} count={fields.length} label={board.name(field)} type={shape?.label ?? field.type} icon={shape?.icon ?? 'box'} used={board.usesOf(field).length}
      standing={board.standing(field)} problems={found?.text ?? ''} level={found?.level ?? ''} isChosen={chosen.has(field.uid)} isAt={field.uid === current} isRenaming={look.renaming === field.uid}
      isTitle={board.entity.title === field.key} isDerived={shape?.is_derived ?? false} progress={change && !change.is_done ? Math.floor(100 * change.passed / Math.max(1, change.total)) : -1}
      retypes={published && published.type !== field.type && !field.retired ? shape?.label ?? field.type : ''} isCard={look.cards} />
  }
  const heads = HEADS.map(([key, cell, icon]) => <span role="columnheader" key={key} className={`cell-${cell}`} title={icon ? text(`column_${key}`) : undefined}>{icon && <Icon name={icon} />}<span>{text(`column_${key}`)}</span></span>)
  return <div ref={place} className={`entity-list ${look.cards ? 'as-cards' : 'as-table'}`}>
    <div role="grid" aria-label={text('fields')} aria-multiselectable="true" aria-rowcount={fields.length + 1} onKeyDown={event => onKeyDown(event as unknown as KeyboardEvent)} onClick={event => onClick(event as unknown as MouseEvent)}
      onDblClick={event => { const row = (event.target as HTMLElement).closest<HTMLElement>('.entity-row'); if (row && !(event.target as HTMLElement).closest('input')) board.set({ renaming: row.dataset.uid }) }}
      onFocusIn={event => { const row = (event.target as HTMLElement).closest<HTMLElement>('.entity-row'); if (row && event.target === row && !chosen.size) board.select([row.dataset.uid!]) }}>
      <div role="row" className="entity-heads" aria-rowindex={1}><span role="columnheader" className="cell-grip"><span className="sr">{text('column_move')}</span></span>{heads}</div>
      {chunks.map((some, index) => <Chunk key={index} index={index} count={some.length} isCard={look.cards} look={observer} isNear={near.has(index) || index === atChunk || index === renamingChunk}>{() => some.map((field, place) => draw(field, index * CHUNK + place))}</Chunk>)}
    </div>
    {!fields.length && <p className="empty-line">{whole.length ? text('none_found') : text('no_fields')}</p>}
    {!board.isFiltered && <AddRow board={board} />}
  </div>
}

function range(fields: readonly Field[], from: string, to: string): string[] {
  const places = [from, to].map(uid => fields.findIndex(field => field.uid === uid)).sort((one, other) => one - other)
  return fields.slice(Math.max(0, places[0]!), places[1]! + 1).map(field => field.uid)
}

function perLine(place: HTMLElement): number {
  const rows = [...place.querySelectorAll<HTMLElement>('.entity-row')]
  const first = rows[0]?.offsetTop
  return Math.max(1, rows.findIndex(row => row.offsetTop !== first))
}

/** Type a label, Enter, and the next one: the type is guessed from the words and can be chosen. */
function AddRow({ board }: { board: Board }): ReactNode {
  const [words, type] = useState('')
  const [chosen, choose] = useState<string>()
  const input = useRef<HTMLInputElement>(null)
  const { boot } = board.designer
  const guessed = useMemo(() => guessType(words, boot.field_types), [words])
  const key = chosen ?? guessed
  const add = async (): Promise<void> => {
    if (!words.trim()) return
    const made = words.trim()
    const last = board.entity.fields.at(-1)
    board.select(last ? [last.uid] : [])
    type('')
    choose(undefined)
    const field = await board.add(key, made)
    if (field) setTimeout(() => { input.current?.focus(); input.current?.scrollIntoView({ block: 'nearest' }) })
  }
  const options = useMemo(() => boot.field_types.filter(each => !each.is_system).map(each => ({ value: each.key, label: each.label, keywords: each.keywords, icon: each.icon })), [])
  return <form className="entity-add" onSubmit={event => { event.preventDefault(); void add() }}>
    <Icon name="plus" />
    <input ref={input} className="input" data-add-field aria-label={text('add_label')} placeholder={text('add_placeholder')} value={words} maxLength={200} onInput={event => type(event.currentTarget.value)} />
    <Pick bare label={text('type')} value={key} options={options} onChange={choose} />
    <button type="submit" className="button" disabled={!words.trim()}>{text('add')}</button>
  </form>
}

