/** Dragging is fetched after the page stands: nobody drags in the first moment. The functions are those of dnd.ts. */
import { arriving } from '../core/arriving.ts'

type Dragging = typeof import('./dnd.ts')
const dragging = arriving(() => import('./dnd.ts'))

export const source = (...given: Parameters<Dragging['source']>) => dragging(found => found.source(...given))
export const target = (...given: Parameters<Dragging['target']>) => dragging(found => found.target(...given))
export const watch = (...given: Parameters<Dragging['watch']>) => dragging(found => found.watch(...given))
