/** Native dialogs: opened and closed by attributes, and the question before something that can't be undone. */
import { each, icon, make, on } from '../shared/dom.ts'
import { say } from '../shared/texts.ts'

on('click', '[data-open]', opener => {
  const found = document.getElementById(opener.dataset.open!)
  if (found instanceof HTMLDialogElement) found.showModal()
})
on('click', '[data-close]', closer => closer.closest('dialog')?.close())

/** A dialog that the server sent opens at once and leaves the page when it closes. */
each('dialog[data-modal]', found => {
  const dialog = found as HTMLDialogElement
  dialog.showModal()
  dialog.addEventListener('close', () => dialog.remove())
})

document.addEventListener('closeDialog', () => {
  for (const open of document.querySelectorAll<HTMLDialogElement>('dialog[open]')) open.close()
})

// A press that began and ended outside of the dialog closes it, unless something was typed in it.
let began: EventTarget | null = null
document.addEventListener('pointerdown', event => { began = event.target })
on('click', 'dialog', (found, event) => {
  if (event.target !== found || began !== found || found.querySelector('form[data-changed]')) return
  const box = found.getBoundingClientRect()
  const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom
  if (!inside) (found as HTMLDialogElement).close()
})

export interface Question { title?: string, yes?: string, no?: string, danger?: boolean }

/** Ask; the answer is yes only for the yes button. */
export function ask(text: string, { title = say('confirm_title'), yes = say('confirm'), no = say('cancel'), danger = false }: Question = {}): Promise<boolean> {
  const dialog = make('dialog', { 'aria-labelledby': 'ask-title', 'aria-describedby': 'ask-text', role: 'alertdialog' },
    make('form', { method: 'dialog' },
      make('header', {}, make('h2', { id: 'ask-title' }, title)),
      make('div', { class: 'dialog-body' }, make('p', { id: 'ask-text' }, text)),
      make('footer', {},
        make('button', { class: 'button', value: 'no' }, no),
        make('button', { class: danger ? 'button danger primary' : 'button primary', value: 'yes' }, danger ? icon('triangle-alert') : null, yes))))
  document.body.append(dialog)
  return new Promise(resolve => {
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(dialog.returnValue === 'yes')
    })
    dialog.showModal()
    if (!danger) dialog.querySelector<HTMLElement>('[value=yes]')!.focus()
  })
}

const questionOf = (source: Element): Question => ({
  danger: source.getAttribute('data-confirm-style') === 'danger',
  ...(source.getAttribute('data-confirm-yes') ? { yes: source.getAttribute('data-confirm-yes')! } : {}),
})

document.addEventListener('htmx:confirm', event => {
  const { ctx, issueRequest, dropRequest } = (event as CustomEvent).detail
  event.preventDefault()
  void ask(ctx.confirm, ctx.question ?? questionOf(ctx.sourceElement)).then(yes => yes ? issueRequest() : dropRequest())
})

on('click', 'button[data-confirm], a[data-confirm]', (found, event) => {
  if (found.dataset.confirmed) { delete found.dataset.confirmed; return }
  event.preventDefault()
  event.stopPropagation()
  void ask(found.dataset.confirm!, questionOf(found)).then(yes => {
    if (!yes) return
    found.dataset.confirmed = '1'
    found.click()
  })
}, true)

document.addEventListener('submit', event => {
  const form = event.target as HTMLFormElement
  if (!form.dataset.confirm) return
  if (form.dataset.confirmed) { delete form.dataset.confirmed; return }
  event.preventDefault()
  event.stopImmediatePropagation()
  void ask(form.dataset.confirm, questionOf(form)).then(yes => {
    if (!yes) return
    form.dataset.confirmed = '1'
    form.requestSubmit((event as SubmitEvent).submitter)
  })
}, true)
