/** Dragging is fetched when the pointer first moves: nobody drags before that. The functions are those of dnd.ts. */
import { arriving } from '../core/arriving.ts'

type Dragging = typeof import('./dnd.ts')
const dragging = arriving(() => import('./dnd.ts'))

export const source = (...given: Parameters<Dragging['source']>) => dragging(found => found.source(...given))
export const target = (...given: Parameters<Dragging['target']>) => dragging(found => found.target(...given))
export const watch = (...given: Parameters<Dragging['watch']>) => dragging(found => found.watch(...given))
