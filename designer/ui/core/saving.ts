/** Autosave: what the author did goes to the server's draft by itself, a moment after the last edit.

    A lost connection or an ended session loses nothing: the work stays in the page and in the browser's own store
    (keeping.ts), and goes out as soon as it can. Colleagues' work is asked for every few seconds and taken in; what
    can't be merged comes back as conflicts with both sides, while everything else goes on being saved. */
import { address, type Address, type Document } from './documents.ts'
import type { Change, Draft, Entry, Status } from './draft.ts'
import { forget, keep } from './keeping.ts'
import { same } from './paths.ts'
import type { MergeClash } from './merge.ts'
import { ask as askServer, Refused, type Problem } from './server.ts'

/** offline: no answer; failed: the server can't at the moment; signed_out: the session is over; stranger: somebody else
    signed in meanwhile; forbidden: the right to design is gone. */
export type State = 'saved' | 'waiting' | 'saving' | 'offline' | 'failed' | 'signed_out' | 'stranger' | 'forbidden' | 'refused' | 'conflict'

/** One place where both sides changed the same thing differently, with its name. */
export interface Clash extends MergeClash { label: string }
export interface Conflict { address: Address; base: Document | null; mine: Document | null; theirs: Document | null; mark: string; by: string; clashes: Clash[]; merged: Document | null }

export interface Result {
  address: Address
  outcome: 'saved' | 'merged' | 'conflict' | 'refused'
  document: Document | null
  rev: number
  mark: string
  status: Status
  by?: string
  problems?: Problem[]
  conflict?: Omit<Conflict, 'mark'>
}

/** What a colleague did: `gone` is a document that is no more. */
export interface News { place: Address; by: string; gone?: boolean; was?: Address }

interface Who { id: string; name: string; csrf: string }
interface Standing { rev: number; marks: Record<string, { uid: string; mark: string; by: string }> | null; who: Who }

export interface SavingOptions {
  app: string
  rev: number
  user: { id: string; name: string }
  onResult: (results: Result[], spelled: Record<string, string>) => void
  onNews: (news: News[]) => void
  onToken: (csrf: string) => void
  ask?: typeof askServer
}

const PAUSE = 900
const RETRY = 2000
const SLOWEST = 20_000
const LOOK = 15_000
const LOOK_SOON = 4000

export class Saving {
  state: State = 'saved'
  conflicts: Conflict[] = []
  /** Problems of documents that the server could not take, by address. */
  refused = new Map<Address, Problem[]>()
  /** Who is signed in by now, when it is somebody else. */
  stranger: Who | undefined
  private readonly refusedAs = new Map<Address, Document | null>()
  /** What was sent without an answer: it may have arrived. */
  private readonly tried = new Map<Address, (Document | null)[]>()
  private readonly listeners = new Set<() => void>()
  private readonly draft: Draft
  private readonly given: SavingOptions
  private readonly ask: typeof askServer
  private readonly channel: BroadcastChannel | undefined
  private user: { id: string; name: string }
  private rev: number
  private timer: ReturnType<typeof setTimeout> | undefined
  private lookTimer: ReturnType<typeof setTimeout> | undefined
  private running: Promise<void> | undefined
  private looking = false
  private failures = 0
  private version = -1
  private saves = 0

