/** Toasts for everyone, announcements for screen readers. */
import { each, icon, make } from './dom.ts'
import { say } from './texts.ts'

export type Tone = 'ok' | 'info' | 'warn' | 'bad'
export interface Action { label: string; act?: () => void; href?: string }

const ICONS: Record<Tone, string> = { ok: 'circle-check', info: 'info', warn: 'triangle-alert', bad: 'circle-alert' }
const STAY = 6000

/** Say something to assistive technology without moving the focus. */
export function announce(text: string): void {
  const place = document.getElementById('announcer')
  if (!place) return
  // The same sentence twice is only spoken twice when the text changes in between.
  place.textContent = ''
  setTimeout(() => { place.textContent = text }, 60)
}

/** Show a toast. Bad news stays until it is closed; the rest goes by itself, not while it is looked at. */
export function toast(text: string, tone: Tone = 'ok', action?: Action): void {
  const region = document.querySelector<HTMLElement>('[data-toasts]')
  if (!region) return
  const close = make('button', { type: 'button', class: 'button plain square', 'aria-label': say('close') }, icon('x'))
  const body = make('div', {}, text)
  const shown = make('div', { class: 'toast', role: tone === 'bad' ? 'alert' : 'status', 'data-tone': tone }, icon(ICONS[tone]), body, close)
  const drop = () => {
    shown.remove()
    if (!region.querySelector('.toast') && region.matches(':popover-open')) region.hidePopover()
  }
  if (action) {
    const link = action.href
      ? make('a', { href: action.href, target: '_blank', rel: 'noopener' }, action.label)
      : make('button', { type: 'button', class: 'link' }, action.label)
    link.addEventListener('click', () => { action.act?.(); drop() })
    body.append(' ', link)
  }
  close.addEventListener('click', drop)
  region.append(shown)
  // A popover stands above open dialogs; showing it again puts it on top of one opened since.
  if (region.matches(':popover-open')) region.hidePopover()
  region.showPopover()
  while (region.querySelectorAll('.toast').length > 4) region.querySelector('.toast')?.remove()
  if (tone === 'bad') return
  let timer = 0
  const wait = () => { timer = window.setTimeout(drop, action ? STAY * 2 : STAY) }
  shown.addEventListener('pointerenter', () => clearTimeout(timer))
  shown.addEventListener('pointerleave', wait)
  shown.addEventListener('focusin', () => clearTimeout(timer))
  wait()
}

each('[data-toasts]', region => {
  for (const line of region.querySelectorAll<HTMLElement>(':scope > p[hidden]')) {
    toast(line.textContent ?? '', (line.dataset.tone as Tone) || 'ok')
    line.remove()
  }
})
