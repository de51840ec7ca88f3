/** Dragging is fetched when the pointer first moves: nobody drags before that. The functions are those of dnd.ts. */
import { arriving } from '../core/arriving.ts'

export type { Cargo } from './dnd.ts'
type Dragging = typeof import('./dnd.ts')
const dragging = arriving(() => import('./dnd.ts'))

export const source = (...given: Parameters<Dragging['source']>) => dragging(found => found.source(...given))
export const itemTarget = (...given: Parameters<Dragging['itemTarget']>) => dragging(found => found.itemTarget(...given))
export const sectionTarget = (...given: Parameters<Dragging['sectionTarget']>) => dragging(found => found.sectionTarget(...given))
export const tabTarget = (...given: Parameters<Dragging['tabTarget']>) => dragging(found => found.tabTarget(...given))
export const canvasTarget = (...given: Parameters<Dragging['canvasTarget']>) => dragging(found => found.canvasTarget(...given))
export const watch = (...given: Parameters<Dragging['watch']>) => dragging(found => found.watch(...given))
