/** The script of the designer's plain pages: the work pages' script, and completion in the JSON editor. */
import '../../runtime/ui/main.ts'
import './designer.css'
import { complete } from './completion.ts'

for (const box of document.querySelectorAll<HTMLElement>('[data-completion]')) complete(box)
