/** The preview of a form: the work pages' own scripts, and nothing that leaves the page. */
import '../pages.ts'
import './preview.css'
import { toast } from '../../../runtime/ui/shared/announce.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'

document.addEventListener('submit', event => {
  event.preventDefault()
  event.stopImmediatePropagation()
  toast(say('designer.preview.not_saved'), 'info')
}, true)

// A link would leave the form that is being tried out.
document.addEventListener('click', event => {
  if (event.target instanceof Element && event.target.closest('a[href]:not([href^="#"])')) event.preventDefault()
}, true)
