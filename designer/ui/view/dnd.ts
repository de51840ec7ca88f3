/** Dragging columns by the mouse: from the fields into the list, and within the list. A line shows where it would land. */
import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element'
import { attachClosestEdge, extractClosestEdge } from '@atlaskit/pragmatic-drag-and-drop-hitbox/closest-edge'
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine'
import { draggable, dropTargetForElements, monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { setCustomNativeDragPreview } from '@atlaskit/pragmatic-drag-and-drop/element/set-custom-native-drag-preview'

const isColumn = (data: Record<string | symbol, unknown>): boolean => typeof data.path === 'string'

/** Something that stands for a field: it can be dragged into the list. */
export const source = (element: HTMLElement, path: string, text: string): (() => void) => draggable({
  element, getInitialData: () => ({ path }),
  onGenerateDragPreview: ({ nativeSetDragImage }) => setCustomNativeDragPreview({ nativeSetDragImage, render: ({ container }) => {
    const chip = document.createElement('div')
    chip.className = 'drag-chip'
    chip.textContent = text
    container.append(chip)
  } }),
  onDragStart: () => element.setAttribute('data-dragging', ''), onDrop: () => element.removeAttribute('data-dragging'),
})

/** A column in the list: what is dropped lands before or after it. */
export function target(element: HTMLElement, path: string): () => void {
  const paint = (edge: string | null): void => { if (edge) element.setAttribute('data-edge', edge); else element.removeAttribute('data-edge') }
  return dropTargetForElements({
    element, canDrop: ({ source: from }) => isColumn(from.data),
    getData: ({ input, element: over }) => attachClosestEdge({ column: path }, { input, element: over, allowedEdges: ['top', 'bottom'] }),
    onDrag: ({ self, source: from }) => paint(from.data.path === path ? null : extractClosestEdge(self.data)),
    onDragLeave: () => paint(null), onDrop: () => paint(null),
  })
}

/** The list as a whole takes drops as well: at its end. `dropped` gets the column before which it lands. */
export const watch = (list: HTMLElement, scroller: HTMLElement, dropped: (path: string, over: string | undefined, isAfter: boolean) => void): (() => void) => combine(
  dropTargetForElements({ element: list, canDrop: ({ source: from }) => isColumn(from.data), getData: () => ({}) }),
  autoScrollForElements({ element: scroller }),
  monitorForElements({ canMonitor: ({ source: from }) => isColumn(from.data), onDrop: ({ source: from, location }) => {
    const place = location.current.dropTargets[0]
    if (place) dropped(from.data.path as string, place.data.column as string | undefined, extractClosestEdge(place.data) === 'bottom')
  } }),
)
