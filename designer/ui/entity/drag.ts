/** Dragging is fetched when the pointer first moves: nobody drags before that. */
import { arriving } from '../core/arriving.ts'

export const dragging = arriving(() => import('./dnd.ts'))
