/** The script of work pages. Each module listens for its own attributes; `start` runs what needs a beginning.
    Forms and the filter builder come as parts of their own, on the pages that have them. */
import './styles/runtime.css'
import { lazily, start } from './shared/dom.ts'
import './shared/announce.ts'
import './pages/requests.ts'
import './pages/dialogs.ts'
import './pages/menus.ts'
import './pages/tabs.ts'
import './pages/lists.ts'
import './pages/shell.ts'

lazily('fw-combobox, fw-date, form[data-live], form[data-guard], [data-upload]', () => import('./pages/forms.ts'))
lazily('.edit-cell[data-edit]', () => import('./pages/cells.ts'))
lazily('[data-calendar]', () => import('./pages/calendar.ts'))
// Cards are dragged with a mouse only; their menus are there for everybody.
if (matchMedia('(any-pointer: fine)').matches) lazily('[data-moves-cards]', () => import('./pages/board.ts'))
lazily('form[data-filter]', () => import('./pages/filters.ts'))

start()
