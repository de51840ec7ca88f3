/** Changing a value in the list: press it (or Enter, F2), Enter or Tab saves, Esc goes back, arrows go from value to value. */
import '../styles/cells.css'
import htmx from 'htmx.org/dist/htmx.esm.js'
import { announce, toast } from '../shared/announce.ts'
import { each, on, start } from '../shared/dom.ts'
import { csrf, sentence } from '../shared/http.ts'
import { say } from '../shared/texts.ts'

type Button = HTMLButtonElement
const buttons = (root: ParentNode = document): Button[] => [...root.querySelectorAll<Button>('.edit-cell[data-edit]')]

/** The cell that is open: its place, what stood there, and what its form held at first. */
let open: { cell: HTMLElement, before: Node[], row: HTMLElement, field: string, first: string } | undefined

// One stop of the Tab key for the whole table; arrows go on from there.
each('table.as-cards', table => {
  buttons(table).forEach((button, place) => { button.tabIndex = place ? -1 : 0 })
})

on('focusin', '.edit-cell[data-edit]', found => {
  const table = found.closest('table')
  if (table) for (const other of buttons(table)) other.tabIndex = other === found ? 0 : -1
})

on('click', '.edit-cell[data-edit]', found => void begin(found as Button))

on('keydown', '.edit-cell[data-edit]', (found, event) => {
  if (event.key === 'F2') { event.preventDefault(); found.click(); return }
  const next = beside(found as Button, event.key)
  if (!next) return
  event.preventDefault()
  next.focus()
})

function beside(from: Button, key: string): Button | undefined {
  const row = from.closest('tr')!
  const rows = [...from.closest('table')!.querySelectorAll('tr')].filter(each => each.querySelector('.edit-cell'))
  const at = rows.indexOf(row)
  if (key === 'ArrowDown' || key === 'ArrowUp') return sameColumn(rows[at + (key === 'ArrowDown' ? 1 : -1)], from.dataset.field!)
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return undefined
  const all = buttons(row)
  return all[all.indexOf(from) + (key === 'ArrowRight' ? 1 : -1)]
}

const sameColumn = (row: Element | undefined, field: string): Button | undefined => buttons(row ?? document.createElement('tr')).find(each => each.dataset.field === field)

async function begin(button: Button): Promise<void> {
  if (open && !await finish()) return
  const cell = button.closest('td')!
  button.setAttribute('aria-busy', 'true')
  const answer = await fetch(button.dataset.edit!, { headers: { Accept: 'text/html', 'HX-Request': 'true' } }).catch(() => undefined)
  button.removeAttribute('aria-busy')
  if (!answer?.ok) { toast(await reason(answer), 'bad'); return }
  open = { cell, before: [...cell.childNodes], row: cell.closest('tr')!, field: button.dataset.field!, first: '' }
  fill(await answer.text())
}

/** Put the form into the open cell, with the focus in its input. */
function fill(html: string): void {
  const { cell } = open!
  cell.classList.add('editing')
  cell.innerHTML = html
  htmx.process(cell)
  start(cell)
  const conflict = cell.querySelector<HTMLElement>('[data-conflict]')
  const input = cell.querySelector<HTMLElement>('.field :is(input:not([type=hidden]), select, textarea)')
  ;(conflict ?? input)?.focus()
  if (input instanceof HTMLInputElement && !conflict && /^(text|email|tel|url|number)$/.test(input.type)) input.select()
  open!.first = held()
}

const form = (): HTMLFormElement | null => open?.cell.querySelector('form') ?? null
const held = (): string => new URLSearchParams([...new FormData(form()!)].filter((pair): pair is [string, string] => typeof pair[1] === 'string')).toString()

/** Close without saving; the value stands as it was. */
function cancel(): void {
  if (!open) return
  const { cell, before, field } = open
  open = undefined
  cell.classList.remove('editing')
  cell.replaceChildren(...before)
  cell.querySelector<HTMLElement>(`[data-field="${field}"]`)?.focus()
}

