/** What every designer has: the draft, its saving, the check's findings, the reader's language. */
import { createContext, type ReactNode } from 'react'
import { useContext, useEffect, useReducer, useRef, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { announce, toast } from '../../../runtime/ui/shared/announce.ts'
import { language, say } from '../../../runtime/ui/shared/texts.ts'
import { address, read, type Address, type Document, type Field, type Language, type Text } from '../core/documents.ts'
import { Draft, type Entry } from '../core/draft.ts'
import type { Finding } from '../core/problems.ts'
import type { StartWords } from '../core/making.ts'
import { live } from '../core/keeping.ts'
import { Saving, type News, type Result } from '../core/saving.ts'
import { ask, setToken } from '../core/server.ts'
import { keywordsOf, learn } from '../core/spelling.ts'
import { Asking } from './asking.tsx'
import { Gone, Recovery } from './recovery.tsx'
import { Navigator } from './navigator.tsx'
import { Search } from './search.tsx'

/** How an option of a field type, an action or a view is edited: described as a field itself. */
export interface OptionShape { key: string; type: string; label: string; help?: string; required?: boolean; default?: unknown; settings?: Record<string, unknown> }
export interface FieldTypeShape { key: string; kind: string; group: string; label: string; description: string; icon: string; keywords: string; options: OptionShape[]; is_derived: boolean; is_system: boolean }

/** What the server put into the page. */
export interface Boot<More = unknown> {
  app: string
  /** Number of the draft; grows with every change. */
  rev: number
  user: { id: string; name: string }
  /** How many documents differ from the release. */
  changes: number
  kind: string
  key: string
  languages: Language[]
  documents: Entry[]
  field_types: FieldTypeShape[]
  findings: Finding[]
  /** Words in the app's languages for what a new thing begins with. */
  start_words: StartWords
  /** Pinyin and initials by text. */
  spelled: Record<string, string>
  more: More
}

export class Designer<More = unknown> {
  readonly boot: Boot<More>
  readonly draft: Draft
  readonly saving: Saving
  readonly language: Language
  /** How many documents differ from the release. */
  changes: number
  /** What the check says, and why documents could not be saved. */
  get findings(): readonly Finding[] {
    const refused = [...this.saving.refused].flatMap(([place, problems]) => problems.map(({ code, path, message }) => ({ code, level: 'error' as const, address: place, path, message })))
    return refused.length ? [...refused, ...this.checked] : this.checked
  }
  private checked: readonly Finding[]
  private readonly uid: string | undefined
  private last: Address
  private readonly listeners = new Set<() => void>()

  constructor(boot: Boot<More>) {
    this.boot = boot
    learn(boot.spelled)
    this.language = language() as Language
    this.checked = boot.findings
    this.changes = boot.changes
    this.draft = new Draft(boot.documents)
    this.last = `${boot.kind}/${boot.key}` as Address
    this.uid = this.draft.get(this.last)?.uid
    this.saving = new Saving(this.draft, {
      app: boot.app, rev: boot.rev, user: boot.user, onToken: setToken, onNews: news => this.heard(news),
      onResult: (results, spelled) => { learn(spelled); this.after(results) },
    })
    this.draft.onDone = (what, label) => announce(say(`designer.${what}`, { what: label }))
    live(boot.app)
  }

  /** The document that the page is about, also after it got another key. */
  get place(): Address {
    if (!this.uid || this.draft.get(this.last)?.uid === this.uid) return this.last
    return this.last = this.draft.placeOf(this.uid) ?? this.last
  }
  read = (text: Text | undefined, or = ''): string => read(text, this.language, or)
  fieldType = (key: string): FieldTypeShape | undefined => this.boot.field_types.find(type => type.key === key)
  field(entity: string, key: string): Field | undefined {
    return (this.draft.get(`entity/${entity}`) as { fields?: Field[] } | undefined)?.fields?.find(field => field.key === key)
  }
  say = say
  announce = announce

  subscribe = (listener: () => void): (() => void) => { this.listeners.add(listener); return () => { this.listeners.delete(listener) } }

  private after(results: Result[]): void {
    for (const result of results) if (result.outcome === 'merged') toast(say('designer.merged', { who: result.by || say('designer.somebody'), what: this.name(result.address) }), 'info')
    this.showPlace()
    void this.check()
  }

  /** Colleagues' work came in. */
  private heard(news: News[]): void {
    const said = news.slice(0, 3).map(({ place, by, gone }) => say(gone ? 'designer.heard_gone' : 'designer.heard', { who: by || say('designer.somebody'), what: this.name(place) }))
    if (news.length > 3) said.push(say('designer.heard_more', { count: news.length - 3 }))
    toast(said.join(' '), 'info')
    this.showPlace()
    void this.check()
  }

  /** The address of the page follows the document's key. */
  private showPlace(): void {
    const wanted = this.href(this.place)
    if (this.uid && location.pathname.startsWith(`/design/${this.boot.app}/${this.boot.kind}/`) && location.pathname !== wanted) history.replaceState(history.state, '', wanted + location.search + location.hash)
  }

  /** Where pages come from that jump to a place of this page's document (Frame's `onGoTo`). */
  readonly jumps = new Set<(path: (string | number)[]) => void>()

  /** Go to a place in any document. */
  goTo(place: Address, path: readonly (string | number)[] = []): void {
    if (place !== this.place || !this.uid) { void this.leave(this.href(place, path)); return }
    history.replaceState(history.state, '', location.pathname + location.search + (path.length ? `#at=${encodeURIComponent(JSON.stringify(path))}` : ''))
    for (const jump of this.jumps) jump([...path])
  }

  /** Go to another page when all is saved; where it can't be, the browser asks. */
  async leave(href: string): Promise<void> {
    if (this.draft.unsaved().length) await Promise.race([this.saving.settle(), new Promise(resolve => setTimeout(resolve, 3000))])
    location.assign(href)
  }

  /** Where a document is edited; with a path, the place in it. */
  href(place: Address, path: readonly (string | number)[] = []): string {
    // The app's own document is edited on the overview.
    return `/design/${this.boot.app}${place.startsWith('app/') ? '' : `/${place}`}${path.length ? `#at=${encodeURIComponent(JSON.stringify(path))}` : ''}`
  }

  /** A document's name as the author knows it. */
  name(place: Address): string {
    const document = this.draft.get(place) ?? this.draft.known(place)?.document
    return document ? this.read(document.label as Text, document.key) : place.split('/')[1]!
  }

  private checking: AbortController | undefined

  /** Ask the server what is wrong with the draft; the answer comes to `findings`. */
  async check(): Promise<void> {
    this.checking?.abort()
    this.checking = new AbortController()
    try {
      const found = await ask<{ findings: Finding[]; changes: number }>(`/design/${this.boot.app}/findings`, undefined, { signal: this.checking.signal })
      this.checked = found.findings
      this.changes = found.changes
      for (const listener of this.listeners) listener()
    } catch { /* no answer: the findings of before stay, and saving says what is the matter */ }
  }
}

const Context = createContext<Designer | undefined>(undefined)

/** The page's designer; the view is drawn anew after each edit, save or check, at once or when they have paused. */
function useFollowing(pause: number): Designer {
  const found = useContext(Context)
  if (!found) throw new Error('no designer around this part')
  const [, again] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    const draw = (): void => again(undefined as never)
    let timer = 0
    const follow = pause ? (): void => { clearTimeout(timer); timer = window.setTimeout(draw, pause) } : draw
    const ends = [found.draft.subscribe(follow), found.saving.subscribe(follow), found.subscribe(follow)]
    return () => { clearTimeout(timer); ends.forEach(end => end()) }
  }, [found])
  return found
}

