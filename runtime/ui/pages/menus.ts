/** Menus and popovers: beside what opened them, arrow keys inside, and the menu of a state's chip. */
import htmx from 'htmx.org/dist/htmx.esm.js'
import { make, on } from '../shared/dom.ts'
import { follow } from '../shared/float.ts'
import { say } from '../shared/texts.ts'

const openers = new WeakMap<HTMLElement, HTMLElement>()
const followed = new WeakMap<HTMLElement, () => void>()

on('click', '[popovertarget]', opener => {
  const menu = document.getElementById(opener.getAttribute('popovertarget')!)
  if (menu) openers.set(menu, opener)
}, true)

const entries = (menu: HTMLElement): HTMLElement[] => [...menu.querySelectorAll<HTMLElement>('a[href], button:not([disabled])')]

document.addEventListener('toggle', event => {
  const menu = event.target as HTMLElement
  if (!menu.matches('.menu[popover], .popover[popover]')) return
  const opener = openers.get(menu)
  const isOpen = (event as ToggleEvent).newState === 'open'
  opener?.setAttribute('aria-expanded', String(isOpen))
  followed.get(menu)?.()
  if (!isOpen || !opener) return
  followed.set(menu, follow(menu, opener))
  if (menu.hasAttribute('data-menu')) entries(menu)[0]?.focus()
}, true)

on('keydown', '[data-menu]', (menu, event) => {
  const found = entries(menu)
  const at = found.indexOf(document.activeElement as HTMLElement)
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: found.length - 1 }[event.key]
  if (event.key === 'Tab') menu.hidePopover()
  if (next === undefined || !found.length) return
  event.preventDefault()
  found[(next + found.length) % found.length]!.focus()
})

on('click', '[data-menu] :is(a, button)', entry => {
  const menu = entry.closest<HTMLElement>('[data-menu]')!
  if (menu.matches(':popover-open')) menu.hidePopover()
})

// One menu serves all chips of a list; the server knows what may follow each state.
let moves: HTMLElement | undefined

on('click', '[data-moves]', chip => {
  if (!moves?.isConnected) {
    moves = make('div', { class: 'menu', id: 'moves', popover: 'auto', role: 'menu', 'data-menu': true, 'aria-label': say('loading') })
    document.body.append(moves)
  }
  if (moves.matches(':popover-open')) { moves.hidePopover(); return }
  moves.setAttribute('aria-label', chip.title || chip.textContent!)
  moves.replaceChildren(make('span', { class: 'skeleton' }), make('span', { class: 'skeleton' }))
  openers.set(moves, chip)
  moves.showPopover()
  const menu = moves
  void htmx.ajax('GET', chip.dataset.moves!, { target: menu, swap: 'innerHTML', source: menu }).then(() => {
    followed.get(menu)?.()
    followed.set(menu, follow(menu, chip))
    entries(menu)[0]?.focus()
  })
})
