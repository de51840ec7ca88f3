/** The month: arrows go from day to day and on into the next month, Page Up and Page Down from month to month. */
import { each, on } from '../shared/dom.ts'

let wanted: string | undefined
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }
const iso = (day: Date): string => day.toISOString().slice(0, 10)

each('[data-calendar]', calendar => {
  const days = [...calendar.querySelectorAll<HTMLElement>('[data-day]')]
  const inMonth = days.filter(day => !day.closest('td')!.classList.contains('outside'))
  const first = days.find(day => day.dataset.day === wanted) ?? days.find(day => day.closest('td.chosen')) ?? days.find(day => day.hasAttribute('aria-current')) ?? inMonth[0]
  for (const day of days) day.tabIndex = day === first ? 0 : -1
  if (wanted) first?.focus()
  wanted = undefined
  calendar.querySelector<HTMLElement>('[data-chosen-day]')?.scrollIntoView({ block: 'nearest' })
})

on('keydown', '[data-day]', (found, event) => {
  const step = STEPS[event.key]
  if (event.key === 'PageUp' || event.key === 'PageDown') {
    event.preventDefault()
    turn(found, event.key === 'PageUp' ? 'previous' : 'next')
  }
  if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return
  event.preventDefault()
  const day = new Date(`${found.dataset.day!}T00:00:00Z`)
  day.setUTCDate(day.getUTCDate() + step)
  const next = found.closest('[data-calendar]')!.querySelector<HTMLElement>(`[data-day="${iso(day)}"]`)
  if (next) { found.tabIndex = -1; next.tabIndex = 0; next.focus() }
  else { wanted = iso(day); turn(found, step < 0 ? 'previous' : 'next') }
})

function turn(from: HTMLElement, to: string): void {
  from.closest('[data-calendar]')!.querySelector<HTMLElement>(`[data-step="${to}"]`)?.click()
}
