/** The one script of work pages. Each module listens for its own attributes; `start` runs what needs a beginning. */
import './styles/runtime.css'
import { start } from './shared/dom.ts'
import './shared/announce.ts'
import './shared/combobox.ts'
import './shared/date_input.ts'
import './pages/requests.ts'
import './pages/dialogs.ts'
import './pages/menus.ts'
import './pages/tabs.ts'
import './pages/numbers.ts'
import './pages/rows.ts'
import './pages/uploads.ts'
import './pages/guard.ts'
import './pages/lists.ts'
import './pages/filters.ts'
import './pages/shell.ts'

start()
