/** Dragging is fetched after the page stands: nobody drags in the first moment. */
import { arriving } from '../core/arriving.ts'

export const dragging = arriving(() => import('./dnd.ts'))
