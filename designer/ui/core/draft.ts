/** The draft of an app in the browser: all its documents, one history over all of them, what is saved and what isn't.

    Framework-free. A command is one undoable step and may touch several documents (a new field: the entity
    and the form). Typing collapses into one step. Undoing everything gives back the documents as loaded. */
import { address, type Address, type Document, type Kind } from './documents.ts'
import { merge, settle } from './merge.ts'
import * as paths from './paths.ts'
import type { Path } from './paths.ts'

export type Status = 'new' | 'changed' | 'published'
/** `mark` differs whenever the document on the server does; `by` was the last to change it. */
export interface Entry { document: Document; rev: number; mark: string; status: Status; by?: string }

/** What stands on the server, as far as this page knows. */
export interface Stored { document: Document | null; mark: string }

/** A document to write (null: to take out), and what it was edited from. */
export interface Change { place: Address; document: Document | null; base: Document | null }

/** Where the author is: which thing is selected. Restored by undo and redo; its shape is the designer's own. */
export type Focus = Readonly<Record<string, unknown>> | null

type Documents = ReadonlyMap<Address, Document>
interface Step { label: string; documents: Documents; focus: Focus; merge: string | undefined; at: number }

const STEPS = 300
const COLLAPSE = 1200

/** What a command may do to the documents. Every method is pure inside and remembers the result. */
export class Edits {
  private documents: Map<Address, Document>
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
    this.documents = moved(this.documents, place, after)
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
      this.stored.set(address(entry.document), { document: entry.document, mark: entry.mark })
      this.statuses.set(address(entry.document), entry.status)
    }
  }

  get<Found extends Document = Document>(place: Address): Found | undefined { return this.documents.get(place) as Found | undefined }
  all<Found extends Document = Document>(kind: Kind): Found[] { return [...this.documents.values()].filter(document => document.kind === kind) as Found[] }
  everything(): Document[] { return [...this.documents.values()] }
  /** Published as it is, changed since, or new; what isn't saved yet counts as changed. */
  status(place: Address): Status {
    const known = this.statuses.get(place) ?? 'new'
    return known === 'published' && this.stored.get(place)?.document !== this.documents.get(place) ? 'changed' : known
  }
  /** Where the thing with this uid is by now, its key may be another one. */
  placeOf(uid: string): Address | undefined {
    for (const [place, document] of this.documents) if (document.uid === uid) return place
    return undefined
  }
  /** What stands on the server, as far as this page knows. */
  known(place: Address): Stored | undefined { return this.stored.get(place) }
  knownPlaces(): Address[] { return [...this.stored].filter(([, there]) => there.document).map(([place]) => place) }

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

  /** What differs from the server. A thing with another key is one change, under the address it has there. */
  unsaved(): Change[] {
    const found: Change[] = []
    const gone = new Map<string, [Address, Document]>()
    for (const [place, there] of this.stored) if (there.document && !this.documents.has(place)) gone.set(there.document.uid, [place, there.document])
    for (const [place, document] of this.documents) {
      const there = this.stored.get(place)?.document ?? null
      if (there === document || paths.same(there, document)) continue
      const old = there ? undefined : gone.get(document.uid)
      if (old) gone.delete(document.uid)
      found.push(old ? { place: old[0], document, base: old[1] } : { place, document, base: there })
    }
    for (const [place, base] of gone.values()) found.push({ place, document: null, base })
    return found
  }

  /** The server took `sent` and has `document` now: the same, or merged with a colleague's work. What was typed since stays. */
  saved(place: Address, sent: Document | null, document: Document | null, mark: string, status: Status): void {
    const now = sent ? this.documents.get(address(sent)) : undefined
    const typed = now && !paths.same(now, sent)
    if (typed && document && !paths.same(document, sent) && merge(sent, now, document).clashes.length) {
      // What was typed meanwhile clashes with what came in: as if the answer were still to come, the server will say so.
      this.store(place, sent, '', status)
      this.told()
      return
    }
    this.store(place, document, mark, status)
    if (document && sent && !paths.same(document, sent)) this.rebase(address(sent), sent, document)
    this.told()
  }

  /** A colleague's version. False where the author changed the same places: the server has to tell both apart. */
  receive(place: Address, document: Document | null, mark: string, status: Status = 'changed'): boolean {
    const before = this.stored.get(place)?.document ?? null
    const held = before && !this.documents.has(place) ? this.placeOf(before.uid) : place
    const mine = held ? this.documents.get(held) ?? null : null
    const touched = !paths.same(mine, before)
    if (touched && !paths.same(mine, document)) {
      if (!mine || !before || !document || before.uid !== document.uid || merge(before, mine, document).clashes.length) return false
    }
    this.store(place, document, mark, status)
    if (!paths.same(mine, document)) this.rebase(held ?? place, before, document)
    this.told()
    return true
  }

  /** The author decided a conflict: `theirs` stands there, `chosen` is what it shall be. */
  settle(place: Address, theirs: Document | null, mark: string, chosen: Document | null, label: string): void {
    const before = this.stored.get(place)?.document ?? null
    const held = (before && this.placeOf(before.uid)) ?? place
    this.store(place, theirs, mark, this.statuses.get(place) ?? 'changed')
    this.rebase(held, before, theirs)
    const wanted = chosen && address(chosen)
    this.edit(label, edits => {
      for (const there of new Set([held, theirs ? address(theirs) : held])) if (there !== wanted) edits.remove(there)
      if (chosen) edits.put(chosen)
    })
    this.told()
  }

  /** Work that an earlier page could not save: put in as one step, to be merged with what has happened since. */
  resume(changes: readonly Change[], label: string): void {
    for (const { place, base } of changes) {
      if (base && !paths.same(this.stored.get(place)?.document, base)) this.stored.set(place, { document: base, mark: '' })
    }
    this.edit(label, edits => {
      for (const { place, document } of changes) {
        if (!document || address(document) !== place) edits.remove(place)
        if (document) edits.put(document)
      }
    })
    this.told()
  }

  private store(place: Address, document: Document | null, mark: string, status: Status): void {
    this.stored.delete(place)
    this.statuses.delete(place)
    if (!document) return
    this.stored.set(address(document), { document, mark })
    this.statuses.set(address(document), status)
  }

  /** Take a colleague's work (what made `after` of `before`) into the present and into every step of the history, so
      that undo takes back the author's own work and nothing else. */
  private rebase(place: Address, before: Document | null, after: Document | null): void {
    const known = new Map<Document, Document | undefined>()
    const rebased = (held: Document): Document | undefined => {
      if (!after) return undefined
      if (!before || held.uid !== after.uid || paths.same(held, before)) return after
      if (!known.has(held)) {
        const { merged, clashes } = merge(before, held, after)
        known.set(held, settle(merged, clashes, clashes.map(() => 'theirs' as const)))
      }
      return known.get(held)
    }
    const replaced = (documents: Documents): Documents => {
      const where = documents.has(place) ? place : before ? [...documents].find(([, held]) => held.uid === before.uid)?.[0] : undefined
      if (!where && before) return documents
      const next = where ? rebased(documents.get(where)!) : after
      if (where && next) return moved(documents, where, next)
      const copy = new Map(documents)
      if (where) copy.delete(where)
      if (next) copy.set(address(next), next)
      return copy
    }
    const once = new Map<Documents, Documents>()
    const all = (documents: Documents): Documents => { if (!once.has(documents)) once.set(documents, replaced(documents)); return once.get(documents)! }
    this.documents = all(this.documents)
    for (const step of [...this.past, ...this.future]) step.documents = all(step.documents)
  }
}

/** A document in the place of one that may have had another address; the order of all stays. */
function moved(documents: Documents, place: Address, after: Document): Map<Address, Document> {
  const to = address(after)
  if (to === place) return new Map(documents).set(place, after)
  return new Map([...documents].filter(([other]) => other !== to).map(([other, held]) => other === place ? [to, after] : [other, held]))
}

function equal(one: Documents, other: Documents): boolean {
  if (one.size !== other.size) return false
  for (const [place, document] of one) if (other.get(place) !== document) return false
  return true
}