  constructor(draft: Draft, given: SavingOptions) {
    this.draft = draft
    this.given = given
    this.ask = given.ask ?? askServer
    this.user = given.user
    this.rev = given.rev
    draft.subscribe(() => this.noticed())
    this.lookAgain()
    if (typeof window === 'undefined') return
    this.channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(`formwork.draft.${given.app}`)
    this.channel?.addEventListener('message', () => void this.look())
    addEventListener('online', () => void this.look())
    addEventListener('offline', () => { if (this.state !== 'conflict') this.become('offline'); this.lookAgain() })
    addEventListener('focus', () => void this.look())
    addEventListener('pagehide', () => this.keep())
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') { void this.look(); return }
      this.keep()
      if (this.draft.unsaved().length && this.goesByItself) void this.flush()
    })
  }

  subscribe = (listener: () => void): (() => void) => { this.listeners.add(listener); return () => { this.listeners.delete(listener) } }
  private told(): void { for (const listener of this.listeners) listener() }
  private become(state: State): void { this.state = state; this.told() }

  private get goesByItself(): boolean { return !['signed_out', 'stranger', 'forbidden'].includes(this.state) }

  private keep(): void { keep(this.given.app, this.user.id, this.draft.unsaved().map(change => ({ ...change, tried: this.tried.get(change.place) ?? [] }))) }

  private noticed(): void {
    if (this.version === this.draft.version) return
    this.version = this.draft.version
    const unsaved = this.draft.unsaved()
    for (const place of this.refused.keys()) {
      if (unsaved.find(change => change.place === place)?.document !== this.refusedAs.get(place)) { this.refused.delete(place); this.refusedAs.delete(place) }
    }
    if (!unsaved.length) {
      forget(this.given.app)
      if (['waiting', 'refused', 'conflict'].includes(this.state)) this.become(this.rest())
      return
    }
    clearTimeout(this.keepTimer)
    this.keepTimer = setTimeout(() => this.keep(), 250)
    if (!this.goesByItself || this.state === 'offline' || this.state === 'failed') return
    if (this.state !== 'saving') { const rest = this.rest(); if (rest !== this.state) this.become(rest) }
    this.sendIn(PAUSE)
  }
  private keepTimer: ReturnType<typeof setTimeout> | undefined

  private sendIn(pause: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.flush(), pause)
  }

  /** What can go out now: not what waits for the author's decision, nor what was refused and is still the same. */
  private ready(): Change[] {
    return this.draft.unsaved().filter(({ place, document }) => !this.conflicts.some(conflict => conflict.address === place)
      && !(this.refused.has(place) && same(this.refusedAs.get(place), document)))
  }

  private rest(): State {
    if (this.conflicts.length) return 'conflict'
    if (this.ready().length) return 'waiting'
    return this.refused.size ? 'refused' : 'saved'
  }

  /** Send what is unsaved now; used by the timer, by Ctrl+S and before leaving the page. */
  async flush(): Promise<void> {
    clearTimeout(this.timer)
    if (this.running) await this.running
    if (this.running) return
    this.running = this.send().finally(() => { this.running = undefined })
    await this.running
  }

  /** Send until nothing is left or something stands in the way; true when all is saved. */
  async settle(): Promise<boolean> {
    for (let times = 0; times < 5; times++) {
      await this.flush()
      if (this.state !== 'waiting') break
    }
    return !this.draft.unsaved().length
  }

  private async send(): Promise<void> {
    const changes = this.ready()
    if (!changes.length) { if (this.state !== 'offline' && this.goesByItself) this.become(this.rest()); return }
    this.become('saving')
    try {
      const answer = await this.ask<{ results: Result[]; spelled: Record<string, string> }>(`/design/${this.given.app}/draft`, {
        changes: changes.map(({ place, document, base }) => ({ address: place, document, base, tried: this.tried.get(place) ?? [] })),
      })
      this.failures = 0
      this.saves++
      for (const result of answer.results) this.take(result, changes.find(change => change.place === result.address)!)
      this.given.onResult(answer.results, answer.spelled)
      this.become(this.rest())
      if (this.state === 'waiting') this.sendIn(PAUSE)
      if (!this.draft.unsaved().length) forget(this.given.app)
      this.channel?.postMessage('saved')
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      this.failed(error, changes)
    }
  }

  private take(result: Result, change: Change): void {
    this.tried.delete(result.address)
    this.refused.delete(result.address)
    this.refusedAs.delete(result.address)
    if (result.outcome === 'refused') {
      this.refused.set(result.address, result.problems ?? [])
      this.refusedAs.set(result.address, change.document)
    } else if (result.outcome === 'conflict') this.conflicts = [...this.conflicts, { ...result.conflict!, mark: result.mark }]
    else this.draft.saved(result.address, change.document, result.document, result.mark, result.status)
  }

  private failed(error: Refused, changes: Change[]): void {
    this.failures++
    this.keep()
    // Perhaps it is only the token that is an old one: looking tells, and goes on.
    if (isSignedOut(error)) { this.become('signed_out'); setTimeout(() => void this.look()); return }
    if (error.status === 403 || error.status === 404) { this.become('forbidden'); return }
    for (const { place, document } of changes) this.tried.set(place, [...this.tried.get(place) ?? [], document].slice(-3))
    this.become(error.status === 0 ? 'offline' : 'failed')
    this.sendIn(Math.min(SLOWEST, RETRY * 2 ** (this.failures - 1)))
  }

  /** Look what colleagues did, and whether there is an answer and a session at all. */
  async look(): Promise<void> {
    if (this.looking) return
    this.looking = true
    try {
      await this.running
      const saves = this.saves
      const standing = await this.ask<Standing>(`/design/${this.given.app}/draft?since=${this.rev}`)
      if (standing.who.id !== this.user.id) { this.stranger = standing.who; this.become('stranger'); return }
      this.given.onToken(standing.who.csrf)
      const was = this.state
      if (['offline', 'failed', 'signed_out', 'stranger', 'forbidden'].includes(was)) { this.failures = 0; this.become(this.rest()) }
      if (standing.marks && saves === this.saves && !this.running) await this.takeIn(standing.marks, standing.rev, saves)
      if (this.state === 'waiting' && was !== 'waiting') await this.flush()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      if (isSignedOut(error)) this.become('signed_out')
      else if (error.status === 403 || error.status === 404) this.become('forbidden')
      else if (this.state !== 'saving' && this.state !== 'conflict') this.become(error.status === 0 ? 'offline' : 'failed')
    } finally {
      this.looking = false
      this.lookAgain()
    }
  }

  private lookAgain(): void {
    clearTimeout(this.lookTimer)
    const soon = this.state === 'signed_out' || this.state === 'stranger' || this.state === 'offline'
    this.lookTimer = setTimeout(() => {
      // A page that nobody sees asks nothing; it looks as soon as it is seen again.
      if (typeof document !== 'undefined' && document.visibilityState === 'hidden') this.lookAgain()
      else void this.look()
    }, soon ? LOOK_SOON : LOOK)
  }

  private async takeIn(marks: NonNullable<Standing['marks']>, rev: number, saves: number): Promise<void> {
    const wanted = Object.keys(marks).filter(place => this.draft.known(place as Address)?.mark !== marks[place]!.mark)
    const query = wanted.length > 40 ? '' : `?${wanted.map(place => `of=${encodeURIComponent(place)}`).join('&')}`
    const entries = wanted.length ? (await this.ask<{ documents: Entry[] }>(`/design/${this.given.app}/draft${query}`)).documents.filter(entry => wanted.includes(address(entry.document))) : []
    // Meanwhile something was saved from here: what was asked may be older than that.
    if (saves !== this.saves || this.running) return
    const news: News[] = []
    let clash = false
    const note = (place: Address, taken: boolean, more: News): void => { if (taken) news.push(more); else clash = true; void place }
    for (const place of this.draft.knownPlaces()) {
      if (marks[place]) continue
      const again = entries.find(entry => entry.document.uid === this.draft.known(place)!.document!.uid)
      if (again) {
        entries.splice(entries.indexOf(again), 1)
        note(place, this.draft.receive(place, again.document, again.mark, again.status), { place: address(again.document), by: again.by ?? '', was: place })
      } else note(place, this.draft.receive(place, null, ''), { place, by: '', gone: true })
    }
    for (const entry of entries) {
      const place = address(entry.document)
      const before = this.draft.known(place)?.document
      const taken = this.draft.receive(place, entry.document, entry.mark, entry.status)
      if (!same(before, entry.document) || !taken) note(place, taken, { place, by: entry.by ?? '' })
    }
    if (!clash) this.rev = rev
    if (news.length) this.given.onNews(news)
    if (clash) await this.flush()
  }

  /** Go on as the person who signed in meanwhile. */
  acceptStranger(): void {
    if (!this.stranger) return
    this.user = this.stranger
    this.given.onToken(this.stranger.csrf)
    this.stranger = undefined
    this.become(this.rest())
    void this.look()
    void this.flush()
  }

  /** The author chose: this is what the document shall be; it was made with the knowledge of `conflict.theirs`. */
  resolve(conflict: Conflict, chosen: Document | null, label: string): void {
    this.conflicts = this.conflicts.filter(other => other !== conflict)
    this.draft.settle(conflict.address, conflict.theirs, conflict.mark, chosen, label)
    this.become(this.rest())
    if (!this.conflicts.length) void this.flush()
  }
}

/** The session is over: the gate says 401; a write is refused before that, for its token is the old session's. */
const isSignedOut = (error: Refused): boolean => error.status === 401 || (error.status === 403 && error.problems.some(problem => problem.code === 'shell.csrf'))
