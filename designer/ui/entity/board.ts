/** The commands of the entity designer, and what its views have in common. */
import { toast } from '../../../runtime/ui/shared/announce.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { copy, pasted as clip } from '../core/clipboard.ts'
import { read, type Address, type ChoiceOption, type EntityDocument, type Field, type Kind, type Text } from '../core/documents.ts'
import type { Edits } from '../core/draft.ts'
import { fitting } from '../core/search.ts'
import { ask, Refused } from '../core/server.ts'
import { keywordsOf, learn } from '../core/spelling.ts'
import { dropField, NotYet, startOf } from '../form/fields.ts'
import type { Block, Fitted } from '../parts/blocks.tsx'
import type { Designer } from '../parts/designer.tsx'
import * as model from './model.ts'

export interface Use { address: Address; path: (string | number)[]; document: string; label: string }
export interface Uses { fields: Record<string, Use[]>; entity: Use[] }
export interface TypeChange { field: string; entity: string; from: string; to: string; is_done: boolean; begun: string; passed: number; total: number; carried: number; restored: number; kept: number; failed: number; before: Field | null }
export interface More { published: EntityDocument | null; uses: Uses; conversions: Record<string, string[]>; changes: TypeChange[] }

export type Tab = 'fields' | 'rules' | 'settings'
export type Show = 'all' | 'used' | 'changed' | 'retired' | 'problems'
export type Question =
  | { ask: 'type'; uid: string; to?: string; back?: Field }
  | { ask: 'key'; uid?: string }
  | { ask: 'drop'; uids: string[] }
  | { ask: 'new'; type: string }
  | { ask: 'options'; uid: string; to: ChoiceOption[]; gone: { option: ChoiceOption; count: number }[] }
  | { ask: 'icon' }
export interface Look { tab: Tab; cards: boolean; typed: string; show: Show; palette: boolean; renaming: string | undefined; question: Question | undefined; rule: number }

const PALETTE = 'formwork.entity.palette'
/** The palette of types stands open where there is room for it, unless the author has said otherwise. */
function opensPalette(): boolean {
  try { const said = localStorage.getItem(PALETTE); if (said) return said === 'open' } catch { /* as by default */ }
  return typeof innerWidth === 'number' && (innerWidth >= 1560 || innerWidth < 900)
}

interface Chosen { fields?: string[]; at?: string }

export class Board {
  readonly designer: Designer<More>
  look: Look = { tab: 'fields', cards: false, typed: '', show: 'all', palette: opensPalette(), renaming: undefined, question: undefined, rule: 0 }
  uses: Uses
  changes: TypeChange[]
  /** Bound by the page: draw anew. */
  redraw: () => void = () => {}
  private timer = 0

  constructor(designer: Designer<More>) {
    this.designer = designer
    this.uses = designer.boot.more.uses
    this.changes = designer.boot.more.changes
    this.publishedFields = new Map(designer.boot.more.published?.fields.map(field => [field.uid, field]))
    this.watch()
  }

  set(look: Partial<Look>): void { this.look = { ...this.look, ...look }; this.redraw() }

  showPalette(isOpen: boolean): void {
    try { localStorage.setItem(PALETTE, isOpen ? 'open' : 'closed') } catch { /* only for this page then */ }
    this.set({ palette: isOpen })
  }

  get place(): Address { return this.designer.place }
  get entity(): EntityDocument { return this.designer.draft.get<EntityDocument>(this.place)! }
  get published(): EntityDocument | null { return this.designer.boot.more.published }
  private readonly publishedFields: ReadonlyMap<string, Field>
  publishedField = (uid: string): Field | undefined => this.publishedFields.get(uid)
  private readonly standings = new WeakMap<Field, model.Standing>()
  /** How a field stands to the release; fields never change in place, so the answer is kept. */
  standing(field: Field): model.Standing {
    let found = this.standings.get(field)
    if (found === undefined) this.standings.set(field, found = model.standingOf(field, this.publishedField(field.uid)))
    return found
  }
  name = (field: Field): string => this.designer.read(field.label, field.key)
  field = (uid: string): Field | undefined => this.entity.fields.find(field => field.uid === uid)
  change = (uid: string): TypeChange | undefined => this.changes.find(each => each.field === uid)
  usesOf = (field: Field): Use[] => this.uses.fields[field.key] ?? []

