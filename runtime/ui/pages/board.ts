/** Boards: cards are dragged between columns. Every move is asked of the server, which knows what the workflow allows;
    the menu of each card is the equal way by keyboard and on phones. */
import { draggable, dropTargetForElements, monitorForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter'
import { autoScrollForElements } from '@atlaskit/pragmatic-drag-and-drop-auto-scroll/element'
import htmx from 'htmx.org/dist/htmx.esm.js'
import { announce } from '../shared/announce.ts'
import { each, on } from '../shared/dom.ts'
import { say } from '../shared/texts.ts'

const columnOf = (place: Element | null): HTMLElement | null => place?.closest<HTMLElement>('[data-column]') ?? null
const cardOf = (place: Element | null): HTMLElement | null => place?.closest<HTMLElement>('[data-card]') ?? null

/** The card that is on its way: where it was, so that it can go back there. */
let home: { card: HTMLElement, item: HTMLElement, parent: HTMLElement, before: Element | null } | undefined
/** The card to give the focus to once the board is drawn anew. */
let wanted: string | undefined

each('[data-moves-cards] [data-move]', card => {
  // A card is taken by its title as well: the browser would drag the link's address instead.
  for (const link of card.querySelectorAll('a')) link.draggable = false
  draggable({
    element: card,
    getInitialData: () => ({ card: card.id }),
    onDragStart: () => { card.classList.add('dragged') },
    onDrop: () => { card.classList.remove('dragged') },
  })
})

each('[data-moves-cards] [data-column]', column => {
  const over = (is: boolean): void => { column.classList.toggle('over', is) }
  dropTargetForElements({
    element: column,
    canDrop: ({ source }) => 'card' in source.data,
    getData: () => ({ column: column.dataset.column! }),
    onDragEnter: ({ source }) => over(columnOf(source.element) !== column),
    onDragLeave: () => over(false),
    onDrop: () => over(false),
  })
})

each('[data-moves-cards] .board-cards', list => { autoScrollForElements({ element: list }) })
each('[data-moves-cards]', board => { autoScrollForElements({ element: board }) })

monitorForElements({
  canMonitor: ({ source }) => 'card' in source.data,
  onDrop: ({ source, location }) => {
    const column = columnOf(location.current.dropTargets[0]?.element ?? null)
    if (column && columnOf(source.element) !== column) move(source.element as HTMLElement, column)
  },
})

function move(card: HTMLElement, column: HTMLElement): void {
  goHome()
  const item = card.closest('li')!
  home = { card, item, parent: item.parentElement!, before: item.nextElementSibling }
  column.querySelector('.board-cards')!.prepend(item)
  card.setAttribute('aria-busy', 'true')
  wanted = card.id
  void htmx.ajax('POST', card.dataset.move!, {
    target: '#step', swap: 'innerHTML', source: card, values: { to: column.dataset.column!, rev: card.dataset.rev ?? '' },
  }).then(settled, settled)
}

/** No answer, a refusal, or a dialog that asks for more: until the move is made the card stands where it was. */
function settled(): void {
  if (!home) return
  const { card } = home
  const dialog = document.querySelector('#step dialog')
  goHome()
  if (dialog) { announce(say('card_asks', { title: card.dataset.title ?? '' })); return }
  announce(say('card_back', { title: card.dataset.title ?? '', column: columnOf(card)?.dataset.label ?? '' }))
  card.querySelector('a')?.focus()
}

function goHome(): void {
  if (!home) return
  const { card, item, parent, before } = home
  home = undefined
  card.removeAttribute('aria-busy')
  if (item.isConnected) parent.insertBefore(item, before?.isConnected && before.parentElement === parent ? before : null)
}

document.addEventListener('cardMoved', event => {
  wanted = `card-${(event as CustomEvent<{ id: string }>).detail.id}`
  // It stays where it was dropped until the board comes anew: no jump back and forth.
  home?.card.removeAttribute('aria-busy')
  home = undefined
})

document.addEventListener('htmx:after:swap', event => {
  if (!wanted || (event as CustomEvent).detail.ctx.target?.id !== 'list') return
  const card = document.getElementById(wanted)
  wanted = undefined
  card?.querySelector('a')?.focus({ preventScroll: true })
  card?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
})

// By keyboard: arrows go from card to card, M opens the card's menu.
on('keydown', '[data-card]', (card, event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || (event.target as Element).matches('input, select, textarea')) return
  if (event.key.toLowerCase() === 'm') { event.preventDefault(); card.querySelector<HTMLElement>('[data-moves]')?.click(); return }
  const next = neighbour(card, event.key)
  if (next === undefined) return
  event.preventDefault()
  next?.querySelector('a')?.focus()
})

function neighbour(card: HTMLElement, key: string): HTMLElement | null | undefined {
  const item = card.closest('li')
  if (key === 'ArrowDown') return cardIn(item?.nextElementSibling)
  if (key === 'ArrowUp') return cardIn(item?.previousElementSibling)
  if (key !== 'ArrowLeft' && key !== 'ArrowRight') return undefined
  const columns = [...document.querySelectorAll<HTMLElement>('[data-board] [data-column]')]
  const at = columns.indexOf(columnOf(card)!)
  const place = [...item!.parentElement!.children].indexOf(item!)
  const further = key === 'ArrowRight' ? columns.slice(at + 1) : columns.slice(0, at).reverse()
  for (const column of further) {
    const cards = [...column.querySelectorAll<HTMLElement>('[data-card]')]
    if (cards.length) return cards[Math.min(place, cards.length - 1)]!
  }
  return null
}

const cardIn = (item: Element | null | undefined): HTMLElement | null => cardOf(item?.querySelector('[data-card]') ?? null)
