/** The view as the work pages draw it, over real records: asked of the server anew after each edit. Heads can be pressed
    and pulled wider; what runs in the frame is only what is written here. */
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { announce } from '../../../runtime/ui/shared/announce.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { ask, Refused } from '../core/server.ts'
import { Icon } from '../parts/basics.tsx'
import { useSettled } from '../parts/designer.tsx'
import { showPanel } from '../parts/frame.tsx'
import * as model from './model.ts'
import { commands, type Studio } from './studio.ts'

export type Device = 'desktop' | 'tablet' | 'phone'
interface Answer { html: string; type: string; missing: string[]; count: number | null }

export function Preview({ studio, device }: { studio: Studio; device: Device }): ReactNode {
  const frame = useRef<HTMLIFrameElement>(null)
  const canvas = useRef<HTMLDivElement>(null)
  const [ready, setReady] = useState(0)
  const [failed, fail] = useState<readonly string[]>([])
  const [busy, setBusy] = useState(false)
  const [asked, turn] = useState<Record<string, string>>({})
  const { designer, view } = studio
  const app = designer.boot.app
  const latest = useRef(studio)
  latest.current = studio
  const wanted = useSettled(JSON.stringify([view, asked, designer.saving.state === 'saved']), 200)

  useEffect(() => { turn({}) }, [view.type])
  useEffect(() => {
    const inside = frame.current?.contentDocument
    if (!ready || !inside) return
    const stop = new AbortController()
    setBusy(true)
    ask<Answer>(`/design/${app}/view-preview`, { document: latest.current.view, ...asked }, { signal: stop.signal }).then(answer => {
      const place = inside.getElementById('list')
      if (!place) return
      place.innerHTML = answer.html
      dress(inside, latest.current)
      fail([])
      setBusy(false)
    }).catch((error: unknown) => {
      if (!(error instanceof Refused)) return // a newer question was asked
      fail(error.problems.length ? error.problems.map(problem => problem.message) : [error.message])
      setBusy(false)
    })
    return () => stop.abort()
  }, [wanted, ready])
  useEffect(() => { const inside = frame.current?.contentDocument; if (inside) mark(inside, studio.chosen) }, [studio.chosen, ready])

  const onLoad = (): void => {
    const inside = frame.current?.contentDocument
    if (!inside?.getElementById('list')) return
    listen(inside, () => latest.current, changes => turn(changes))
    setReady(count => count + 1)
  }
  const room = useRoom(canvas)
  // A wider device is shown whole, drawn smaller where the canvas is narrower than that; a phone is as wide as it can be.
  const wide = device === 'phone' ? Math.min(WIDTHS.phone, room.width || WIDTHS.phone) : WIDTHS[device]
  const scale = Math.min(1, (room.width || wide) / wide)
  const width = device === 'desktop' ? Math.max(wide, room.width) : wide
  return <div className="view-canvas" data-device={device} aria-busy={busy} ref={canvas}>
    {failed.length > 0 && <div className="note warn" role="status"><Icon name="triangle-alert" /><div>{failed.map(text => <p key={text}>{text}</p>)}</div></div>}
    <iframe ref={frame} key={device} src={`/design/${app}/view-preview?device=${device}`} title={say('designer.view.preview')} onLoad={onLoad}
      style={{ width: `${width}px`, height: room.height ? `${Math.floor((room.height - (failed.length ? 70 : 0)) / scale)}px` : '100%', ...(scale < 1 ? { transform: `scale(${scale})`, justifySelf: 'start' } : {}) }} />
  </div>
}

const WIDTHS: Record<Device, number> = { desktop: 840, tablet: 760, phone: 402 }

/** How much room there is for the frame, as the window changes. */
function useRoom(place: { readonly current: HTMLElement | null }): { width: number; height: number } {
  const [room, set] = useState({ width: 0, height: 0 })
  useEffect(() => {
    const watcher = new ResizeObserver(([entry]) => set({ width: Math.floor(entry!.contentRect.width), height: Math.floor(entry!.contentRect.height) }))
    watcher.observe(place.current!)
    return () => watcher.disconnect()
  }, [])
  return room
}

const heads = (inside: Document): HTMLElement[] => [...inside.querySelectorAll<HTMLElement>('th[data-head]')]

function mark(inside: Document, chosen: string | undefined): void {
  for (const head of heads(inside)) head.classList.toggle('chosen', head.dataset.head === chosen)
}

