/** What every island begins with: the styles, and what the page around it needs. The work pages' other scripts,
    htmx among them, have nothing to do here. */
import '../../runtime/ui/styles/runtime.css'
import './designer.css'
import { start } from '../../runtime/ui/shared/dom.ts'
import '../../runtime/ui/shared/announce.ts'
import '../../runtime/ui/pages/dialogs.ts'
import '../../runtime/ui/pages/shell.ts'

start()
