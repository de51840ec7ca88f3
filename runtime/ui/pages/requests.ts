/** What every htmx request has in common: a sign that it runs, words for its failure, focus after a refusal. */
import htmx from 'htmx.org/dist/htmx.esm.js'
import { announce, toast, type Tone } from '../shared/announce.ts'
import { start } from '../shared/dom.ts'
import { sentence } from '../shared/http.ts'
import { say } from '../shared/texts.ts'
import { reveal } from './tabs.ts'

interface Context {
  sourceElement: Element
  target?: Element
  request: { method: string, headers: Record<string, string> }
  response?: { status: number, headers: Headers }
  hx?: { trigger?: string }
}

const context = (event: Event): Context => (event as CustomEvent<{ ctx: Context }>).detail.ctx

/** Statuses whose answer is a page part to be shown; any other failure leaves the page as it is. */
const SHOWN = new Set([409, 422])
let running = 0

function fail(status: number, ctx?: Context): void {
  if (ctx?.hx?.trigger?.includes('"toast"')) return // the server says it better
  toast(sentence(status), 'bad', status === 401 ? { label: say('sign_in'), href: '/login?close=1' } : undefined)
}

document.addEventListener('htmx:before:request', event => {
  running += 1
  const text = busyButton(context(event))
  if (text) announce(text)
  document.body.classList.add('busy')
})

document.addEventListener('htmx:finally:request', event => {
  running = Math.max(0, running - 1)
  if (!running) document.body.classList.remove('busy')
  restoreButton(context(event))
})

document.addEventListener('htmx:before:response', event => {
  const ctx = context(event)
  const status = ctx.response?.status ?? 0
  if (status < 400 || SHOWN.has(status)) return
  event.preventDefault()
  fail(status, ctx)
})

document.addEventListener('htmx:error', event => {
  const detail = (event as CustomEvent<{ ctx?: Context, error?: Error }>).detail
  if (!detail.ctx || detail.ctx.response) return
  toast(say(detail.error?.name === 'AbortError' ? 'timeout' : 'offline'), 'bad')
})

document.addEventListener('htmx:after:swap', event => {
  start()
  const ctx = context(event)
  if (SHOWN.has(ctx.response?.status ?? 0)) focusSummary(ctx.target)
})

/** To the summary of problems; where the swap replaced its own target, to the last one on the page. */
function focusSummary(target?: Element): void {
  const place = target?.isConnected ? target : document
  const found = [...place.querySelectorAll<HTMLElement>('[data-summary]')].at(-1)
  if (!found) return
  reveal(found)
  found.focus({ preventScroll: true })
  found.scrollIntoView({ block: 'center', behavior: 'instant' })
}

document.addEventListener('toast', event => {
  const { text, tone } = (event as CustomEvent<{ text: string, tone?: Tone }>).detail
  toast(text, tone ?? 'ok')
})

// The button that sent a form shows that it works, and a second press does nothing.
const pressed = new WeakMap<Context, { button: HTMLButtonElement, content: Node[] }>()

function busyButton(ctx: Context): string {
  const source = ctx.sourceElement
  const submitter = (ctx.request as { submitter?: Element | null }).submitter
  const button = submitter instanceof HTMLButtonElement ? submitter : source instanceof HTMLButtonElement ? source : null
  if (!button || button.disabled || ctx.request.method === 'GET') return ''
  const text = button.dataset.busyText ?? ''
  pressed.set(ctx, { button, content: [...button.childNodes] })
  button.setAttribute('aria-disabled', 'true')
  if (text) button.replaceChildren(Object.assign(document.createElement('span'), { className: 'spinner' }), text)
  return text
}

function restoreButton(ctx: Context): void {
  const found = pressed.get(ctx)
  if (!found) return
  found.button.removeAttribute('aria-disabled')
  if (found.button.dataset.busyText) found.button.replaceChildren(...found.content)
  pressed.delete(ctx)
}

// Plain forms (no htmx) are sent once as well.
document.addEventListener('submit', event => {
  const form = event.target as HTMLFormElement
  if (event.defaultPrevented || form.method === 'dialog' || form.method === 'get') return
  if (form.dataset.sent) event.preventDefault()
  form.dataset.sent = '1'
  addEventListener('pageshow', () => { delete form.dataset.sent }, { once: true })
})

export { htmx }
