/** The draft of an app in the browser: all its documents, one history over all of them, what is saved and what isn't.

    Framework-free. A command is one undoable step and may touch several documents (a new field: the entity
    and the form). Typing collapses into one step. Undoing everything gives back the documents as loaded. */
import { address, type Address, type Document, type Kind } from './documents.ts'
import * as paths from './paths.ts'
import type { Path } from './paths.ts'

export type Status = 'new' | 'changed' | 'published'
export interface Entry { document: Document; rev: number; status: Status }

/** What stands on the server, as far as this page knows. `document` null: it isn't there (any more). */
export interface Stored { document: Document | null; rev: number }

/** Where the author is: which thing is selected. Restored by undo and redo; its shape is the designer's own. */
export type Focus = Readonly<Record<string, unknown>> | null

type Documents = ReadonlyMap<Address, Document>
interface Step { label: string; documents: Documents; focus: Focus; merge: string | undefined; at: number }

const STEPS = 300
const COLLAPSE = 1200

/** What a command may do to the documents. Every method is pure inside and remembers the result. */
export class Edits {
  private readonly documents: Map<Address, Document>
  constructor(documents: Documents) { this.documents = new Map(documents) }

  get<Found extends Document = Document>(place: Address): Found | undefined { return this.documents.get(place) as Found | undefined }
  put(document: Document): void { this.documents.set(address(document), document) }
  remove(place: Address): void { this.documents.delete(place) }

  /** Set the value at a path; undefined removes the key or the list's element. */
  set(place: Address, path: Path, value: unknown): void { this.change(place, document => paths.set(document, path, value)) }
  insert(place: Address, path: Path, index: number, ...elements: unknown[]): void { this.change(place, document => paths.insert(document, path, index, ...elements)) }
  move(place: Address, path: Path, from: number, to: number): void { this.change(place, document => paths.move(document, path, from, to)) }

  change<Found extends Document>(place: Address, how: (document: Found) => Found): void {
    const before = this.documents.get(place) as Found | undefined
    if (!before) return
    const after = how(before)
    if (after === before) return
    if (address(after) !== place) this.documents.delete(place)
    this.documents.set(address(after), after)
  }

  result(): Documents { return this.documents }
}

export class Draft {
  /** Documents as the author sees them. */
  private documents: Documents
  /** Documents as they stand on the server, with their revs. */
  private readonly stored = new Map<Address, Stored>()
  private readonly statuses = new Map<Address, Status>()
  private past: Step[] = []
  private future: Step[] = []
  private readonly listeners = new Set<() => void>()
  /** Counts every change of anything here; views compare it. */
  version = 0
  focus: Focus = null
  /** Told what a command, undo or redo did, for the live region; set by the page. */
  onDone: (what: 'did' | 'undid' | 'redid', label: string) => void = () => {}

  constructor(entries: readonly Entry[]) {
    this.documents = new Map(entries.map(entry => [address(entry.document), entry.document]))
    for (const entry of entries) {
      this.stored.set(address(entry.document), { document: entry.document, rev: entry.rev })
      this.statuses.set(address(entry.document), entry.status)
    }
  }

  get<Found extends Document = Document>(place: Address): Found | undefined { return this.documents.get(place) as Found | undefined }
  all<Found extends Document = Document>(kind: Kind): Found[] { return [...this.documents.values()].filter(document => document.kind === kind) as Found[] }
  everything(): Document[] { return [...this.documents.values()] }
  status(place: Address): Status { return this.statuses.get(place) ?? 'new' }

  subscribe = (listener: () => void): (() => void) => { this.listeners.add(listener); return () => { this.listeners.delete(listener) } }
  private told(): void { this.version++; for (const listener of this.listeners) listener() }

  setFocus(focus: Focus): void { this.focus = focus; this.told() }

  /** One undoable step. Steps with the same `merge` within a moment of each other are one (typing). Returns whether anything changed. */
  edit(label: string, command: (edits: Edits) => void, given: { merge?: string; focus?: Focus } = {}): boolean {
    const edits = new Edits(this.documents)
    command(edits)
    const after = edits.result()
    if (equal(this.documents, after)) return false
    const last = this.past.at(-1)
    const now = Date.now()
    if (given.merge && last?.merge === given.merge && now - last.at < COLLAPSE && !this.future.length) last.at = now
    else this.past.push({ label, documents: this.documents, focus: this.focus, merge: given.merge, at: now })
    if (this.past.length > STEPS) this.past.shift()
    this.future = []
    this.documents = after
    if (given.focus !== undefined) this.focus = given.focus
    this.told()
    return true
  }

  get undoLabel(): string | undefined { return this.past.at(-1)?.label }
  get redoLabel(): string | undefined { return this.future.at(-1)?.label }
  undo = (): void => this.hop(this.past, this.future, 'undid')
  redo = (): void => this.hop(this.future, this.past, 'redid')

  private hop(from: Step[], to: Step[], what: 'undid' | 'redid'): void {
    const step = from.pop()
    if (!step) return
    to.push({ ...step, documents: this.documents, focus: this.focus, merge: undefined })
    this.documents = step.documents
    this.focus = step.focus
    this.told()
    this.onDone(what, step.label)
  }

  /** What differs from the server: documents to write (with what they were edited from) and to remove. */
  unsaved(): { place: Address; document: Document | null; base: Document | null; rev: number }[] {
    const found = []
    for (const [place, document] of this.documents) {
      const there = this.stored.get(place)
      if (there?.document !== document && !paths.same(there?.document, document)) found.push({ place, document, base: there?.document ?? null, rev: there?.rev ?? 0 })
    }
    for (const [place, there] of this.stored) {
      if (there.document && !this.documents.has(place)) found.push({ place, document: null, base: there.document, rev: there.rev })
    }
    return found
  }

  /** The server has `document` under `rev` now, made from `sent`. Where it merged in somebody else's work, or nothing
      was typed since, the author sees the merged document; the history keeps both sides' work apart. */
  saved(place: Address, sent: Document | null, document: Document | null, rev: number, status: Status): void {
    this.stored.set(place, { document, rev })
    this.statuses.set(place, status)
    if (document && !paths.same(document, sent)) this.take(place, sent, document)
    else this.told()
  }

  /** Somebody else's version of a document that nobody edited here; also how a conflict's answer is taken over. */
  receive(place: Address, document: Document | null, rev: number, status: Status = 'changed'): void {
    const before = this.stored.get(place)?.document ?? null
    this.stored.set(place, { document, rev })
    this.statuses.set(place, status)
    this.take(place, before, document)
  }

  private take(place: Address, before: Document | null, after: Document | null): void {
    // Where a step of the history holds the document as it was, it holds the new one now: undo takes back
    // one's own work, never a colleague's.
    const replaced = (documents: Documents): Documents => {
      const held = documents.get(place) ?? null
      if (held !== before && !paths.same(held, before)) return documents
      const copy = new Map(documents)
      if (after) copy.set(place, after)
      else copy.delete(place)
      return copy
    }
    this.documents = replaced(this.documents)
    for (const step of [...this.past, ...this.future]) step.documents = replaced(step.documents)
    this.told()
  }

  /** Put documents in the place of the present ones without a step of their own (restoring what a lost page had). */
  restore(documents: Iterable<[Address, Document | null]>, label: string): void {
    this.edit(label, edits => {
      for (const [place, document] of documents) {
        if (document) edits.put(document)
        else edits.remove(place)
      }
    })
  }
}

function equal(one: Documents, other: Documents): boolean {
  if (one.size !== other.size) return false
  for (const [place, document] of one) if (other.get(place) !== document) return false
  return true
}
