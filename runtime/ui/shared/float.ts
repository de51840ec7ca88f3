/** Put a popover beside what opened it: below, or above where there is more room, never outside the window. */
export function place(floating: HTMLElement, anchor: HTMLElement, sameWidth = false): void {
  const from = anchor.getBoundingClientRect()
  if (sameWidth) floating.style.minWidth = `${Math.max(from.width, 200)}px`
  floating.style.maxHeight = ''
  const below = innerHeight - from.bottom - 12
  const above = from.top - 12
  const height = floating.offsetHeight
  const up = height > below && above > below
  floating.style.maxHeight = `${Math.min(420, up ? above : below)}px`
  const width = floating.offsetWidth
  const wanted = sameWidth || from.left + width <= innerWidth - 8 ? from.left : from.right - width
  floating.style.left = `${Math.max(8, Math.min(wanted, innerWidth - width - 8))}px`
  floating.style.top = up ? 'auto' : `${from.bottom + 4}px`
  floating.style.bottom = up ? `${innerHeight - from.top + 4}px` : 'auto'
}

/** Keep it there while the page scrolls or the window changes; returns what stops that. */
export function follow(floating: HTMLElement, anchor: HTMLElement, sameWidth = false): () => void {
  const move = () => place(floating, anchor, sameWidth)
  move()
  addEventListener('scroll', move, { capture: true, passive: true })
  addEventListener('resize', move)
  return () => {
    removeEventListener('scroll', move, { capture: true })
    removeEventListener('resize', move)
  }
}
