/** Unsaved work in the browser's own store, so that a page which was closed or crashed loses nothing.

    Each page keeps a slot of its own. A page that opens finds the slots of pages which are no more: living ones
    answer when asked. */
import type { Address, Document } from './documents.ts'
import type { Change } from './draft.ts'

export interface Kept extends Change { tried: (Document | null)[] }
export interface LeftOver { slots: string[]; at: number; changes: Kept[] }

interface Slot { user: string; at: number; changes: Kept[] }

const PATIENCE = 400
const page = Math.random().toString(36).slice(2)
const prefix = (app: string): string => `formwork.unsaved.${app}.`
const slot = (app: string): string => prefix(app) + page

export function keep(app: string, user: string, changes: Kept[]): void {
  if (!changes.length) { forget(app); return }
  try { localStorage.setItem(slot(app), JSON.stringify({ user, at: Date.now(), changes } satisfies Slot)) } catch { /* a full or forbidden store: the page itself still holds the work */ }
}

export function forget(app: string, slots: readonly string[] = [slot(app)]): void {
  try { for (const name of slots) localStorage.removeItem(name) } catch { /* see above */ }
}

/** Tell other pages that this one lives. */
export function live(app: string): void {
  if (typeof BroadcastChannel === 'undefined') return
  const channel = new BroadcastChannel(`formwork.pages.${app}`)
  channel.addEventListener('message', event => { if (event.data === 'who') channel.postMessage(slot(app)) })
}

/** What earlier pages of this person could not save; the newest version of each document. */
export async function leftOver(app: string, user: string): Promise<LeftOver | undefined> {
  const there = slotsOf(app).filter(([name, { user: owner }]) => name !== slot(app) && owner === user)
  if (!there.length) return undefined
  const alive = await living(app)
  const dead = there.filter(([name]) => !alive.has(name)).sort(([, a], [, b]) => a.at - b.at)
  const changes = new Map<Address, Kept>()
  for (const [, { changes: kept }] of dead) for (const change of kept) changes.set(change.place, change)
  return dead.length ? { slots: dead.map(([name]) => name), at: dead.at(-1)![1].at, changes: [...changes.values()] } : undefined
}

function slotsOf(app: string): [string, Slot][] {
  try {
    return Object.keys(localStorage).filter(name => name.startsWith(prefix(app)))
      .map(name => [name, JSON.parse(localStorage.getItem(name) ?? 'null') as Slot | null] as const)
      .filter((found): found is [string, Slot] => Array.isArray(found[1]?.changes))
  } catch { return [] }
}

function living(app: string): Promise<Set<string>> {
  const found = new Set<string>()
  if (typeof BroadcastChannel === 'undefined') return Promise.resolve(found)
  const channel = new BroadcastChannel(`formwork.pages.${app}`)
  channel.addEventListener('message', event => found.add(String(event.data)))
  channel.postMessage('who')
  return new Promise(resolve => setTimeout(() => { channel.close(); resolve(found) }, PATIENCE))
}
