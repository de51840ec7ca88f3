/** The page's frame: theme, shortcuts, copying. */
import { toast } from '../shared/announce.ts'
import { isTyping, on } from '../shared/dom.ts'
import { say } from '../shared/texts.ts'

on('click', '[data-theme-switch] button', button => {
  const value = (button as HTMLButtonElement).value
  const root = document.documentElement
  if (value === 'auto') delete root.dataset.theme
  else root.dataset.theme = value
  const age = value === 'auto' ? 0 : 31_536_000
  document.cookie = `theme=${value}; path=/; max-age=${age}; samesite=lax${location.protocol === 'https:' ? '; secure' : ''}`
  for (const other of button.parentElement!.querySelectorAll('button')) other.setAttribute('aria-pressed', String(other === button))
})

on('click', '[data-copy]', button => {
  void navigator.clipboard.writeText(button.dataset.copy!).then(() => toast(say('copied')))
})

// One key, nobody typing, no dialog or menu open: press or focus what carries that key.
document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && isTyping(event) && (event.target as HTMLElement).matches('input[type=search]')) {
    const box = event.target as HTMLInputElement
    if (!box.value) box.blur()
    return
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  if (isTyping(event) || document.querySelector('dialog[open], [data-menu]:popover-open')) return
  if (event.key === '?') {
    const help = document.querySelector<HTMLDialogElement>('dialog[data-shortcuts]')
    if (help) { event.preventDefault(); help.showModal() }
    return
  }
  if (event.key.length !== 1) return
  const found = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`)
  if (!found || !found.checkVisibility()) return
  event.preventDefault()
  found.matches('input, select, textarea') ? found.focus() : found.click()
  if (found instanceof HTMLInputElement) found.select()
})
// Save from the keyboard, wherever the focus is in a form.
document.addEventListener('keydown', event => {
  if (!(event.ctrlKey || event.metaKey) || (event.key !== 's' && event.key !== 'Enter')) return
  const place = event.target instanceof Element ? event.target : null
  const form = place?.closest('form') ?? (event.key === 's' ? document.querySelector<HTMLFormElement>('form[data-guard]') : null)
  if (!form?.matches('[data-guard]')) return
  event.preventDefault()
  ;(document.activeElement as HTMLElement | null)?.dispatchEvent(new Event('change', { bubbles: true }))
  form.requestSubmit(form.querySelector<HTMLElement>('button.primary:not([type=button])'))
})
