/** Autosave: what the author did goes to the server's draft by itself, a moment after the last edit.

    A lost connection or an ended session loses nothing: the work stays in the page and in the browser's own
    store, and goes out as soon as it can. A colleague's edits are merged on the server; what can't be merged
    comes back as conflicts with both sides. */
import type { Address, Document } from './documents.ts'
import type { Draft, Status } from './draft.ts'
import { ask, Refused, type Problem } from './server.ts'

export type State = 'saved' | 'waiting' | 'saving' | 'offline' | 'signed_out' | 'refused' | 'conflict'

/** One place where both sides changed the same thing differently. */
export interface Clash { path: (string | number)[]; label: string; base: unknown; mine: unknown; theirs: unknown }
export interface Conflict { address: Address; base: Document | null; mine: Document | null; theirs: Document | null; rev: number; by: string; clashes: Clash[]; merged: Document | null }

export interface Result {
  address: Address
  outcome: 'saved' | 'merged' | 'conflict' | 'refused'
  document: Document | null
  rev: number
  status: Status
  by?: string
  problems?: Problem[]
  conflict?: Conflict
}

const PAUSE = 900
const RETRY = 4000

export class Saving {
  state: State = 'saved'
  conflicts: Conflict[] = []
  /** Problems of documents that the server could not take, by address. */
  refused = new Map<Address, Problem[]>()
  private timer = 0
  private running: Promise<void> | null = null
  private readonly listeners = new Set<() => void>()
  private readonly draft: Draft
  private readonly app: string
  private readonly onResult: (results: Result[]) => void
  private version = -1

  constructor(draft: Draft, app: string, onResult: (results: Result[]) => void) {
    this.draft = draft
    this.app = app
    this.onResult = onResult
    draft.subscribe(() => this.noticed())
    addEventListener('online', () => void this.flush())
  }

  subscribe = (listener: () => void): (() => void) => { this.listeners.add(listener); return () => { this.listeners.delete(listener) } }
  private become(state: State): void { this.state = state; for (const listener of this.listeners) listener() }

  private noticed(): void {
    if (this.version === this.draft.version) return
    this.version = this.draft.version
    if (!this.draft.unsaved().length) {
      forget(this.app)
      if (this.state === 'waiting' || this.state === 'refused') this.become('saved')
      return
    }
    keep(this.app, this.draft)
    if (this.state === 'conflict' || this.state === 'signed_out') return
    if (this.state !== 'saving' && this.state !== 'offline') this.become('waiting')
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => void this.flush(), PAUSE)
  }

  /** Send what is unsaved now; used by the timer, by Ctrl+S and before publishing. */
  async flush(): Promise<void> {
    clearTimeout(this.timer)
    if (this.running) { await this.running; if (this.draft.unsaved().length && this.state === 'saved') return this.flush(); return }
    this.running = this.send().finally(() => { this.running = null })
    await this.running
  }

  private async send(): Promise<void> {
    const changes = this.draft.unsaved()
    if (!changes.length) { this.become('saved'); return }
    this.become('saving')
    try {
      const answer = await ask<{ results: Result[] }>(`/design/${this.app}/draft`, {
        changes: changes.map(({ place, document, base, rev }) => ({ address: place, document, base, rev })),
      })
      this.refused.clear()
      this.conflicts = []
      for (const result of answer.results) {
        const sent = changes.find(change => change.place === result.address)?.document ?? null
        if (result.outcome === 'refused') this.refused.set(result.address, result.problems ?? [])
        else if (result.outcome === 'conflict') this.conflicts.push(result.conflict!)
        else this.draft.saved(result.address, sent, result.document, result.rev, result.status)
      }
      this.onResult(answer.results)
      const left = this.draft.unsaved()
      if (this.conflicts.length) this.become('conflict')
      else if (this.refused.size) this.become('refused')
      else if (left.length) { this.become('waiting'); this.timer = window.setTimeout(() => void this.flush(), PAUSE) }
      else { this.become('saved'); forget(this.app) }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (error.status === 401 || error.status === 403) { this.become('signed_out'); return }
      this.become('offline')
      this.timer = window.setTimeout(() => void this.flush(), RETRY)
    }
  }

  /** The author chose: this is what the document shall be; it was made with the knowledge of `conflict.theirs`. */
  resolve(conflict: Conflict, chosen: Document | null): void {
    this.conflicts = this.conflicts.filter(other => other !== conflict)
    this.draft.receive(conflict.address, conflict.theirs, conflict.rev)
    this.draft.restore([[conflict.address, chosen]], '')
    if (!this.conflicts.length) { this.become('waiting'); void this.flush() }
  }
}

const slot = (app: string): string => `formwork.unsaved.${app}`

function keep(app: string, draft: Draft): void {
  try {
    localStorage.setItem(slot(app), JSON.stringify(draft.unsaved().map(({ place, document, rev }) => ({ place, document, rev }))))
  } catch { /* a full or forbidden store: the page itself still holds the work */ }
}

function forget(app: string): void {
  try { localStorage.removeItem(slot(app)) } catch { /* see above */ }
}

/** What an earlier page could not save, if anything. */
export function leftOver(app: string): { place: Address; document: Document | null; rev: number }[] {
  try { return JSON.parse(localStorage.getItem(slot(app)) ?? '[]') as { place: Address; document: Document | null; rev: number }[] } catch { return [] }
}