/** Save what was changed; false when the server refused, and the form stays open with the reason. */
async function finish({ focus = false, always = false } = {}): Promise<boolean> {
  const state = open
  const box = form()
  if (!state || !box) return true
  if (!always && held() === state.first) { cancel(); return true }
  if (box.getAttribute('aria-busy')) return false
  box.setAttribute('aria-busy', 'true')
  const label = box.closest('td')?.dataset.label ?? ''
  const answer = await fetch(box.dataset.action!, {
    method: 'PATCH', body: new URLSearchParams(held()), headers: { Accept: 'text/html', 'HX-Request': 'true', 'X-CSRF-Token': csrf() },
  }).catch(() => undefined)
  box.removeAttribute('aria-busy')
  if (answer && (answer.status === 409 || answer.status === 422)) { fill(await answer.text()); return false }
  if (!answer?.ok) { toast(await reason(answer), 'bad'); return false }
  const shelf = document.createElement('template')
  shelf.innerHTML = (await answer.text()).trim()
  const row = shelf.content.querySelector('tr')!
  open = undefined
  state.row.replaceWith(row)
  htmx.process(row)
  start(row)
  for (const button of buttons(row)) button.tabIndex = -1
  announce(say('cell_saved', { label }))
  if (focus) sameColumn(row, state.field)?.focus()
  return true
}

async function reason(answer: Response | undefined): Promise<string> {
  const text = answer && await answer.text().catch(() => '')
  const said = text ? new DOMParser().parseFromString(text, 'text/html').querySelector('[data-error]')?.textContent?.trim() : ''
  return said || sentence(answer?.status ?? 0)
}

on('submit', '.cell-form', (_, event) => { event.preventDefault(); void finish({ focus: true, always: true }) }, true)
on('click', '[data-cell-cancel]', () => cancel())

on('keydown', '.cell-form', (box, event) => {
  if (event.isComposing) return
  const isOpenList = box.querySelector('[aria-expanded=true]') !== null
  if (event.key === 'Escape' && !isOpenList) { event.preventDefault(); event.stopPropagation(); cancel() }
  else if (event.key === 'Enter' && !isOpenList && !event.shiftKey && !(event.target as Element).matches('button')) { event.preventDefault(); void finish({ focus: true }) }
  else if (event.key === 'Tab' && open && !box.querySelector('[data-conflict]')) {
    const at = buttonAfter(event.shiftKey ? -1 : 1)
    if (!at) return
    event.preventDefault()
    const { id, field } = at
    void finish().then(done => { if (done) sameColumn(document.querySelector(`tr[data-id="${id}"]`) ?? undefined, field)?.click() })
  }
})

/** The editable value before or after the open one, by its row and column: rows are replaced as they are saved. */
function buttonAfter(step: number): { id: string, field: string } | undefined {
  const fields = [...new Set(buttons(open!.cell.closest('table')!).map(each => each.dataset.field!))]
  const columns = fields.length ? [...open!.row.closest('table')!.querySelectorAll<HTMLElement>('thead [data-head]')].map(head => head.dataset.head!).filter(key => fields.includes(key) || key === open!.field) : []
  const rows = [...open!.row.closest('table')!.querySelectorAll<HTMLElement>('tr[data-id]')]
  let column = columns.indexOf(open!.field) + step
  let row = rows.indexOf(open!.row)
  if (column < 0) { column = columns.length - 1; row -= 1 }
  if (column >= columns.length) { column = 0; row += 1 }
  const found = rows[row]
  return found ? { id: found.dataset.id!, field: columns[column]! } : undefined
}

// Going elsewhere saves, as in any table.
document.addEventListener('pointerdown', event => {
  if (open && event.target instanceof Element && !open.cell.contains(event.target) && !event.target.closest('[popover], dialog, .options')) void finish()
})
