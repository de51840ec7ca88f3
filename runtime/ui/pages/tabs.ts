/** Tabs of a form, and showing what is hidden in one. */
import { each, on } from '../shared/dom.ts'

const tabsOf = (list: Element): HTMLElement[] => [...list.querySelectorAll<HTMLElement>('[role=tab]')]

function select(tab: HTMLElement, focus = false): void {
  for (const other of tabsOf(tab.parentElement!)) {
    const chosen = other === tab
    other.setAttribute('aria-selected', String(chosen))
    other.tabIndex = chosen ? 0 : -1
    document.getElementById(other.getAttribute('aria-controls')!)!.hidden = !chosen
  }
  if (focus) tab.focus()
}

on('click', '[data-tabs] [role=tab]', tab => select(tab))

on('keydown', '[data-tabs] [role=tab]', (tab, event) => {
  const tabs = tabsOf(tab.parentElement!)
  const at = tabs.indexOf(tab)
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key]
  if (next === undefined) return
  event.preventDefault()
  select(tabs[(next + tabs.length) % tabs.length]!, true)
})

// After a refused save the first tab with a problem is the one to see.
each('[data-tabs]', list => {
  const tabs = tabsOf(list)
  const wrong = tabs.find(tab => tab.classList.contains('has-errors'))
  if (wrong && !tabs[0]!.classList.contains('has-errors')) select(wrong)
})

/** Open the tabs and folded sections that an element lies in. */
export function reveal(found: Element): void {
  for (let place: Element | null = found; place; place = place.parentElement) {
    if (place instanceof HTMLDetailsElement) place.open = true
    if (place.matches('[role=tabpanel][hidden]')) {
      const tab = document.getElementById(place.getAttribute('aria-labelledby') ?? '')
      if (tab) select(tab)
    }
  }
}

on('click', '[data-summary] a', (link, event) => {
  const target = document.getElementById(link.getAttribute('href')!.slice(1))
  if (!target) return
  event.preventDefault()
  reveal(target)
  target.focus()
  target.scrollIntoView({ block: 'center' })
})