  // the selection lives in the draft's focus: undo brings it back
  get chosen(): ReadonlySet<string> {
    const wanted = (this.designer.draft.focus as Chosen | null)?.fields ?? []
    if (wanted.length < 2) return new Set(wanted.filter(uid => this.field(uid)))
    const known = new Set(this.entity.fields.map(field => field.uid))
    return new Set(wanted.filter(uid => known.has(uid)))
  }
  get at(): string | undefined {
    const at = (this.designer.draft.focus as Chosen | null)?.at
    return at && this.field(at) ? at : undefined
  }
  get selected(): Field[] { const chosen = this.chosen; return this.entity.fields.filter(field => chosen.has(field.uid)) }
  select(uids: readonly string[], at = uids.at(-1)): void { this.designer.draft.setFocus({ fields: [...uids], ...(at ? { at } : {}) }) }
  private focusOn = (uids: readonly string[], at = uids.at(-1)): { fields: string[]; at?: string } => ({ fields: [...uids], ...(at ? { at } : {}) })

  /** Fields that are shown: what was typed, and which ones. */
  visible(problems: ReadonlyMap<string, unknown>): Field[] {
    const { typed, show } = this.look
    const all = this.entity.fields.filter(field => {
      if (show === 'all') return true
      const standing = this.standing(field)
      return show === 'used' ? standing !== 'retired' : show === 'retired' ? standing === 'retired' : show === 'problems' ? problems.has(field.uid) : standing === 'new' || standing === 'changed'
    })
    if (!typed.trim()) return all
    return fitting(typed, all.map(field => ({ field, label: this.name(field), value: field.key, keywords: `${keywordsOf(field.label)} ${this.designer.fieldType(field.type)?.label ?? ''}` }))).map(each => each.field)
  }
  get isFiltered(): boolean { return this.look.typed.trim() !== '' || this.look.show !== 'all' }

  private edit(label: string, command: (edits: Edits) => void, more: { merge?: string; focus?: Chosen } = {}): boolean {
    return this.designer.draft.edit(label, command, more as { merge?: string; focus?: Record<string, unknown> })
  }
  private fields(label: string, how: (fields: Field[]) => Field[], more: { merge?: string; focus?: Chosen } = {}): boolean {
    return this.edit(label, edits => edits.change<EntityDocument>(this.place, entity => { const fields = how(entity.fields); return fields === entity.fields ? entity : { ...entity, fields } }), more)
  }
  say = (code: string, values: Record<string, string | number> = {}): string => say(`designer.entity.${code}`, values)
  tell = (text: string): void => this.designer.announce(text)

  // one field ----------------------------------------------------------------------------------
  put(uid: string, key: keyof Field, value: unknown, or?: unknown): void {
    const field = this.field(uid)
    if (field) this.fields(this.say('did_set', { field: this.name(field) }), fields => model.changed(fields, new Set([uid]), each => model.put(each, key, value, or)), { merge: `${uid} ${key}` })
  }
  putOption(uid: string, key: string, value: unknown): void {
    const field = this.field(uid)
    if (!field) return
    if (key === 'options' && this.publishedField(uid)) {
      const there = new Set((field.options?.options ?? []).map(option => option.key))
      const gone = model.lost(this.publishedField(uid)?.options?.options ?? [], (value ?? []) as ChoiceOption[]).filter(option => there.has(option.key))
      if (gone.length) void this.askAboutOptions(field, (value ?? []) as ChoiceOption[], gone)
    }
    this.fields(this.say('did_set', { field: this.name(field) }), fields => model.changed(fields, new Set([uid]), each => {
      const { [key]: _, ...rest } = each.options ?? {}
      const options = value === undefined ? rest : { ...each.options, [key]: value }
      return model.put(each, 'options', Object.keys(options).length ? options : undefined)
    }), { merge: `${uid} options ${key}` })
  }
  private async askAboutOptions(field: Field, to: ChoiceOption[], gone: ChoiceOption[]): Promise<void> {
    const counted: { option: ChoiceOption; count: number }[] = []
    for (const option of gone.slice(0, 20)) {
      const count = await this.count(field.uid, option.key)
      if (count) counted.push({ option, count })
    }
    if (counted.length) this.set({ question: { ask: 'options', uid: field.uid, to, gone: counted } })
  }
  /** Options that records hold are retired instead of taken out. */
  retireOptions(uid: string, options: readonly ChoiceOption[]): void {
    const field = this.field(uid)
    if (!field) return
    this.fields(this.say('did_retire_options', { field: this.name(field) }), fields => model.changed(fields, new Set([uid]), each => {
      const before = this.publishedField(uid)?.options?.options ?? []
      const there = new Map((each.options?.options ?? []).map(option => [option.key, option]))
      const back = options.filter(option => !there.has(option.key)).map(option => ({ ...option, retired: true }))
      // Each goes back to where it stood.
      const list = [...there.values()]
      for (const option of back) list.splice(Math.min(before.findIndex(other => other.key === option.key), list.length), 0, option)
      return { ...each, options: { ...each.options, options: list } }
    }))
    this.tell(this.say('options_retired', { count: options.length }))
  }
  async count(uid: string, option?: string): Promise<number> {
    const found = await ask<{ count: number }>(`/design/${this.designer.boot.app}/values`, { field: uid, ...(option === undefined ? {} : { option }) }).catch(() => undefined)
    return found?.count ?? 0
  }

