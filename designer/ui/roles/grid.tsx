/** A grid that is used by arrow keys: one cell is in the Tab order, Shift selects a block, headers select lines. */
import { useLayoutEffect, useRef, type ReactNode } from 'react'
import { block, moved, type Cell } from '../core/cells.ts'

export interface Selection { at: Cell; anchor: Cell }

/** What a selection covers: whole lines where it begins in a header. Headers are row 0 to `head - 1` and column 0. */
export function covered({ at, anchor }: Selection, rows: number, columns: number, head: number, span = 1): Cell[] {
  const widened = (cell: Cell): [Cell, Cell] => {
    const inHead = cell.row < head
    const inSide = cell.column === 0
    const start = cell.row === 0 && span > 1 && !inSide ? cell.column - (cell.column - 1) % span : cell.column
    return [{ row: inHead ? head : cell.row, column: inSide ? 1 : start },
      { row: inHead ? rows - 1 : cell.row, column: inSide ? columns - 1 : cell.row === 0 && span > 1 ? start + span - 1 : cell.column }]
  }
  const corners = [...widened(at), ...widened(anchor)]
  const of = (pick: (cell: Cell) => number): number[] => corners.map(pick)
  return block({ row: Math.min(...of(cell => cell.row)), column: Math.min(...of(cell => cell.column)) }, { row: Math.max(...of(cell => cell.row)), column: Math.max(...of(cell => cell.column)) })
}

interface Given {
  label: string
  className: string
  rows: number
  columns: number
  /** How many rows at the top are headers; the first of them may span `span` columns each. */
  head: number
  span?: number
  selection: Selection
  select: (selection: Selection) => void
  /** Keys that do something here; true: done. */
  onKey: (event: KeyboardEvent) => boolean
  onEnter: (at: Cell) => void
  children: ReactNode
}

/** The table around the cells. A cell's element carries data-cell="row:column"; a click on it selects. */
export function Grid({ label, className, rows, columns, head, span = 1, selection, select, onKey, onEnter, children }: Given): ReactNode {
  const table = useRef<HTMLTableElement>(null)
  const dragging = useRef(false)
  const { at } = selection
  const find = (cell: Cell): HTMLElement | null | undefined => table.current?.querySelector(`[data-cell="${cell.row}:${cell.column}"]`)
  const hadFocus = useRef(false)
  // Before the next key comes: whoever types fast moves from where the last key led.
  useLayoutEffect(() => { if (hadFocus.current) { const cell = find(at); cell?.focus({ preventScroll: true }); cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' }) } }, [at.row, at.column])
  const go = (to: Cell, extend: boolean): void => { hadFocus.current = true; select({ at: to, anchor: extend ? selection.anchor : to }) }
  const cellOf = (target: EventTarget | null): Cell | undefined => {
    const place = (target as Element | null)?.closest<HTMLElement>('[data-cell]')?.dataset.cell
    if (!place) return undefined
    const [row, column] = place.split(':').map(Number)
    return { row: row!, column: column! }
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing || (event.target as Element).closest('input, select, textarea')) return
    const control = event.ctrlKey || event.metaKey
    let to = event.altKey ? undefined : moved(at, event.key, control, rows, columns)
    // A head that spans several columns is left and entered as one.
    if (to && to.row === 0 && span > 1 && to.column > 0) {
      const first = (column: number): number => column - (column - 1) % span
      if (event.key === 'ArrowRight' && at.row === 0 && at.column > 0) to = { row: 0, column: Math.min(first(at.column) + span, first(columns - 1)) }
      else if (event.key === 'ArrowLeft' && at.row === 0) to = { row: 0, column: at.column <= span ? 0 : first(at.column) - span }
      else to = { row: 0, column: first(to.column) }
    }
    if (to && to.row < head && to.column === 0) to = { row: head, column: 0 }  // the corner is no cell
    if (to) { event.preventDefault(); event.stopPropagation(); go(to, event.shiftKey); return }
    if (event.key === 'Enter' && !control) { event.preventDefault(); onEnter(at); return }
    if (event.key.toLowerCase() === 'a' && control) { event.preventDefault(); select({ at: { row: head, column: 1 }, anchor: { row: rows - 1, column: columns - 1 } }); return }
    if (onKey(event)) { event.preventDefault(); event.stopPropagation() }
  }
  return <table ref={table} className={className} role="grid" aria-label={label} aria-multiselectable="true" aria-rowcount={rows} aria-colcount={columns}
    onKeyDown={event => onKeyDown(event as unknown as KeyboardEvent)}
    onFocusIn={event => {
      hadFocus.current = true
      const cell = (event.target as HTMLElement).dataset.cell ? cellOf(event.target) : undefined
      if (cell && (cell.row !== at.row || cell.column !== at.column)) select({ at: cell, anchor: cell })  // a screen reader moves the focus by itself
    }} onFocusOut={event => { if (!table.current?.contains(event.relatedTarget as Node)) hadFocus.current = false }}
    onPointerDown={event => {
      const cell = cellOf(event.target)
      if (!cell || event.button !== 0 || (event.target as Element).closest('button, a, input')) return
      dragging.current = event.pointerType === 'mouse'
      go(cell, event.shiftKey)
      find(cell)?.focus({ preventScroll: true })
    }}
    onPointerOver={event => {
      if (!dragging.current || !(event.buttons & 1)) { dragging.current = false; return }
      const cell = cellOf(event.target)
      if (cell && (cell.row !== at.row || cell.column !== at.column)) go(cell, true)
    }}
    onDblClick={event => { const cell = cellOf(event.target); if (cell) onEnter(cell) }}>{children}</table>
}
