/** Dragging fields by the mouse: a line shows where they would land, nothing moves before they do. */
import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element'
import { attachClosestEdge, extractClosestEdge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge'
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements, monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { setCustomNativeDragPreview } from '@atlaskit/pragmatic-drag-and-drop/element/set-custom-native-drag-preview'
import type { Block } from '../parts/blocks.tsx'

export interface Cargo { uids?: string[]; type?: string; block?: Block }
const isOurs = (cargo: Cargo): boolean => cargo.uids !== undefined || cargo.type !== undefined || cargo.block !== undefined
const cargoOf = (data: Record<string | symbol, unknown>): Cargo => data as Cargo

function preview(text: () => string) {
  return ({ nativeSetDragImage }: { nativeSetDragImage: DataTransfer['setDragImage'] | null }): void => setCustomNativeDragPreview({ nativeSetDragImage, render: ({ container }) => {
    const chip = document.createElement('div')
    chip.className = 'drag-chip'
    chip.textContent = text()
    container.append(chip)
  } })
}

/** A type in the palette. */
export const typeSource = (element: HTMLElement, type: string, text: string): (() => void) =>
  draggable({ element, getInitialData: () => ({ type }), onGenerateDragPreview: preview(() => text) })

/** A group of fields in the palette. */
export const blockSource = (element: HTMLElement, block: Block, text: string): (() => void) =>
  draggable({ element, getInitialData: () => ({ block }), onGenerateDragPreview: preview(() => text) })

/** A row or card: it can be dragged (with all that are chosen), and dropped on. */
export function fieldPlace(element: HTMLElement, uid: string, given: { uids: () => string[]; text: () => string; isCard: boolean; canDrag: () => boolean }): () => void {
  const paint = (edge: string | null): void => { if (edge) element.setAttribute('data-edge', edge); else element.removeAttribute('data-edge') }
  return combine(
    draggable({
      element, canDrag: ({ input }) => given.canDrag() && !document.elementFromPoint(input.clientX, input.clientY)?.closest('input, button, select, a'),
      getInitialData: () => ({ uids: given.uids() }), onGenerateDragPreview: preview(given.text),
      onDragStart: () => element.setAttribute('data-dragging', ''), onDrop: () => element.removeAttribute('data-dragging'),
    }),
    dropTargetForElements({
      element, canDrop: ({ source }) => isOurs(cargoOf(source.data)),
      getData: ({ input, element: over }) => attachClosestEdge({ uid }, { input, element: over, allowedEdges: given.isCard ? ['left', 'right'] : ['top', 'bottom'] }),
      onDrag: ({ self, source }) => paint(cargoOf(source.data).uids?.includes(uid) ? null : extractClosestEdge(self.data)),
      onDragLeave: () => paint(null), onDrop: () => paint(null),
    }),
  )
}

/** What happens at the end of a drag: `uid` undefined means the end of the list. */
export function watchDrops(scroller: HTMLElement, dropped: (cargo: Cargo, uid: string | undefined, isAfter: boolean) => void): () => void {
  return combine(
    dropTargetForElements({ element: scroller, canDrop: ({ source }) => isOurs(cargoOf(source.data)), getData: () => ({}) }),
    autoScrollForElements({ element: scroller }),
    monitorForElements({ onDrop: ({ source, location }) => {
      const target = location.current.dropTargets[0]
      if (!target) return
      const edge = extractClosestEdge(target.data)
      dropped(cargoOf(source.data), target.data.uid as string | undefined, edge === 'bottom' || edge === 'right')
    } }),
  )
}
