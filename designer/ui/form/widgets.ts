/** How items look at work: HTML from the server's own renderer, kept by what the item's look depends on. */
import type { Draft } from '../core/draft.ts'
import type { EntityDocument, Field, Item } from '../core/documents.ts'
import { ask } from '../core/server.ts'
import { keyOf } from './model.ts'

export interface Widget { html: string; is_group: boolean; is_wide: boolean; is_computed: boolean }

const PAUSE = 180
const marks = new WeakMap<object, string>()
let count = 0
const mark = (thing: object): string => { let found = marks.get(thing); if (!found) marks.set(thing, found = `#${++count}`); return found }
const looks = new WeakMap<Field, string>()
/** What a field's look depends on: not its label and help, which the canvas draws itself. */
function look(field: Field): string {
  let found = looks.get(field)
  if (!found) {
    const { label: _l, help: _h, uid: _u, default: _d, unique: _q, searchable: _s, tracked: _t, filter: _f, formula: _o, ...rest } = field
    looks.set(field, found = JSON.stringify(rest))
  }
  return found
}

export class Widgets {
  private readonly known = new Map<string, Widget | null>()
  /** The last look of a thing, shown until its new one has come. */
  private readonly last = new Map<string, Widget>()
  private wanted = new Map<string, { entity: string; item: Item }>()
  private timer = 0
  private readonly app: string
  private readonly draft: Draft
  private readonly told: () => void
  constructor(app: string, draft: Draft, told: () => void) { this.app = app; this.draft = draft; this.told = told }

  private key(entity: string, item: Item, field: Field | undefined, child: EntityDocument | undefined): string {
    return 'rows' in item ? `${entity} ${item.rows} ${item.fields.join()} ${child ? mark(child.fields) : ''}` : `${entity} ${field ? look(field) : keyOf(item) ?? ''}`
  }
  /** What the page brought along. */
  learn(entity: string, item: Item, field: Field | undefined, child: EntityDocument | undefined, widget: Widget | null): void {
    this.known.set(this.key(entity, item, field, child), widget)
    if (widget) this.last.set(`${entity} ${keyOf(item)}`, widget)
  }
  /** The look of an item; undefined while it is being drawn, null where it can't be. */
  of(entity: string, item: Item, field: Field | undefined, child: EntityDocument | undefined): Widget | null | undefined {
    if (keyOf(item) === undefined) return null
    const key = this.key(entity, item, field, child)
    const found = this.known.get(key)
    if (found !== undefined) return found
    if (!this.wanted.has(key)) { this.wanted.set(key, { entity, item }); clearTimeout(this.timer); this.timer = window.setTimeout(() => void this.fetch(), PAUSE) }
    return this.last.get(`${entity} ${keyOf(item)}`)
  }
  private async fetch(): Promise<void> {
    const wanted = this.wanted
    this.wanted = new Map()
    const documents = this.draft.unsaved().flatMap(each => each.document?.kind === 'entity' ? [each.document] : [])
    for (const entity of new Set([...wanted.values()].map(each => each.entity))) {
      const asked = [...wanted].filter(([, each]) => each.entity === entity)
      const answer = await ask<{ widgets: (Widget | null)[] }>(`/design/${this.app}/widgets`, { entity, documents, items: asked.map(([, each]) => each.item) }).catch(() => undefined)
      // Without an answer the old look stays; it is asked for again with the next edit.
      asked.forEach(([key, each], at) => {
        const widget = answer?.widgets[at]
        if (widget !== undefined) this.known.set(key, widget)
        if (widget) this.last.set(`${entity} ${keyOf(each.item)}`, widget)
      })
    }
    this.told()
  }
}
