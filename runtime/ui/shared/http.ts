/** Requests of our own (htmx does the rest): JSON in, errors as sentences. */
import { say } from './texts.ts'

export class RequestFailed extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

const STATUS: Record<number, string> = { 401: 'signed_out', 403: 'forbidden', 404: 'not_found', 413: 'too_large', 429: 'too_many' }

/** A sentence for a status that has none of its own; 0 is no answer at all. */
export const sentence = (status: number): string => say(status === 0 ? 'offline' : STATUS[status] ?? 'server_error')

/** The token that the page's htmx requests carry, for requests that are not htmx's. */
export function csrf(): string {
  const given = document.body.getAttribute('hx-headers:inherited')
  return given ? (JSON.parse(given)['X-CSRF-Token'] ?? '') : ''
}

export async function getJson<Answer>(address: string, signal?: AbortSignal): Promise<Answer> {
  const response = await fetch(address, { headers: { Accept: 'application/json' }, signal }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new RequestFailed(0, sentence(0))
  })
  if (!response.ok) throw new RequestFailed(response.status, sentence(response.status))
  return await response.json() as Answer
}

/** An address with more parameters; those that are empty are left out. */
export function withParameters(address: string, more: Record<string, string>): string {
  const made = new URL(address, location.href)
  for (const [name, value] of Object.entries(more)) if (value) made.searchParams.set(name, value)
  return made.pathname + made.search
}