  // adding ---------------------------------------------------------------------------------------
  private async spell(words: string): Promise<string | undefined> {
    if (/^[\x00-\x7f]*$/.test(words)) return undefined
    const answer = await ask<{ spelled: Record<string, string> }>(`/design/${this.designer.boot.app}/spell`, { texts: [words] }).catch(() => undefined)
    learn(answer?.spelled)
    return answer?.spelled[words]
  }
  labelFor(words: string): Text {
    const { languages } = this.designer.boot
    return languages.length > 1 ? { [this.designer.language]: words } as Text : words
  }
  private after(): number {
    const at = this.at
    const place = at === undefined ? -1 : this.entity.fields.findIndex(field => field.uid === at)
    return place < 0 ? this.entity.fields.length : place + 1
  }
  /** A group of fields behind the selected one, in one step. */
  async addBlock(block: Block, given?: Fitted): Promise<void> {
    const { fitted, tellPlaced } = await import('../parts/blocks.tsx')
    const made = given ?? await fitted(this.designer, block, this.entity.key)
    if (!made) return
    const at = this.after()
    this.fields(say('designer.blocks.did', { label: this.designer.read(block.label) }), fields => [...fields.slice(0, at), ...made.fields, ...fields.slice(at)], { focus: this.focusOn(made.fields.map(field => field.uid)) })
    this.set({ tab: 'fields', ...(this.isFiltered ? { typed: '', show: 'all' as const } : {}) })
    tellPlaced(this.designer, block, made)
  }
  /** A new field behind the selected one; what can't be made without a question asks it first. */
  async add(type: string, words = '', target?: string, renames = !words): Promise<Field | undefined> {
    const shape = this.designer.fieldType(type)
    if (!shape) return undefined
    const label = this.labelFor(words || this.freeLabel(shape.label))
    const taken = this.entity.fields.map(field => field.key)
    const spelled = await this.spell(model.keyWords(label))
    const entities = new Map(this.designer.draft.all<EntityDocument>('entity').map(each => [each.key, each]))
    const start = startOf(type, this.entity, entities, number => this.words('option', { number }), target)
    if (start instanceof NotYet) {
      if (start.code === 'designer.form.needs_entity') this.set({ question: { ask: 'new', type } })
      else toast(say(start.code), 'warn')
      return undefined
    }
    const field = model.madeField(type, label, model.keyOf(label, spelled, taken, type), start as Partial<Field>)
    const at = this.after()
    this.fields(this.say('did_add', { field: read(label, this.designer.language) }), fields => [...fields.slice(0, at), field, ...fields.slice(at)], { focus: this.focusOn([field.uid]) })
    this.set({ question: undefined, renaming: renames ? field.uid : undefined, tab: 'fields', ...(this.isFiltered ? { typed: '', show: 'all' as const } : {}) })
    this.tell(this.say('added', { field: this.name(field), type: shape.label, position: at + 1, count: this.entity.fields.length }))
    return field
  }
  private words(code: string, values: Record<string, string | number>): Text { return this.labelFor(this.say(code, values)) }
  private freeLabel(label: string): string {
    const known = new Set(this.entity.fields.map(field => this.name(field)))
    for (let number = 1; ; number++) { const found = number === 1 ? label : `${label} ${number}`; if (!known.has(found)) return found }
  }
  /** A label typed in the table. The key of a field that no release knows follows its label as long as nobody has set it. */
  async rename(uid: string, words: string): Promise<void> {
    const field = this.field(uid)
    this.set({ renaming: undefined })
    if (!field || !words.trim() || words === this.name(field)) return
    const { languages } = this.designer.boot
    const before = typeof field.label === 'string' ? Object.fromEntries(languages.map(each => [each, field.label as string])) : field.label
    const label: Text = typeof field.label === 'string' && languages.length === 1 ? words : { ...before, [this.designer.language]: words }
    const others = this.entity.fields.filter(each => each.uid !== uid).map(each => each.key)
    const follows = !this.publishedField(uid) && !this.usesOf(field).length && (await this.keyFollows(field, others))
    const key = follows ? model.keyOf(label, await this.spell(model.keyWords(label)), others, field.type) : field.key
    this.fields(this.say('did_rename', { field: words }), fields => model.changed(fields, new Set([uid]), each => ({ ...each, label, key })))
    this.tell(this.say('renamed', { field: words }))
  }
  private async keyFollows(field: Field, others: string[]): Promise<boolean> {
    return field.key === model.keyOf(field.label, await this.spell(model.keyWords(field.label)), others, field.type)
  }

