/** Dragging with the mouse. The marker of where it would land is an attribute drawn by CSS: nothing is drawn anew
    and nothing moves while dragging. Escape cancels, which the browser does by itself. */
import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element'
import { attachClosestEdge, extractClosestEdge, type Edge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge'
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements, monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { setCustomNativeDragPreview } from '@atlaskit/pragmatic-drag-and-drop/element/set-custom-native-drag-preview'
import type { Board } from './board.ts'
import * as model from './model.ts'
import type { Id, Spot } from './model.ts'

/** What is dragged. */
export type Cargo =
  | { kind: 'items'; ids: readonly Id[] }
  | { kind: 'section' | 'tab'; id: Id }
  | { kind: 'type'; type: string }
  | { kind: 'field'; key: string }
  | { kind: 'block'; key: string }
  | { kind: 'layout'; what: 'section' | 'tab' | 'text' | 'rows' | 'related' }

const cargoOf = (data: Record<string | symbol, unknown>): Cargo => data as unknown as Cargo
const movesSections = (cargo: Cargo): boolean => cargo.kind === 'section' || (cargo.kind === 'layout' && cargo.what === 'section')

export function source(element: HTMLElement, cargo: () => Cargo, text: () => string, handle?: HTMLElement): () => void {
  return draggable({
    element, ...(handle ? { dragHandle: handle } : {}), getInitialData: () => ({ ...cargo() }),
    onGenerateDragPreview: ({ nativeSetDragImage }) => setCustomNativeDragPreview({ nativeSetDragImage, render: ({ container }) => {
      const chip = document.createElement('div')
      chip.className = 'drag-chip'
      chip.textContent = text()
      container.append(chip)
    } }),
    onDragStart: () => { element.setAttribute('data-dragging', ''); document.body.setAttribute('data-drags', '') },
    onDrop: () => { element.removeAttribute('data-dragging'); document.body.removeAttribute('data-drags') },
  })
}

const paint = (element: HTMLElement, edge: Edge | null): void => { if (edge) element.setAttribute('data-edge', edge); else element.removeAttribute('data-edge') }

/** An item: what is dropped lands before or after it. A full-width item has the edges above and below. */
export function itemTarget(element: HTMLElement, id: Id, isFull: () => boolean): () => void {
  return dropTargetForElements({
    element, canDrop: ({ source: from }) => !movesSections(cargoOf(from.data)) && from.data.kind !== undefined && from.data.kind !== 'tab',
    getData: ({ input, element: over }) => attachClosestEdge({ item: id }, { input, element: over, allowedEdges: isFull() ? ['top', 'bottom'] : ['left', 'right'] }),
    onDrag: ({ self, source: from, location }) => paint(element, location.current.dropTargets[0]?.element === element && !(cargoOf(from.data) as { ids?: readonly Id[] }).ids?.includes(id) ? extractClosestEdge(self.data) : null),
    onDragLeave: () => paint(element, null), onDrop: () => paint(element, null),
  })
}
/** A section: items land at its end, sections before or after it. */
export function sectionTarget(element: HTMLElement, id: Id): () => void {
  const clear = (): void => { paint(element, null); element.removeAttribute('data-over') }
  return dropTargetForElements({
    element, canDrop: ({ source: from }) => from.data.kind !== undefined && from.data.kind !== 'tab',
    getData: ({ input, element: over, source: from }) => movesSections(cargoOf(from.data)) ? attachClosestEdge({ section: id }, { input, element: over, allowedEdges: ['top', 'bottom'] }) : { section: id },
    onDrag: ({ self, source: from, location }) => {
      const isHere = location.current.dropTargets[0]?.element === element
      paint(element, isHere && cargoOf(from.data).kind !== 'items' && movesSections(cargoOf(from.data)) ? extractClosestEdge(self.data) : null)
      element.toggleAttribute('data-over', isHere && !movesSections(cargoOf(from.data)))
    },
    onDragLeave: clear, onDrop: clear,
  })
}
/** A tab's head: things land at its end; resting on it opens it. */
export function tabTarget(element: HTMLElement, index: number, open: () => void): () => void {
  let timer = 0
  const clear = (): void => { clearTimeout(timer); timer = 0; element.removeAttribute('data-over'); paint(element, null) }
  return dropTargetForElements({
    element, canDrop: ({ source: from }) => from.data.kind !== undefined,
    getData: ({ input, element: over, source: from }) => from.data.kind === 'tab' ? attachClosestEdge({ tab: index }, { input, element: over, allowedEdges: ['left', 'right'] }) : { tab: index },
    onDrag: ({ self, source: from }) => {
      if (from.data.kind === 'tab') { paint(element, extractClosestEdge(self.data)); return }
      element.setAttribute('data-over', '')
      if (!timer) timer = window.setTimeout(open, 600)
    },
    onDragLeave: clear, onDrop: clear,
  })
}
/** The canvas itself: nothing that is dropped on it is lost; it lands at the end of the tab. */
export function canvasTarget(element: HTMLElement): () => void {
  return dropTargetForElements({ element, canDrop: ({ source: from }) => from.data.kind !== undefined, getData: () => ({ canvas: true }) })
}

function spotFor(board: Board, data: Record<string | symbol, unknown>): Spot | undefined {
  const form = board.form
  if (typeof data.item === 'string') {
    const at = model.find(form, data.item)
    const edge = extractClosestEdge(data)
    return at && { tab: at.tab, section: at.section, index: at.index + (edge === 'right' || edge === 'bottom' ? 1 : 0) }
  }
  if (typeof data.section === 'string') return model.spotAfter(form, data.section, board.focus.tab)
  const tab = typeof data.tab === 'number' ? data.tab : board.focus.tab
  return form.tabs[tab] && model.spotAfter(form, model.tabId(form.tabs[tab]), tab)
}
function sectionSpot(board: Board, data: Record<string | symbol, unknown>): { tab: number; index: number } {
  const form = board.form
  const id = typeof data.section === 'string' ? data.section : typeof data.item === 'string' ? model.find(form, data.item)?.section_id : undefined
  const at = id === undefined ? undefined : model.sectionAt(form, id)
  if (at) return { tab: at.tab, index: at.section + (extractClosestEdge(data) === 'top' ? 0 : 1) }
  const tab = typeof data.tab === 'number' ? data.tab : board.focus.tab
  return { tab, index: form.tabs[tab]?.sections.length ?? 0 }
}

export function drop(board: Board, cargo: Cargo, data: Record<string | symbol, unknown>): void {
  if (cargo.kind === 'tab') {
    if (typeof data.tab !== 'number') return
    const from = model.tabAt(board.form, cargo.id)
    const to = data.tab + (extractClosestEdge(data) === 'right' ? 1 : 0)
    board.moveTab(cargo.id, to > from ? to - 1 : to)
    return
  }
  if (cargo.kind === 'section') { const { tab, index } = sectionSpot(board, data); board.moveSectionTo(cargo.id, tab, index); return }
  if (cargo.kind === 'layout' && cargo.what === 'section') { board.addSection(sectionSpot(board, data)); return }
  if (cargo.kind === 'layout' && cargo.what === 'tab') { board.addTab(); return }
  if (cargo.kind === 'layout' && cargo.what === 'related') { board.set({ question: { ask: 'related' } }); return }
  const spot = spotFor(board, data)
  if (!spot) return
  if (cargo.kind === 'items') board.move(cargo.ids, spot)
  else if (cargo.kind === 'type') void board.addNew(cargo.type, { spot })
  else if (cargo.kind === 'field') board.addExisting(cargo.key, spot)
  else if (cargo.kind === 'block') { const block = board.ui.blocks.find(each => each.key === cargo.key); if (block) void board.addBlock(block, spot) }
  else if (cargo.kind === 'layout' && cargo.what === 'text') board.addText(spot)
  else if (cargo.kind === 'layout') board.set({ question: { ask: 'entity', type: 'rows', spot } })
}

/** Carries out drops anywhere on the page, and scrolls `scrollers` near their edges. */
export function watch(board: Board, scrollers: readonly HTMLElement[]): () => void {
  return combine(...scrollers.map(element => autoScrollForElements({ element, getAllowedAxis: () => 'vertical' })), monitorForElements({
    onDrop({ source: from, location }) {
      const target = location.current.dropTargets[0]
      if (target) drop(board, cargoOf(from.data), target.data)
    },
  }))
}
