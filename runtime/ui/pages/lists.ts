/** Work lists: selection with its bar, choosing columns, folding the filter away. */
import htmx from 'htmx.org/dist/htmx.esm.js'
import { each, make, on } from '../shared/dom.ts'
import { say } from '../shared/texts.ts'

const boxes = (): HTMLInputElement[] => [...document.querySelectorAll<HTMLInputElement>('[data-select]')]
let last: HTMLInputElement | undefined

function refresh(): void {
  const all = boxes()
  const chosen = all.filter(box => box.checked).length
  const bar = document.querySelector<HTMLElement>('[data-bulk]')
  if (bar) {
    bar.hidden = !chosen
    bar.querySelector('[data-count-text]')!.textContent = say('selected', { count: chosen })
  }
  for (const head of document.querySelectorAll<HTMLInputElement>('[data-select-all]')) {
    head.checked = chosen > 0 && chosen === all.length
    head.indeterminate = chosen > 0 && chosen < all.length
  }
}

on('change', '[data-select-all]', head => {
  for (const box of boxes()) box.checked = (head as HTMLInputElement).checked
  refresh()
})
on('click', '[data-select]', (found, event) => {
  const box = found as HTMLInputElement
  const all = boxes()
  if (event.shiftKey && last && all.includes(last)) {
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b)
    for (const between of all.slice(from, to! + 1)) between.checked = box.checked
  }
  last = box
  refresh()
})
on('click', '[data-select-none]', () => {
  for (const box of boxes()) box.checked = false
  refresh()
})
// A button of the bar posts what is ticked, as a form of its own, so that answers are treated as any other.
on('click', '[data-bulk-post]', button => {
  if (button.getAttribute('aria-disabled') === 'true') return
  const form = make('form', { hidden: true, method: 'post', 'hx-post': button.dataset.bulkPost!, 'hx-swap': 'none' },
    ...boxes().filter(box => box.checked).map(box => make('input', { type: 'hidden', name: 'id', value: box.value })))
  button.setAttribute('aria-disabled', 'true')
  form.addEventListener('htmx:finally:request', () => {
    form.remove()
    button.removeAttribute('aria-disabled')
  })
  document.body.append(form)
  htmx.process(form)
  form.requestSubmit()
})
// New rows come unselected, so the bar of the old ones goes.
each('table.as-cards', refresh)

on('click', '[data-pick]', button => {
  const isOn = document.querySelector('table.as-cards')?.classList.toggle('picking') ?? false
  button.setAttribute('aria-pressed', String(isOn))
})

on('click', '[data-toggle]', button => {
  const target = document.getElementById(button.dataset.toggle!)
  if (!target) return
  target.hidden = !target.hidden
  button.setAttribute('aria-expanded', String(!target.hidden))
  if (!target.hidden) target.querySelector<HTMLElement>('select, input:not([type=hidden]), button')?.focus()
})

on('change', 'form[data-autosubmit]', form => (form as HTMLFormElement).requestSubmit())

// Columns: ticks and order become one value.
function writeColumns(form: HTMLElement): void {
  const keys = [...form.querySelectorAll<HTMLElement>('[data-choose] > li')].filter(item => item.querySelector('input')!.checked).map(item => item.dataset.key)
  form.querySelector<HTMLInputElement>('input[name=columns]')!.value = keys.join(',')
}
on('change', '[data-columns] [data-choose]', list => writeColumns(list.closest<HTMLElement>('[data-columns]')!))
on('click', '[data-choose] :is([data-up], [data-down])', button => {
  const item = button.closest('li')!
  const other = button.hasAttribute('data-up') ? item.previousElementSibling : item.nextElementSibling
  button.hasAttribute('data-up') ? other?.before(item) : other?.after(item)
  button.focus()
  writeColumns(item.closest<HTMLElement>('[data-columns]')!)
})