  // many fields ----------------------------------------------------------------------------------
  setAll(uids: readonly string[], key: 'required' | 'unique' | 'searchable' | 'tracked', value: boolean): void {
    const wanted = new Set(uids)
    const may = (field: Field): boolean => {
      const shape = this.designer.fieldType(field.type)
      return key === 'tracked' || (key === 'searchable' ? model.SEARCHABLE.has(field.type) : !shape?.is_derived && (key === 'required' || model.UNIQUE.has(field.type)))
    }
    const count = this.entity.fields.filter(field => wanted.has(field.uid) && may(field)).length
    this.fields(this.say(`did_${key}`, { count }), fields => model.changed(fields, wanted, field => may(field) ? model.put(field, key, value, key === 'tracked') : field))
    this.tell(this.say(value ? `set_${key}` : `unset_${key}`, { count }))
  }
  move(step: -1 | 1): void {
    if (this.isFiltered) { this.tell(this.say('no_move_filtered')); return }
    const chosen = this.chosen
    this.fields(this.say('did_move', { count: chosen.size }), fields => model.stepped(fields, chosen, step), { merge: `move ${[...chosen].join()}`, focus: this.designer.draft.focus as Chosen })
    this.sayPlace()
  }
  moveTo(uids: readonly string[], to: number): void {
    this.fields(this.say('did_move', { count: uids.length }), fields => model.moved(fields, new Set(uids), to), { focus: this.focusOn(uids) })
    this.sayPlace()
  }
  private sayPlace(): void {
    const selected = this.selected
    if (!selected.length) return
    const position = this.entity.fields.indexOf(selected[0]!) + 1
    this.tell(this.say(selected.length === 1 ? 'moved' : 'moved_many', { field: this.name(selected[0]!), count: selected.length, position, total: this.entity.fields.length }))
  }
  duplicate(): void {
    const chosen = this.chosen
    if (!chosen.size) return
    let made: Field[] = []
    this.fields(this.say('did_double', { count: chosen.size }), fields => { const found = model.doubled(fields, chosen, label => this.copyName(label)); made = found.made; return found.fields })
    this.select(made.map(field => field.uid))
    this.tell(this.say('doubled', { count: made.length }))
  }
  private copyName(label: Text): Text {
    const name = (words: string): string => words && this.say('copy_of', { label: words })
    return typeof label === 'string' ? name(label) : Object.fromEntries(Object.entries(label).map(([language, words]) => [language, name(words ?? '')])) as Text
  }
  copy(isCut = false): void {
    const fields = this.selected
    if (!fields.length) return
    copy({ kind: 'fields', app: this.designer.boot.app, from: this.entity.key, content: { entity: this.entity.key, fields } })
    if (isCut) this.drop(fields.map(field => field.uid))
    else this.tell(this.say('copied', { count: fields.length }))
  }
  paste(): void {
    const found = clip('fields', 'form-items')
    if (!found) { this.tell(this.say('nothing_to_paste')); return }
    const content = found.content as { entity: string; fields?: Field[]; items?: { field?: Field }[] }
    const fields = content.fields ?? (content.items ?? []).flatMap(each => each.field ?? [])
    const isHome = content.entity === this.entity.key && found.app === this.designer.boot.app
    const made = model.pasted({ entity: content.entity, fields }, this.entity, new Set(this.designer.draft.all('entity').map(each => each.key)), isHome)
    const at = this.after()
    if (made.fields.length) this.fields(this.say('did_paste', { count: made.fields.length }), all => [...all.slice(0, at), ...made.fields, ...all.slice(at)], { focus: this.focusOn(made.fields.map(field => field.uid)) })
    this.tell(this.say('pasted', { count: made.fields.length }))
    if (made.dropped.length) toast(made.dropped.slice(0, 5).map(each => this.say(`dropped_${each.part}`, { field: this.designer.read(each.field), name: each.name })).join(' '), 'warn')
  }

