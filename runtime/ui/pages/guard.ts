/** Nothing typed is lost: a warning before a changed form is left, and a draft of it kept in this tab.
    The draft lives in sessionStorage: gone with the tab, never on a shared computer's disk for long. */
import { toast } from '../shared/announce.ts'
import type { Combobox } from '../shared/combobox.ts'
import { each, icon, make, on } from '../shared/dom.ts'
import { language, say } from '../shared/texts.ts'
import { ask } from './dialogs.ts'
import { addRow, removeRow, rowsOf } from './rows.ts'

type Entries = [string, string][]

const before = new WeakMap<HTMLFormElement, string>()
const LARGEST = 200_000

function entriesOf(form: HTMLFormElement): Entries {
  return [...new FormData(form)].filter((entry): entry is [string, string] =>
    typeof entry[1] === 'string' && !/^(csrf|password)/.test(entry[0]))
}

const snapshot = (form: HTMLFormElement): string => JSON.stringify(entriesOf(form))
const keyOf = (form: HTMLFormElement): string => `draft:${form.getAttribute('action') || location.pathname}:${form.id}`
const guarded = (): HTMLFormElement[] => [...document.querySelectorAll<HTMLFormElement>('form[data-guard]')]

export const isChanged = (form: HTMLFormElement): boolean => before.has(form) && before.get(form) !== snapshot(form)
export const changedForms = (): HTMLFormElement[] => guarded().filter(isChanged)

function settle(form: HTMLFormElement): void {
  before.set(form, snapshot(form))
  form.removeAttribute('data-changed')
  sessionStorage.removeItem(keyOf(form))
}

function keep(form: HTMLFormElement): void {
  const changed = isChanged(form)
  form.toggleAttribute('data-changed', changed)
  const text = JSON.stringify({ at: Date.now(), entries: entriesOf(form) })
  try {
    if (changed && text.length < LARGEST) sessionStorage.setItem(keyOf(form), text)
    else sessionStorage.removeItem(keyOf(form))
  } catch { /* storage full or forbidden: the warning still stands */ }
}

each('form[data-guard]', found => {
  const form = found as HTMLFormElement
  // After live rules and number groups have settled, so that they don't count as changes.
  setTimeout(() => {
    const isRefused = form.querySelector('[data-summary]') !== null
    // What came back with problems was never saved, so it is changed from the start.
    before.set(form, isRefused ? '' : snapshot(form))
    if (isRefused) form.setAttribute('data-changed', '')
    else offer(form)
  })
  let timer = 0
  const later = () => { clearTimeout(timer); timer = window.setTimeout(() => keep(form), 400) }
  form.addEventListener('input', later)
  form.addEventListener('change', later)
  form.addEventListener('submit', () => { clearTimeout(timer); keep(form) })
})

function offer(form: HTMLFormElement): void {
  const kept = sessionStorage.getItem(keyOf(form))
  if (!kept) return
  const { at, entries } = JSON.parse(kept) as { at: number, entries: Entries }
  if (JSON.stringify(entries) === snapshot(form)) { sessionStorage.removeItem(keyOf(form)); return }
  const time = new Intl.DateTimeFormat(language(), { hour: '2-digit', minute: '2-digit' }).format(at)
  const restoreButton = make('button', { type: 'button', class: 'button small' }, say('draft_restore'))
  const dropButton = make('button', { type: 'button', class: 'button plain small' }, say('draft_drop'))
  const note = make('div', { class: 'note info draft', role: 'status' }, icon('history'),
    make('div', { class: 'line' }, say('draft_found', { time }), make('span', { class: 'grow' }), restoreButton, dropButton))
  restoreButton.addEventListener('click', () => {
    restore(form, entries)
    note.remove()
    keep(form)
    toast(say('draft_restored'), 'info')
  })
  dropButton.addEventListener('click', () => { sessionStorage.removeItem(keyOf(form)); note.remove() })
  form.prepend(note)
}

/** Put entries back: rows first, then values by name, in order where a name has several. */
export function restore(form: HTMLFormElement, entries: Entries): void {
  for (const grid of form.querySelectorAll<HTMLElement>('[data-rows]')) {
    const name = grid.dataset.rows!
    const wanted = [...new Set(entries.flatMap(([key]) => new RegExp(`^${name}-(\\d+)-`).exec(key)?.[1] ?? []))]
    for (const row of rowsOf(grid)) if (!wanted.includes(row.dataset.row!)) removeRow(row, false)
    for (const index of wanted) if (!rowsOf(grid).some(row => row.dataset.row === index)) addRow(grid, index)
  }
  const values = Map.groupBy(entries, ([name]) => name)
  for (const control of form.elements) {
    if (!(control instanceof HTMLInputElement || control instanceof HTMLSelectElement || control instanceof HTMLTextAreaElement)) continue
    const held = values.get(control.name)?.map(([, value]) => value)
    if (control instanceof HTMLInputElement && (control.type === 'checkbox' || control.type === 'radio')) {
      if (held || values.has(`${control.name}-present`)) control.checked = held?.includes(control.value) ?? false
    } else if (held && control.type !== 'file' && !control.closest('fw-combobox, [data-files]')) control.value = held[0]!
  }
  for (const box of form.querySelectorAll<Combobox>('fw-combobox:not([multiple])')) {
    const name = box.querySelector<HTMLInputElement>('input[type=hidden]')!.name
    const id = values.get(name)?.[0]?.[1]
    if (id !== undefined) box.choose({ id, title: values.get(`${name}-title`)?.[0]?.[1] ?? '' })
  }
  form.dispatchEvent(new Event('change', { bubbles: true }))
}

// Saved: by htmx with a good answer, or by a plain form on its way.
document.addEventListener('htmx:after:request', event => {
  const ctx = (event as CustomEvent).detail.ctx
  const form = (ctx.sourceElement as Element).closest<HTMLFormElement>('form[data-guard]')
  if (form && ctx.request.method !== 'GET' && ctx.response.status < 300) settle(form)
})
document.addEventListener('submit', event => {
  const form = event.target as HTMLFormElement
  if (form.matches('[data-guard]') && !event.defaultPrevented) before.delete(form)
})

addEventListener('beforeunload', event => {
  const changed = changedForms()
  for (const form of changed) keep(form)
  if (changed.length) event.preventDefault()
})

const leave = () => ask(say('unsaved'), { title: say('unsaved_title'), yes: say('leave'), no: say('stay'), danger: true })

on('click', 'a[href]', (found, event) => {
  const link = found as HTMLAnchorElement
  const opensHere = !link.target && !link.hasAttribute('download') && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0
  if (!opensHere || link.origin !== location.origin || link.getAttribute('href')!.startsWith('#') || link.closest('[data-summary]')) return
  const changed = changedForms()
  if (!changed.length || (link.hasAttribute('hx-get') && !changed.some(form => targetOf(link)?.contains(form)))) return
  event.preventDefault()
  event.stopPropagation()
  void leave().then(yes => {
    if (!yes) return
    for (const form of changed) settle(form)
    link.click()
  })
}, true)

function targetOf(link: Element): Element | null {
  const target = link.getAttribute('hx-target')
  return target && target !== 'this' ? document.querySelector(target) : link
}
