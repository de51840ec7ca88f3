/** Dragging is fetched after the page stands: nobody drags in the first moment. */
type Dragging = typeof import('./dnd.ts')
const fetched = import('./dnd.ts')

/** Set something up with it; the answer takes it down again, also when it has not come yet. */
export function dragging(start: (dragging: Dragging) => () => void): () => void {
  let end: (() => void) | undefined
  let isOver = false
  void fetched.then(found => { if (!isOver) end = start(found) })
  return () => { isOver = true; end?.() }
}