  // going and coming back --------------------------------------------------------------------------
  /** What others use, or records hold, is shown before it goes. */
  drop(uids: readonly string[]): void {
    const fields = uids.flatMap(uid => this.field(uid) ?? [])
    if (!fields.length) return
    if (fields.some(field => this.publishedField(field.uid) || this.usesOf(field).length)) this.set({ question: { ask: 'drop', uids: [...uids] } })
    else this.dropNow(uids)
  }
  /** Published fields retire, others go; `everywhere` takes them off forms, lists and roles too. */
  dropNow(uids: readonly string[], everywhere = false): void {
    const fields = uids.flatMap(uid => this.field(uid) ?? [])
    const published = new Set(fields.filter(field => this.publishedField(field.uid)).map(field => field.uid))
    const all = this.entity.fields
    const next = all.slice(all.findIndex(field => field.uid === uids.at(-1)) + 1).find(field => !uids.includes(field.uid)) ?? all.filter(field => !uids.includes(field.uid)).at(-1)
    const stays = fields.filter(field => published.has(field.uid)).map(field => field.uid)
    this.edit(this.say('did_drop', { count: fields.length }), edits => {
      for (const field of fields) {
        if (everywhere) dropField(edits, this.designer.draft.everything(), this.entity.key, field.key, published.has(field.uid))
        else edits.change<EntityDocument>(this.place, entity => ({ ...entity, fields: published.has(field.uid) ? model.changed(entity.fields, new Set([field.uid]), each => ({ ...each, retired: true })) : entity.fields.filter(each => each.uid !== field.uid) }))
      }
    }, { focus: this.focusOn(stays.length ? stays : next ? [next.uid] : []) })
    this.set({ question: undefined })
    const gone = fields.length - stays.length
    this.tell([stays.length ? this.say('retired', { count: stays.length }) : '', gone ? this.say('removed', { count: gone }) : ''].filter(Boolean).join(' '))
  }
  restore(uids: readonly string[]): void {
    const wanted = new Set(uids)
    this.fields(this.say('did_restore', { count: uids.length }), fields => model.changed(fields, wanted, field => model.put(field, 'retired', undefined)))
    this.tell(this.say('restored', { count: uids.length }))
  }

  // keys -------------------------------------------------------------------------------------------
  /** What a new key would change, over what is not saved yet. */
  async planRename(field: Field | undefined, to: string): Promise<Renaming> {
    return ask<Renaming>(`/design/${this.designer.boot.app}/rename`, {
      entity: this.entity.key, field: field?.key ?? null, to, unsaved: this.designer.draft.unsaved().flatMap(change => change.document ?? []),
    })
  }
  takeRename(name: string, plan: Renaming): void {
    this.edit(this.say('did_rename_key', { name }), edits => {
      for (const { address, document } of plan.documents) edits.change(address, () => document)
    })
    this.set({ question: undefined })
    this.tell(this.say('key_renamed', { name, count: plan.places.filter(place => place.after !== null).length }))
  }

  // types ------------------------------------------------------------------------------------------
  mayBecome(field: Field, type: string): boolean {
    const before = this.publishedField(field.uid)
    return !before || before.type === type || (this.designer.boot.more.conversions[before.type] ?? []).includes(type)
  }
  takeType(field: Field, to: Field): void {
    const type = this.designer.fieldType(to.type)?.label ?? to.type
    this.fields(this.say('did_retype', { field: this.name(field), type }), fields => model.changed(fields, new Set([field.uid]), () => to), { focus: this.focusOn([field.uid]) })
    this.set({ question: undefined })
    this.tell(this.say('retyped', { field: this.name(field), type }))
  }

  /** Follow running conversions as long as there are any. */
  private watch(): void {
    clearTimeout(this.timer)
    if (this.changes.every(change => change.is_done)) return
    this.timer = window.setTimeout(async () => {
      const before = new Map(this.changes.map(change => [change.field, change]))
      const found = await ask<{ changes: TypeChange[] }>(`/design/${this.designer.boot.app}/type-changes`).catch((error: unknown) => { if (error instanceof Refused) return undefined; throw error })
      if (found) {
        this.changes = found.changes
        for (const change of found.changes) {
          const field = this.field(change.field)
          if (field && change.is_done && before.get(change.field)?.is_done === false) this.tell(this.say('converted', { field: this.name(field), failed: change.failed }))
        }
        this.redraw()
      }
      this.watch()
    }, 1200)
  }

  async refreshUses(): Promise<void> {
    const found = await ask<Uses>(`/design/${this.designer.boot.app}/${this.place}/uses`).catch(() => undefined)
    if (found) { this.uses = found; this.redraw() }
  }
}

export interface Renaming { documents: { address: Address; document: EntityDocument }[]; places: { address: Address; label: string; before: string; after: string | null; path: (string | number)[] }[] }
export const kindOf = (place: Address): Kind => place.split('/')[0] as Kind
