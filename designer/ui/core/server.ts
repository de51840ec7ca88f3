/** Requests of the designers: JSON in, JSON out; what fails is said in the author's language. */
import { csrf, sentence } from '../../../runtime/ui/shared/http.ts'

export interface Problem { code: string; path: (string | number)[]; message: string }

/** `status` 0: no answer at all; 401: the session is over. */
export class Refused extends Error {
  readonly status: number
  readonly problems: Problem[]
  readonly current: unknown
  constructor(status: number, problems: Problem[], current?: unknown) {
    super(problems[0]?.message ?? sentence(status))
    this.status = status
    this.problems = problems
    this.current = current
  }
}

/** After a new sign-in the page goes on with that session's token. */
export function setToken(token: string): void {
  if (token && token !== csrf()) document.body.setAttribute('hx-headers:inherited', JSON.stringify({ 'X-CSRF-Token': token }))
  for (const field of document.querySelectorAll<HTMLInputElement>('input[type=hidden][name=csrf]')) if (token) field.value = token
}

/** Fetch JSON of `/design/{app}/…`; raises Refused. */
export async function ask<Answer>(address: string, given?: unknown, more: { method?: string; signal?: AbortSignal } = {}): Promise<Answer> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  const init: RequestInit = { method: more.method ?? (given === undefined ? 'GET' : 'POST'), headers, signal: more.signal ?? null, redirect: 'manual' }
  if (init.method !== 'GET') headers['X-CSRF-Token'] = csrf()
  if (given instanceof FormData) init.body = given
  else if (given !== undefined) { headers['Content-Type'] = 'application/json'; init.body = JSON.stringify(given) }
  const response = await fetch(address, init).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Refused(0, [])
  })
  if (response.type === 'opaqueredirect') throw new Refused(401, [])
  if (response.status === 204) return undefined as Answer
  const body: unknown = await response.json().catch(() => null)
  if (!response.ok) {
    const said = (body ?? {}) as { errors?: Problem[]; current?: unknown }
    throw new Refused(response.status, said.errors ?? [], said.current)
  }
  return body as Answer
}