/** For the work itself. */
export const useDesigner = <More = unknown,>(): Designer<More> => useFollowing(0) as Designer<More>
/** For what stands beside the work: it follows once the author's hands rest, so that no key waits for it. */
export const useDesignerAtRest = (): Designer => useFollowing(120)

/** The document of the page, as it is now. */
export function useDocument<Found extends Document>(): Found {
  const designer = useDesigner()
  return designer.draft.get<Found>(designer.place)!
}

/** A value that follows `wanted` after a pause; for what costs a request. */
export function useSettled<Value>(wanted: Value, pause = 250): Value {
  const [value, set] = useState(wanted)
  const timer = useRef(0)
  useEffect(() => { timer.current = window.setTimeout(() => set(wanted), pause); return () => clearTimeout(timer.current) }, [wanted, pause])
  return value
}

/** Draw the island of the page, and the app's navigator beside it. */
export function mount<More>(draw: () => ReactNode): Designer<More> {
  const boot = JSON.parse(document.getElementById('designer-boot')!.textContent!) as Boot<More>
  const designer = new Designer<More>(boot)
  leaveSaved(designer as Designer)
  const within = (place: HTMLElement, what: ReactNode): void => createRoot(place).render(<Context.Provider value={designer as Designer}>{what}</Context.Provider>)
  const place = document.getElementById('designer')!
  place.replaceChildren()
  place.removeAttribute('aria-busy')
  within(place, <Whole draw={draw} />)
  const side = document.getElementById('navigator')
  if (side) { side.replaceChildren(); within(side, <Navigator />) }
  return designer
}

/** A link goes when all is saved, so that nobody is asked about work that would be saved in a moment. */
function leaveSaved(designer: Designer): void {
  document.addEventListener('click', event => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || link.target || link.hasAttribute('download') || link.origin !== location.origin) return
    if (link.pathname === location.pathname && link.search === location.search) return
    if (!designer.draft.unsaved().length) return
    event.preventDefault()
    void designer.leave(link.href)
  })
}

/** The island as long as its document is there, and what every page may have to ask. */
function Whole({ draw }: { draw: () => ReactNode }): ReactNode {
  const designer = useDesigner()
  const isGone = designer.boot.kind && !designer.draft.get(designer.place)
  return <>{isGone ? <Gone /> : draw()}<Recovery /><Search /><Asking /></>
}

export { address, keywordsOf }