/** Each head can be pulled wider: by the mouse, or by the arrow keys on its edge. */
function dress(inside: Document, studio: Studio): void {
  for (const head of heads(inside)) {
    const path = head.dataset.head!
    const index = model.indexOf(studio.view, path)
    if (index < 0) continue
    const width = model.columnOf(studio.view.columns[index]!).width
    const edge = inside.createElement('span')
    edge.className = 'pull'
    edge.tabIndex = 0
    edge.dataset.pull = path
    for (const [name, value] of Object.entries({
      role: 'separator', 'aria-orientation': 'vertical', 'aria-label': say('designer.view.width_of', { name: studio.title(path) }),
      'aria-valuenow': String(width ?? Math.round(head.getBoundingClientRect().width)), 'aria-valuemin': String(model.NARROWEST), 'aria-valuemax': String(model.WIDEST),
    })) edge.setAttribute(name, value)
    head.append(edge)
  }
  mark(inside, studio.chosen)
  // Only when the frame still has the focus: who went on to the panel stays there.
  if (focused && document.activeElement?.tagName === 'IFRAME') inside.querySelector<HTMLElement>(`[data-pull="${CSS.escape(focused)}"]`)?.focus()
}

/** The edge that had the focus before the preview was drawn anew. */
let focused: string | undefined

function listen(inside: Document, studio: () => Studio, turn: (changes: Record<string, string>) => void): void {
  const headOf = (place: EventTarget | null): HTMLElement | null => (place as Element | null)?.closest?.<HTMLElement>('th[data-head]') ?? null
  inside.addEventListener('click', event => {
    const place = event.target as Element
    event.preventDefault()
    if (place.closest('[data-pull]')) return
    const head = headOf(place)
    if (head) { studio().choose(head.dataset.head!); showPanel('right'); announce(say('designer.view.chosen', { name: studio().title(head.dataset.head!) })); return }
    const link = place.closest<HTMLElement>('a[href^="#"], [hx-get^="#"]')
    const to = Object.fromEntries(new URLSearchParams((link?.getAttribute('href') ?? link?.getAttribute('hx-get') ?? '').slice(1)))
    if (to.month || to.day) turn({ ...(to.month ? { month: to.month } : {}), ...(to.day ? { day: to.day } : {}) })
    else if (to.cursor && !to.column) turn({ cursor: to.cursor })
  })
  inside.addEventListener('submit', event => event.preventDefault())
  inside.addEventListener('focusin', event => { focused = (event.target as HTMLElement).dataset?.pull })
  inside.addEventListener('focusout', event => { if (event.relatedTarget) focused = undefined })

  inside.addEventListener('pointerdown', event => {
    const edge = (event.target as Element).closest?.<HTMLElement>('[data-pull]')
    if (!edge || event.button !== 0) return
    event.preventDefault()
    edge.setPointerCapture(event.pointerId)
    const head = headOf(edge)!
    const path = edge.dataset.pull!
    const start = head.getBoundingClientRect().width
    let width = start
    const column = [...inside.querySelectorAll('colgroup col')][[...head.parentElement!.children].indexOf(head)]
    const move = (moved: PointerEvent): void => {
      width = model.clamp(start + moved.clientX - event.clientX)
      head.style.width = head.style.minWidth = head.style.maxWidth = `${width}px`
      column?.setAttribute('width', String(width))
    }
    const end = (): void => {
      edge.removeEventListener('pointermove', move)
      if (Math.abs(width - start) > 2) commands(studio()).width(path, width)
    }
    edge.addEventListener('pointermove', move)
    edge.addEventListener('pointerup', end, { once: true })
  })

  inside.addEventListener('keydown', event => {
    const edge = (event.target as Element).closest?.<HTMLElement>('[data-pull]')
    const head = headOf(event.target as Element)
    const step = { ArrowLeft: -10, ArrowRight: 10 }[event.key]
    if (edge && step && !event.altKey) { event.preventDefault(); commands(studio()).width(edge.dataset.pull!, Number(edge.getAttribute('aria-valuenow')) + (event.shiftKey ? step / 10 : step)); return }
    if (edge && (event.key === 'Delete' || event.key === 'Backspace')) { event.preventDefault(); commands(studio()).width(edge.dataset.pull!, undefined); return }
    if (head && step && event.altKey) {
      event.preventDefault()
      const now = studio()
      const at = model.indexOf(now.view, head.dataset.head!)
      commands(now).move(head.dataset.head!, step > 0 ? at + 2 : at - 1)
      return
    }
    // The designer's own keys work in the frame as well.
    if (event.ctrlKey || event.metaKey || ['Escape', 'F6', 'F8'].includes(event.key)) {
      const copy = new KeyboardEvent('keydown', { key: event.key, ctrlKey: event.ctrlKey, metaKey: event.metaKey, shiftKey: event.shiftKey, altKey: event.altKey, bubbles: true, cancelable: true })
      if (!document.body.dispatchEvent(copy)) event.preventDefault()
    }
  })
}
