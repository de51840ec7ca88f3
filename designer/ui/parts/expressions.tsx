/** What the parts for expressions have in common: the names of a place, and the server's word on a text. */
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { follow } from '../../../runtime/ui/shared/float.ts'
import { language, say } from '../../../runtime/ui/shared/texts.ts'
import type { EntityDocument, RoleDocument } from '../core/documents.ts'
import { ask, Refused } from '../core/server.ts'
import { keywordsOf } from '../core/spelling.ts'
import { namesAt, type Extra, type Kind, type Name, type Scope, type World } from '../expressions/names.ts'
import type { Tree } from '../expressions/condition.ts'
import type { Draft } from '../core/draft.ts'
import { useDesigner, useSettled, type Designer } from './designer.tsx'

export interface Place {
  entity: string
  /** Where the expression stands; it decides which names there are. */
  scope?: Scope | undefined
  /** The entity that `record.` means, in a reference's filter. */
  own?: string | undefined
  extra?: Extra | undefined
  expects?: Kind | undefined
  /** The field that gets the value; it says how a fixed value reads. */
  about?: string | undefined
}

export interface ExpressionError { offset: number; length: number; message: string; code?: string }
export interface Sampled { id: string | null; title: string | null; values: Record<string, unknown>; result: unknown; error: string | null }
export interface Answer {
  ok: boolean
  kind: Kind | null
  kind_label?: string
  tree: Tree
  names: string[]
  summary: string
  errors: ExpressionError[]
  sample?: Sampled
}

/** Worked out once for all fields of a page, and anew only when an entity or a role is another one: with 800 fields it counts. */
const worlds = new WeakMap<Draft, { from: readonly unknown[]; world: World; names: Map<string, Name[]> }>()

function worldOf({ draft, boot }: Designer): { world: World; names: Map<string, Name[]> } {
  const entities = draft.all<EntityDocument>('entity')
  const roles = draft.all<RoleDocument>('role')
  const from = [...entities, ...roles]
  const kept = worlds.get(draft)
  if (kept && kept.from.length === from.length && from.every((each, at) => each === kept.from[at])) return kept
  const made = {
    from, names: new Map<string, Name[]>(), world: {
      entities: new Map(entities.map(entity => [entity.key, entity])),
      kinds: new Map(boot.field_types.map(type => [type.key, { kind: type.kind, is_derived: type.is_derived }])),
      language: language(), say, roles: roles.map(role => ({ key: role.key, label: role.label })),
    },
  }
  worlds.set(draft, made)
  return made
}

/** The draft as names are read off it. */
export function useWorld(): World { return worldOf(useDesigner()).world }

export function useNames(place: Place): Name[] {
  const { world, names } = worldOf(useDesigner())
  const key = JSON.stringify([place.entity, place.scope ?? 'form', place.own ?? null, place.extra ?? null])
  const kept = names.get(key)
  if (kept) return kept
  const made = namesAt(world, place.entity, place.scope ?? 'form', { own: place.own, extra: place.extra })
  names.set(key, made)
  return made
}

const RETRY = 3000

const question = (place: Place, text: string): Record<string, unknown> => ({
  entity: place.entity, text, scope: place.scope ?? 'form', ...(place.own ? { own: place.own } : {}), ...(place.expects ? { expects: place.expects } : {}), ...(place.about ? { about: place.about } : {}),
  ...(place.extra ? { extra: Object.fromEntries(Object.entries(place.extra).map(([name, what]) => [name, typeof what === 'string' ? what : what.kind])) } : {}),
})

/** The server's answer for a text, asked a moment after it settles; again once the draft it stands on has been saved. */
export function useExpression(place: Place, text: string | undefined, sample?: { record?: string | undefined; values?: Record<string, unknown> }): { answer: Answer | undefined; isFresh: boolean; failed: string } {
  const { boot, saving } = useDesigner()
  const [answer, set] = useState<{ text: string; answer: Answer }>()
  const [failed, fail] = useState('')
  const [tries, retry] = useState(0)
  const key = useSettled(JSON.stringify([text, question(place, text ?? ''), sample ?? null]))
  const saves = useRef(0)
  const before = useRef(saving.state)
  // A name may be known to the server only after the save that brings it.
  if (before.current !== saving.state && saving.state === 'saved') saves.current++
  before.current = saving.state
  useEffect(() => {
    const [wanted, asked, tried] = JSON.parse(key) as [string | null, Record<string, unknown>, unknown]
    if (!wanted?.trim()) { set(undefined); fail(''); return }
    const stop = new AbortController()
    let again = 0
    ask<Answer>(`/design/${boot.app}/expression`, tried ? { ...asked, sample: tried } : asked, { signal: stop.signal })
      .then(found => { if (!stop.signal.aborted) { set({ text: wanted, answer: found }); fail('') } })
      .catch((error: unknown) => {
        if (!(error instanceof Refused)) return
        fail(error.message)
        // No answer at all, or a busy server: the question is asked again by itself.
        if (error.status === 0 || error.status >= 500) again = window.setTimeout(() => retry(count => count + 1), RETRY)
      })
    return () => { clearTimeout(again); stop.abort() }
  }, [key, saves.current, tries, boot.app])
  return { answer: answer && text?.trim() ? answer.answer : undefined, isFresh: answer?.text === text, failed }
}

/** A list that stands above everything else (no scrolling panel cuts it off), below what it belongs to. */
export function useFloating<List extends HTMLElement, Anchor extends HTMLElement>(open: boolean, count: number): { list: { current: List | null }; anchor: { current: Anchor | null } } {
  const list = useRef<List>(null)
  const anchor = useRef<Anchor>(null)
  useLayoutEffect(() => {
    if (!open || !list.current || !anchor.current) return
    if (!list.current.matches(':popover-open')) list.current.showPopover()
    return follow(list.current, anchor.current, true)
  }, [open, count])
  return { list, anchor }
}

interface NameOption { value: string; label: string; note: string; keywords: string }
const listed = new WeakMap<readonly Name[], NameOption[]>()
const optionOf = (each: Name): NameOption => ({ value: each.name, label: each.label, note: each.name, keywords: keywordsOf(...each.words) })

/** Names as a list to choose from; a name that takes more steps than are listed is there when it is the chosen one. */
export function optionsOf(names: readonly Name[], chosen = '', found?: Name): NameOption[] {
  let all = listed.get(names)
  if (!all) { all = names.map(optionOf); listed.set(names, all) }
  if (!chosen || all.some(each => each.value === chosen)) return all
  return [optionOf(found ?? { name: chosen, label: chosen, words: [chosen], kind: 'any', type: '' }), ...all]
}
