/** What every designer has: the draft, its saving, the check's findings, the reader's language. */
import { createContext, type ReactNode } from 'react'
import { useContext, useEffect, useReducer, useRef, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { announce } from '../../../runtime/ui/shared/announce.ts'
import { language, say } from '../../../runtime/ui/shared/texts.ts'
import { address, read, type Address, type Document, type Field, type Language, type Text } from '../core/documents.ts'
import { Draft, type Entry } from '../core/draft.ts'
import type { Finding } from '../core/problems.ts'
import { Saving, type Result } from '../core/saving.ts'
import { ask } from '../core/server.ts'
import { keywordsOf, learn } from '../core/spelling.ts'

/** How an option of a field type, an action or a view is edited: described as a field itself. */
export interface OptionShape { key: string; type: string; label: string; help?: string; required?: boolean; default?: unknown; settings?: Record<string, unknown> }
export interface FieldTypeShape { key: string; kind: string; group: string; label: string; description: string; icon: string; keywords: string; options: OptionShape[]; is_derived: boolean; is_system: boolean }

/** What the server put into the page. */
export interface Boot<More = unknown> {
  app: string
  kind: string
  key: string
  languages: Language[]
  documents: Entry[]
  field_types: FieldTypeShape[]
  findings: Finding[]
  /** Pinyin and initials by text. */
  spelled: Record<string, string>
  more: More
}

export class Designer<More = unknown> {
  readonly boot: Boot<More>
  readonly draft: Draft
  readonly saving: Saving
  readonly language: Language
  findings: readonly Finding[]
  private readonly listeners = new Set<() => void>()

  constructor(boot: Boot<More>) {
    this.boot = boot
    learn(boot.spelled)
    this.language = language() as Language
    this.findings = boot.findings
    this.draft = new Draft(boot.documents)
    this.saving = new Saving(this.draft, boot.app, results => this.after(results))
    this.draft.onDone = (what, label) => announce(say(`designer.${what}`, { what: label }))
  }

  /** The document that the page is about. */
  get place(): Address { return `${this.boot.kind}/${this.boot.key}` as Address }
  read = (text: Text | undefined, or = ''): string => read(text, this.language, or)
  fieldType = (key: string): FieldTypeShape | undefined => this.boot.field_types.find(type => type.key === key)
  field(entity: string, key: string): Field | undefined {
    return (this.draft.get(`entity/${entity}`) as { fields?: Field[] } | undefined)?.fields?.find(field => field.key === key)
  }
  say = say
  announce = announce

  subscribe = (listener: () => void): (() => void) => { this.listeners.add(listener); return () => { this.listeners.delete(listener) } }

  private after(results: Result[]): void {
    for (const result of results) if (result.outcome === 'merged') announce(say('designer.merged', { who: result.by ?? '', what: this.name(result.address) }))
    void this.check()
  }

  /** A document's name as the author knows it. */
  name(place: Address): string {
    const document = this.draft.get(place)
    return document ? this.read(document.label as Text, document.key) : place.split('/')[1]!
  }

  private checking: AbortController | undefined

  /** Ask the server what is wrong with the draft; the answer comes to `findings`. */
  async check(): Promise<void> {
    this.checking?.abort()
    this.checking = new AbortController()
    try {
      this.findings = (await ask<{ findings: Finding[] }>(`/design/${this.boot.app}/findings`, undefined, { signal: this.checking.signal })).findings
      for (const listener of this.listeners) listener()
    } catch { /* no answer: the findings of before stay, and saving says what is the matter */ }
  }
}

const Context = createContext<Designer | undefined>(undefined)

/** The page's designer. The view is drawn anew after each edit, save or check. */
export function useDesigner<More = unknown>(): Designer<More> {
  const found = useContext(Context)
  if (!found) throw new Error('no designer around this part')
  const [, again] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    const ends = [found.draft.subscribe(() => again(undefined as never)), found.saving.subscribe(() => again(undefined as never)), found.subscribe(() => again(undefined as never))]
    return () => ends.forEach(end => end())
  }, [found])
  return found as Designer<More>
}

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

/** Draw the island of the page. */
export function mount<More>(draw: () => ReactNode): Designer<More> {
  const boot = JSON.parse(document.getElementById('designer-boot')!.textContent!) as Boot<More>
  const designer = new Designer<More>(boot)
  const place = document.getElementById('designer')!
  place.removeAttribute('aria-busy')
  createRoot(place).render(<Context.Provider value={designer as Designer}>{draw()}</Context.Provider>)
  return designer
}

export { address, keywordsOf }
