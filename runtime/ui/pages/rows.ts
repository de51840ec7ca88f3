/** Child rows in a form: add, remove, move, and paste from a spreadsheet. */
import { announce, toast } from '../shared/announce.ts'
import { controls, on, start, type Control } from '../shared/dom.ts'
import { say } from '../shared/texts.ts'

const gridOf = (place: Element): HTMLElement => place.closest<HTMLElement>('[data-rows]')!
const rowOf = (place: Element): HTMLElement => place.closest<HTMLElement>('[data-row]')!

export const rowsOf = (grid: Element): HTMLElement[] => [...grid.querySelectorAll<HTMLElement>('[data-rows-body] > [data-row]')]

const fields = (row: Element): Control[] => controls(row).filter(each => each.type !== 'hidden' && !each.disabled)

function changed(grid: HTMLElement): void {
  const rows = rowsOf(grid)
  for (const [place, row] of rows.entries()) row.querySelector('[data-position]')!.textContent = String(place + 1)
  grid.querySelector<HTMLElement>('[data-rows-none]')!.hidden = rows.length > 0
  grid.dispatchEvent(new Event('change', { bubbles: true }))
}

/** Append a row; `index` is given when a draft is put back. */
export function addRow(grid: HTMLElement, index?: string): HTMLElement {
  const taken = rowsOf(grid).map(row => Number(row.dataset.row))
  const next = index ?? String(Math.max(-1, ...taken) + 1)
  const made = document.createElement('template')
  made.innerHTML = grid.querySelector<HTMLTemplateElement>('[data-row-template]')!.innerHTML.replaceAll('__index__', next)
  const row = made.content.querySelector<HTMLElement>('[data-row]')!
  grid.querySelector('[data-rows-body]')!.append(row)
  start(row)
  changed(grid)
  return row
}

function addAndFocus(grid: HTMLElement): void {
  const row = addRow(grid)
  fields(row)[0]?.focus()
  row.scrollIntoView({ block: 'nearest' })
  announce(say('row_added', { row: rowsOf(grid).length }))
}

/** Remove a row; the toast's "undo" puts it back where it was. */
export function removeRow(row: HTMLElement, isSaid = true): void {
  const grid = gridOf(row)
  const rows = rowsOf(grid)
  const at = rows.indexOf(row)
  const after = row.nextElementSibling
  row.remove()
  changed(grid)
  if (!isSaid) return
  const next = rowsOf(grid)[Math.min(at, rows.length - 2)]
  ;(next?.querySelector<HTMLElement>('[data-row-remove]') ?? grid.querySelector<HTMLElement>('[data-row-add]'))?.focus()
  toast(say('row_removed', { row: at + 1 }), 'info', { label: say('undo'), act: () => {
    const body = grid.querySelector('[data-rows-body]')!
    body.insertBefore(row, after?.parentElement === body ? after : null)
    changed(grid)
    fields(row)[0]?.focus()
  } })
}

function move(row: HTMLElement, step: number): void {
  const other = step < 0 ? row.previousElementSibling : row.nextElementSibling
  if (!other) return
  const focused = document.activeElement as HTMLElement | null
  step < 0 ? other.before(row) : other.after(row)
  focused?.focus()
  row.classList.add('moved')
  row.addEventListener('animationend', () => row.classList.remove('moved'), { once: true })
  const grid = gridOf(row)
  changed(grid)
  announce(say('row_moved', { row: rowsOf(grid).indexOf(row) + 1 }))
}

on('click', '[data-row-add]', button => addAndFocus(gridOf(button)))
on('click', '[data-row-remove]', button => removeRow(rowOf(button)))
on('click', '[data-row-up]', button => move(rowOf(button), -1))
on('click', '[data-row-down]', button => move(rowOf(button), 1))

on('keydown', '[data-row]', (row, event) => {
  if (event.isComposing || event.defaultPrevented) return
  if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
    event.preventDefault()
    move(row, event.key === 'ArrowUp' ? -1 : 1)
    return
  }
  const target = event.target as Element
  if (event.key !== 'Enter' || !target.matches('input:not([type=checkbox], [type=radio])')) return
  // Enter goes down the column as in a spreadsheet, and begins a new row below the last.
  event.preventDefault()
  const grid = gridOf(row)
  const place = fields(row).indexOf(target as Control)
  const next = rowsOf(grid)[rowsOf(grid).indexOf(row) + (event.shiftKey ? -1 : 1)]
  if (next) fields(next)[place]?.focus()
  else if (!event.shiftKey) addAndFocus(grid)
})

/** Put a text into a control as if it were typed; a list takes the option with that label. */
function enter(control: Control, text: string): void {
  if (control instanceof HTMLSelectElement) {
    const found = [...control.options].find(option => option.text.trim() === text || option.value === text)
    if (found) control.value = found.value
  } else if (control.type === 'checkbox') (control as HTMLInputElement).checked = /^(true|yes|是|1|✓)$/i.test(text)
  else control.value = text
  control.dispatchEvent(new Event('input', { bubbles: true }))
  control.dispatchEvent(new Event('change', { bubbles: true }))
  if (control.closest('fw-combobox')) control.dispatchEvent(new Event('blur'))
}

on('paste', '[data-row] :is(input, textarea, select)', (found, event) => {
  const text = event.clipboardData?.getData('text/plain') ?? ''
  const table = text.replace(/\r?\n$/, '').split(/\r?\n/).map(line => line.split('\t'))
  if (table.length === 1 && table[0]!.length === 1) return
  event.preventDefault()
  const grid = gridOf(found)
  const first = rowsOf(grid).indexOf(rowOf(found))
  const column = fields(rowOf(found)).indexOf(found as Control)
  for (const [down, line] of table.entries()) {
    const row = rowsOf(grid)[first + down] ?? addRow(grid)
    const cells = fields(row)
    for (const [right, value] of line.entries()) if (cells[column + right]) enter(cells[column + right]!, value.trim())
  }
})
