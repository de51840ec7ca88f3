/** The form designer's state and commands: what the mouse, the keys, the palette and the panel all call. */
import { announce } from '../../../runtime/ui/shared/announce.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { copy, pasted } from '../core/clipboard.ts'
import type { Edits } from '../core/draft.ts'
import { freeKey, keyFrom, newUid, written, type Address, type Document, type EntityDocument, type Field, type FormDocument, type Item, type RoleDocument, type Text, type WorkflowDocument } from '../core/documents.ts'
import type { Finding } from '../core/problems.ts'
import { ask } from '../core/server.ts'
import { learn } from '../core/spelling.ts'
import type { Designer } from '../parts/designer.tsx'
import { clipOf, paste, type Dropped, type ItemClip } from './clip.ts'
import * as fields from './fields.ts'
import * as model from './model.ts'
import type { Id, Spot } from './model.ts'
import { Widgets, type Widget } from './widgets.ts'

export interface Block { key: string; offers: string; label: Text; description: Text; fields?: Omit<Field, 'uid'>[]; document?: Document & { tabs?: FormDocument['tabs'] }; spelled: string }
export interface Use { target: string[]; kind: string; key: string; path: (string | number)[] }
export interface More { widgets: (Widget | null)[]; published: string[] }
export interface Focus { [more: string]: unknown; items: readonly Id[]; active: Id | null; tab: number }

/** What is asked before something is done. */
export type Question =
  | { ask: 'remove'; id: Id }
  | { ask: 'drop_field'; key: string }
  | { ask: 'entity'; type: 'reference' | 'rows'; spot: Spot }
  | { ask: 'related' }
  | { ask: 'variant' }

export interface Ui {
  renaming: Id | null
  /** The "+" that is open, by the thing it stands behind. */
  adding: Id | null
  pane: 'add' | 'outline'
  mode: 'design' | 'preview'
  question: Question | null
  blocks: readonly Block[]
  uses: readonly Use[] | null
}

const NOTHING: Focus = { items: [], active: null, tab: 0 }

export class Board {
  readonly designer: Designer<More>
  readonly place: Address
  readonly widgets: Widgets
  ui: Ui = { renaming: null, adding: null, pane: 'add', mode: 'design', question: null, blocks: [], uses: null }
  /** Fields made on this page whose key still follows their label. */
  private readonly fresh = new Set<string>()
  private readonly spelled = new Map<string, string>()
  private readonly published: Set<string>
  private readonly listeners = new Set<() => void>()

  constructor(designer: Designer<More>) {
    this.designer = designer
    this.place = designer.place
    this.published = new Set(designer.boot.more.published)
    this.widgets = new Widgets(designer.boot.app, designer.draft, () => this.told())
    const form = this.form
    model.placed(form).forEach((each, at) => this.widgets.learn(form.entity, each.item, this.fieldOf(each.item), this.childOf(each.item), designer.boot.more.widgets[at] ?? null))
  }
  subscribe = (listener: () => void): (() => void) => { this.listeners.add(listener); return () => { this.listeners.delete(listener) } }
  private told(): void { for (const listener of this.listeners) listener() }
  set(ui: Partial<Ui>): void { this.ui = { ...this.ui, ...ui }; this.told() }

  // what there is -----------------------------------------------------------------------------------------
  get form(): FormDocument { return this.designer.draft.get<FormDocument>(this.place)! }
  get entityKey(): string { return this.form.entity }
  get entity(): EntityDocument | undefined { return this.entityOf(this.form.entity) }
  entityOf = (key: string): EntityDocument | undefined => this.designer.draft.get<EntityDocument>(`entity/${key}`)
  get focus(): Focus {
    const found = this.designer.draft.focus as Focus | null ?? NOTHING
    const form = this.form
    const there = found.items.filter(id => model.exists(form, id))
    const active = found.active && model.exists(form, found.active) ? found.active : there[0] ?? null
    const tab = Math.min((active && !active.startsWith('l:') ? model.tabOf(form, active) : undefined) ?? found.tab, Math.max(0, form.tabs.length - 1))
    return there.length === found.items.length && active === found.active && tab === found.tab ? found : { items: there, active, tab }
  }
  private system: Field[] | undefined
  /** Who and when: in every entity, without a definition in its document. */
  get systemFields(): Field[] {
    return this.system ??= this.designer.boot.field_types.filter(type => type.is_system).map(type => ({ key: type.key, uid: type.key, type: type.key, label: type.label }))
  }
  fieldOf(item: Item): Field | undefined {
    const key = model.keyOf(item)
    return key === undefined ? undefined : this.field(key)
  }
  field(key: string): Field | undefined {
    return this.indexOf(this.entity).get(key) ?? this.systemFields.find(field => field.key === key)
  }
  private readonly indexes = new WeakMap<EntityDocument, Map<string, Field>>()
  private indexOf(entity: EntityDocument | undefined): Map<string, Field> {
    if (!entity) return new Map()
    let found = this.indexes.get(entity)
    if (!found) this.indexes.set(entity, found = new Map(entity.fields.filter(field => !field.retired).map(field => [field.key, field])))
    return found
  }
  childOf(item: Item): EntityDocument | undefined {
    return 'rows' in item ? this.entityOf(String(this.fieldOf(item)?.options?.entity ?? '')) : undefined
  }
  isPublished = (field: Field): boolean => this.published.has(field.uid)
  isSystem = (field: Field): boolean => this.designer.fieldType(field.type)?.is_system ?? false
  isDerived = (type: string): boolean => { const shape = this.designer.fieldType(type); return !!shape && (shape.is_derived || shape.is_system) }
  private readonly badged = new WeakMap<Item, { field: Field | undefined; marks: object; text: string }>()
  /** Marks of an item's card, "icon TAB words" by line: what is particular about it, also for those who can't see icons. */
  badges(item: Item, field: Field | undefined): string {
    const marks = this.marks
    const known = this.badged.get(item)
    if (known && known.field === field && known.marks === marks) return known.text
    const found: string[] = []
    const rules = item as { visible?: string; required?: string; read_only?: string }
    if (rules.visible) found.push(`eye-off\t${say('designer.form.badge_condition')}`)
    if (rules.required) found.push(`circle-help\t${say('designer.form.badge_required_when')}`)
    if (rules.read_only) found.push(`lock\t${say('designer.form.badge_read_only_when')}`)
    if (field) {
      if (this.isSystem(field)) found.push(`cog\t${say('designer.form.badge_system')}`)
      else if (field.formula !== undefined || this.isDerived(field.type)) found.push(`square-function\t${say('designer.form.badge_computed')}`)
      if (marks.status.has(field.key)) found.push(`workflow\t${say('designer.form.badge_workflow')}`)
      const restricted = marks.restricted.get(field.key)
      if (restricted) found.push(`shield\t${say('designer.form.badge_restricted', { roles: restricted })}`)
    }
    const text = found.join('\n')
    this.badged.set(item, { field, marks, text })
    return text
  }
  private marked: { version: number; documents: readonly unknown[]; restricted: Map<string, string>; status: Set<string> } | undefined
  /** Names of the roles that may not write a field, by field; worked out anew only when a role or a workflow changed. */
  private get marks(): { restricted: Map<string, string>; status: Set<string> } {
    const { version } = this.designer.draft
    if (this.marked?.version === version) return this.marked
    const roles = this.roles
    const flows = this.designer.draft.all<WorkflowDocument>('workflow')
    const documents = [...roles, ...flows, ...(this.entity?.fields.map(field => field.key) ?? [])]
    if (this.marked && this.marked.documents.length === documents.length && documents.every((each, at) => each === this.marked!.documents[at])) { this.marked.version = version; return this.marked }
    const entity = this.entityKey
    const restricted = new Map<string, string>()
    for (const field of [...this.entity?.fields ?? [], ...this.systemFields]) {
      const names = roles.flatMap(role => { const right = fields.rightOf(role, entity, field.key); return right === 'hidden' || (right === 'read' && field.key in (role.entities[entity]?.fields ?? {}) && !this.isDerived(field.type)) ? [`${this.designer.read(role.label)} ${say(`designer.form.right_${right}`)}`] : [] })
      if (names.length) restricted.set(field.key, names.join(say('designer.form.comma')))
    }
    this.marked = { version, documents, restricted, status: new Set(flows.filter(flow => flow.entity === entity).map(flow => flow.status_field)) }
    return this.marked
  }
  /** The workflow whose state this field is, if any: nobody types it. */
  workflowOf(key: string): WorkflowDocument | undefined {
    return this.designer.draft.all<WorkflowDocument>('workflow').find(flow => flow.entity === this.entityKey && flow.status_field === key)
  }

  /** What a thing is called on the screen and to screen readers. */
  name(id: Id): string {
    const form = this.form
    const { read } = this.designer
    if (id.startsWith('t:')) return read(form.tabs[model.tabAt(form, id)]?.label, say('designer.form.nameless_tab'))
    if (id.startsWith('s:')) { const at = model.sectionAt(form, id); return read(at?.it.label, say('designer.form.nameless_section', { number: (at?.section ?? 0) + 1 })) }
    if (id.startsWith('l:')) { const each = form.related?.[model.relatedAt(form, id)]; return read(each?.label, each ? read(this.entityOf(each.entity)?.plural ?? this.entityOf(each.entity)?.label, each.entity) : '') }
    const item = model.find(form, id)?.item
    if (!item) return ''
    if (model.isText(item)) { const words = read(item.text); return words ? words.slice(0, 40) : say('designer.form.text') }
    return read(this.fieldOf(item)?.label, model.keyOf(item))
  }
  private where(id: Id): Record<string, string | number> {
    const at = model.find(this.form, id)
    return { label: this.name(id), ...model.position(this.form, id), section: at ? this.name(at.section_id) : '' }
  }

  // selecting ---------------------------------------------------------------------------------------------
  /** Select a thing. Items can be several; a section, tab or related list stands alone. */
  select(id: Id | null, how: 'one' | 'toggle' | 'range' | 'keep' = 'one'): void {
    const focus = this.focus
    const form = this.form
    const tab = (id && !id.startsWith('l:') ? model.tabOf(form, id) : undefined) ?? focus.tab
    if (id === null) return this.designer.draft.setFocus({ items: [], active: null, tab } satisfies Focus)
    if (!model.isItem(id) || how === 'one') return this.designer.draft.setFocus({ items: model.isItem(id) ? [id] : [], active: id, tab } satisfies Focus)
    if (how === 'keep') return this.designer.draft.setFocus({ ...focus, active: id, tab } satisfies Focus)
    const held = new Set(focus.items)
    if (how === 'toggle') { if (held.has(id)) held.delete(id); else held.add(id) }
    const all = model.placed(form).map(each => each.id)
    if (how === 'range') {
      const from = all.indexOf(focus.active && model.isItem(focus.active) ? focus.active : id)
      const to = all.indexOf(id)
      for (const each of all.slice(Math.min(from, to), Math.max(from, to) + 1)) held.add(each)
    }
    this.designer.draft.setFocus({ items: all.filter(each => held.has(each)), active: id, tab } satisfies Focus)
    announce(say(held.has(id) ? 'designer.form.selected' : 'designer.form.deselected', { label: this.name(id), count: held.size }))
  }
  selectAll(): void {
    const items = model.placed(this.form).map(each => each.id)
    this.designer.draft.setFocus({ items, active: this.focus.active ?? items[0] ?? null, tab: this.focus.tab } satisfies Focus)
    announce(say('designer.form.selected_all', { count: items.length }))
  }
  showTab(tab: number): void { const it = this.form.tabs[tab]; if (it) this.designer.draft.setFocus({ items: [], active: model.tabId(it), tab } satisfies Focus) }
  /** Items that a command is about: the selection, else the item with the focus. */
  get chosen(): readonly Id[] {
    const { items, active } = this.focus
    return items.length ? items : active && model.isItem(active) ? [active] : []
  }

  // editing -----------------------------------------------------------------------------------------------
  edit(label: string, command: (edits: Edits) => void, given: { merge?: string; focus?: Focus } = {}): boolean { return this.designer.draft.edit(label, command, given) }
  /** One step over the form alone. */
  change(label: string, how: (form: FormDocument) => FormDocument, given: { merge?: string; focus?: Focus } = {}): boolean {
    return this.edit(label, edits => edits.change<FormDocument>(this.place, how), given)
  }
  private at(items: readonly Id[], form = this.form): Focus {
    const active = items[0] ?? null
    return { items: items.filter(model.isItem), active, tab: (active && !active.startsWith('l:') ? model.tabOf(form, active) : undefined) ?? this.focus.tab }
  }

  move(ids: readonly Id[], spot: Spot): void {
    const before = this.form
    const [room, there] = model.withRoom(before, spot)
    const after = model.moveItems(room, ids, there)
    if (after === before) { announce(say('designer.form.stays', { label: this.name(ids[0]!) })); return }
    // Texts are named by their order: after the move they are found again by what they are.
    const moved = ids.map(id => model.find(before, id)?.item)
    const now = model.placed(after).filter(each => moved.includes(each.item)).map(each => each.id)
    this.change(say('designer.form.did_move', { label: this.label(ids) }), () => after, { focus: this.at(now, after) })
    announce(now.length > 1 ? say('designer.form.moved_many', { count: now.length, ...this.where(now[0]!) }) : say('designer.form.moved', this.where(now[0]!)))
  }
  private label(ids: readonly Id[]): string { return ids.length > 1 ? say('designer.form.fields_count', { count: ids.length }) : this.name(ids[0] ?? '') }

  /** Alt and an arrow: a place further; with Shift into the next section. */
  nudge(step: 1 | -1, far = false): void {
    const active = this.focus.active
    if (!this.focus.items.length && active?.startsWith('s:')) {
      const found = model.nudgeSection(this.form, active, step)
      if (!found || found[0] === this.form) { announce(say('designer.form.edge')); return }
      this.change(say('designer.form.did_move', { label: this.name(active) }), () => found[0], { focus: this.at([found[1]], found[0]) })
      announce(say('designer.form.moved_section', this.where(found[1])))
      return
    }
    if (!this.focus.items.length && active?.startsWith('t:')) return this.moveTab(active, model.tabAt(this.form, active) + step)
    if (!this.focus.items.length && active?.startsWith('l:')) return this.moveRelated(active, model.relatedAt(this.form, active) + step)
    const ids = this.chosen
    const spot = ids.length ? model.neighbour(this.form, ids, step, far) : undefined
    if (!spot) { if (ids.length) announce(say('designer.form.edge')); return }
    this.move(ids, spot)
  }
  moveTab(id: Id, to: number): void {
    if (!this.change(say('designer.form.did_move', { label: this.name(id) }), form => model.moveTab(form, id, to), { focus: { items: [], active: id, tab: Math.max(0, to) } })) { announce(say('designer.form.edge')); return }
    announce(say('designer.form.moved_tab', this.where(id)))
  }
  moveSectionTo(id: Id, tab: number, index: number): void {
    const [after, now] = model.moveSection(this.form, id, tab, index)
    if (after === this.form) return
    this.change(say('designer.form.did_move', { label: this.name(id) }), () => after, { focus: this.at([now], after) })
    announce(say('designer.form.moved_section', this.where(now)))
  }
  moveRelated(id: Id, to: number): void {
    const list = this.form.related ?? []
    const from = model.relatedAt(this.form, id)
    if (from < 0 || to < 0 || to >= list.length || from === to) { announce(say('designer.form.edge')); return }
    const next = [...list]
    next.splice(to, 0, ...next.splice(from, 1))
    this.change(say('designer.form.did_move', { label: this.name(id) }), form => ({ ...form, related: next }), { focus: this.at([id]) })
    announce(say('designer.form.moved_related', this.where(id)))
  }

  // adding ------------------------------------------------------------------------------------------------
  /** Where the next thing goes: behind the selection. */
  get here(): Spot { const { active, tab } = this.focus; return model.spotAfter(this.form, active ?? undefined, tab) }
  private arrived(focus: Focus, rename: boolean): void {
    const id = focus.active!
    announce(say('designer.form.added', this.where(id)))
    if (rename) this.set({ renaming: id, adding: null })
    else this.set({ adding: null })
  }
  private put(label: string, spot: Spot, made: readonly Field[], items?: readonly Item[], rename = false): void {
    const [room, there] = model.withRoom(this.form, spot)
    const section = room.tabs[there.tab]!.sections[there.section]!
    const shown = items ?? made.map(field => model.itemFor(field, this.entityOf))
    const after = model.insertItems(room, there, shown)
    const ids = model.placed(after).filter(each => each.section_id === model.sectionId(room.tabs[there.tab]!, section) && each.index >= there.index && each.index < there.index + shown.length).map(each => each.id)
    const focus: Focus = { items: ids, active: ids[0] ?? null, tab: there.tab }
    this.edit(label, edits => fields.addFields(edits, this.place, spot, made, shown), { focus })
    this.arrived(focus, rename)
  }
  /** Put a field that the entity has on the form. */
  addExisting(key: string, spot = this.here): void {
    const field = this.field(key)
    if (field) this.put(say('designer.form.did_add', { label: this.designer.read(field.label, key) }), spot, [], [model.itemFor(field, this.entityOf)])
  }
  /** A new field in the entity and on the form, in one step. Without `words` its name is typed on the canvas. */
  async addNew(type: string, given: { spot?: Spot; words?: string; target?: string } = {}): Promise<void> {
    const entity = this.entity
    const shape = this.designer.fieldType(type)
    const spot = given.spot ?? this.here
    if (!entity || !shape) return
    if ((type === 'reference' || type === 'rows') && !given.target) { this.set({ question: { ask: 'entity', type, spot }, adding: null }); return }
    const entities = new Map(this.designer.draft.all<EntityDocument>('entity').map(each => [each.key, each]))
    const start = fields.startOf(type, entity, entities, number => Object.fromEntries(this.designer.boot.languages.map(each => [each, each === this.designer.language ? say('designer.form.option', { number }) : String(number)])), given.target)
    if (start instanceof fields.NotYet) { this.tell(say(start.code)); return }
    const there = given.target ? entities.get(given.target) : undefined
    const words = given.words?.trim() || (there ? this.designer.read(there.label) : shape.label)
    const label = given.words?.trim() || !there ? { [this.designer.language]: words } : there.label
    const key = freeKey(given.words?.trim() ? await this.keyOf(words, type) : given.target ?? type, [...entity.fields.map(field => field.key), ...this.systemFields.map(field => field.key)])
    const field: Field = { key, uid: newUid(), type, label, ...start }
    if (!given.words?.trim()) this.fresh.add(field.uid)
    this.put(say('designer.form.did_add', { label: words }), spot, [field], undefined, !given.words?.trim())
  }
  /** A new entity for child rows, the field that holds them, and their grid: one step. */
  async addRowsEntity(words: string, spot: Spot): Promise<void> {
    const owner = this.entity
    if (!owner) return
    const key = freeKey(await this.keyOf(words, `${owner.key}_line`), this.designer.draft.all('entity').map(each => each.key))
    const label = { [this.designer.language]: words }
    const child: EntityDocument = { kind: 'entity', key, uid: newUid(), schema: 1, label, part_of: owner.key, title: 'name',
      fields: [{ key: 'name', uid: newUid(), type: 'text', label: { [this.designer.language]: say('designer.form.first_column') }, required: true }] }
    const field: Field = { key: freeKey(key, owner.fields.map(each => each.key)), uid: newUid(), type: 'rows', label, options: { entity: key } }
    const focus: Focus = { items: [`f:${field.key}`], active: `f:${field.key}`, tab: spot.tab }
    this.edit(say('designer.form.did_add', { label: words }), edits => { edits.put(child); fields.addFields(edits, this.place, spot, [field], [{ rows: field.key, fields: ['name'] }]) }, { focus })
    this.arrived(focus, false)
  }
  addText(spot = this.here): void {
    this.put(say('designer.form.did_add', { label: say('designer.form.text') }), spot, [], [{ text: { [this.designer.language]: say('designer.form.text_start') } }], true)
  }
  addSection(place?: { tab: number; index: number }): void {
    const { active, tab } = this.focus
    const form = this.form
    const after = active ? model.find(form, active) ?? model.sectionAt(form, active) : undefined
    const at = place ?? { tab: after?.tab ?? tab, index: after ? after.section + 1 : form.tabs[tab]?.sections.length ?? 0 }
    const section = model.newSection(form, { [this.designer.language]: say('designer.form.new_section') })
    const id = model.sectionId(form.tabs[at.tab]!, section)
    this.change(say('designer.form.did_add', { label: say('designer.form.section') }), before => model.insertSection(before, at.tab, at.index, section), { focus: { items: [], active: id, tab: at.tab } })
    announce(say('designer.form.added_section', this.where(id)))
    this.set({ renaming: id })
  }
  addTab(): void {
    const tab = model.newTab(this.form, { [this.designer.language]: say('designer.form.new_tab') })
    const filled = { ...tab, sections: [model.newSection(this.form, undefined)] }
    this.change(say('designer.form.did_add', { label: say('designer.form.tab') }), form => model.insertTab(form, form.tabs.length, filled), { focus: { items: [], active: model.tabId(tab), tab: this.form.tabs.length } })
    announce(say('designer.form.added_tab', this.where(model.tabId(tab))))
    this.set({ renaming: model.tabId(tab) })
  }
  addRelated(entity: string, field: string): void {
    const there = this.entityOf(entity)
    if (!there) return
    const columns = [there.title, ...there.fields.filter(each => !each.retired && each.type !== 'rows' && each.key !== field && each.key !== there.title).map(each => each.key)].slice(0, 4)
    const related = { entity, field, columns }
    this.change(say('designer.form.did_add', { label: this.designer.read(there.plural ?? there.label) }), form => ({ ...form, related: [...form.related ?? [], related] }), { focus: { items: [], active: model.relatedId(related), tab: this.focus.tab } })
    announce(say('designer.form.added_related', this.where(model.relatedId(related))))
  }
  /** Fields of a block, or a section of a form block: fields into the entity, items on the form, one step. */
  addBlock(block: Block, spot = this.here): void {
    const entity = this.entity
    if (!entity) return
    const label = this.designer.read(block.label)
    if (block.fields) {
      const made = fields.fieldsOfBlock(block.fields, [...entity.fields.map(field => field.key), ...this.systemFields.map(field => field.key)])
      this.put(say('designer.form.did_add', { label }), spot, made)
      announce(say('designer.form.added_block', { label, count: made.length }))
      return
    }
    const offered = block.document?.tabs?.flatMap(tab => tab.sections) ?? []
    const on = model.keysOn(this.form)
    const usable = (item: Item): boolean => { const key = model.keyOf(item); return key === undefined || (!on.has(key) && this.field(key) !== undefined) }
    let form = this.form
    let index = spot.section + 1
    for (const section of offered) {
      const items = section.items.filter(usable)
      for (const item of items) { const key = model.keyOf(item); if (key) on.add(key) }
      if (!items.length) continue
      form = model.insertSection(form, spot.tab, index++, { ...section, key: model.newSection(form, undefined).key, items })
    }
    if (form === this.form) { this.tell(say('designer.form.block_unfit', { label })); return }
    const first = form.tabs[spot.tab]!.sections[spot.section + 1]!
    const id = model.sectionId(form.tabs[spot.tab]!, first)
    this.change(say('designer.form.did_add', { label }), () => form, { focus: { items: [], active: id, tab: spot.tab } })
    announce(say('designer.form.added_section', this.where(id)))
  }
  /** Say something that has no place of its own on the screen: to everybody, not only to screen readers. */
  tell: (text: string) => void = announce

  // naming ------------------------------------------------------------------------------------------------
  /** Learn how Chinese words are spelled, to make a key of them. */
  async spell(words: string): Promise<string> {
    if (/^[\x20-\x7e]*$/.test(words)) return words
    const known = this.spelled.get(words)
    if (known !== undefined) return known
    const answer = await ask<{ spelled: Record<string, string> }>(`/design/${this.designer.boot.app}/spell`, { texts: [words] }).catch(() => undefined)
    learn(answer?.spelled)
    const found = answer?.spelled[words]?.split(' ')[0] ?? ''
    if (answer) this.spelled.set(words, found)
    return found
  }
  async keyOf(words: string, or: string): Promise<string> { return keyFrom(await this.spell(words), or) }

  async rename(id: Id, words: string | null): Promise<void> {
    this.set({ renaming: null })
    if (words === null) return
    const form = this.form
    const text = words.trim()
    const { language, boot } = this.designer
    const put = (before: Text | undefined): Text => written(before, language, text, boot.languages)
    if (id.startsWith('t:')) { if (text) this.change(say('designer.form.did_rename', { label: text }), before => model.patchTab(before, id, { label: put(before.tabs[model.tabAt(before, id)]?.label) })) }
    else if (id.startsWith('s:')) this.change(say('designer.form.did_rename', { label: text }), before => model.patchSection(before, id, { label: text ? put(model.sectionAt(before, id)?.it.label) : undefined }))
    else {
      const item = model.find(form, id)?.item
      const field = item && this.fieldOf(item)
      if (item && model.isText(item)) { if (text) this.change(say('designer.form.did_rename', { label: say('designer.form.text') }), before => model.patchItem(before, id, { text: put(item.text) })) }
      else if (field && text && text !== this.designer.read(field.label)) await this.renameField(field, put(field.label), text)
    }
    if (text) announce(say('designer.form.renamed', { label: text }))
  }
  /** A field made on this page takes its key from its first name. */
  private async renameField(field: Field, label: Text, words: string): Promise<void> {
    const entity = this.entityKey
    const label_ = say('designer.form.did_rename', { label: words })
    const at = (edits: Edits, key: string): number => edits.get<EntityDocument>(`entity/${entity}`)?.fields.findIndex(each => each.key === key) ?? -1
    if (!this.fresh.has(field.uid)) { this.edit(label_, edits => edits.set(`entity/${entity}`, ['fields', at(edits, field.key), 'label'], label)); return }
    this.fresh.delete(field.uid)
    const taken = [...this.entity!.fields.filter(each => each.uid !== field.uid).map(each => each.key), ...this.systemFields.map(each => each.key)]
    const key = freeKey(await this.keyOf(words, field.key), taken)
    const focus = this.focus
    const swap = (id: Id): Id => id === `f:${field.key}` ? `f:${key}` : id
    this.edit(label_, edits => {
      edits.set(`entity/${entity}`, ['fields', at(edits, field.key), 'label'], label)
      if (key !== field.key) fields.renameKey(edits, this.designer.draft.everything(), entity, field.key, key)
    }, { focus: { items: focus.items.map(swap), active: focus.active && swap(focus.active), tab: focus.tab } })
  }
  /** Another key, chosen by the author, for a field that was never published. */
  setKey(field: Field, key: string): void {
    this.fresh.delete(field.uid)
    const focus = this.focus
    const swap = (id: Id): Id => id === `f:${field.key}` ? `f:${key}` : id
    this.edit(say('designer.form.did_key', { label: this.designer.read(field.label, key) }), edits => fields.renameKey(edits, this.designer.draft.everything(), this.entityKey, field.key, key),
      { focus: { items: focus.items.map(swap), active: focus.active && swap(focus.active), tab: focus.tab } })
  }

  /** A text with its words in the reader's language changed. */
  written = (text: Text | undefined, words: string): Text => written(text, this.designer.language, words, this.designer.boot.languages)

  /** Change something of the field itself, in its entity. */
  setField(key: string, path: readonly (string | number)[], value: unknown, what: string, merge = true): void {
    const at = this.entity?.fields.findIndex(field => field.key === key) ?? -1
    if (at < 0) return
    this.edit(say('designer.form.did_set', { what, label: this.designer.read(this.entity!.fields[at]!.label, key) }), edits => edits.set(`entity/${this.entityKey}`, ['fields', at, ...path], value), merge ? { merge: `${key} ${path.join('/')}` } : {})
  }
  setItem(ids: readonly Id[], patch: Readonly<Record<string, unknown>>, what: string): void {
    this.change(say('designer.form.did_set', { what, label: this.label(ids) }), form => ids.reduce((made, id) => model.patchItem(made, id, patch), form), { merge: `${ids.join()} ${Object.keys(patch).join()}` })
  }

  // removing ----------------------------------------------------------------------------------------------
  /** Delete: items leave the form (their fields stay in the entity); a section or tab with something in it asks first. */
  remove(): void {
    const { active, items } = this.focus
    const form = this.form
    if (!items.length && active && !model.isItem(active)) {
      if (active.startsWith('l:')) { this.removeRelated(active); return }
      const filled = active.startsWith('t:') ? form.tabs[model.tabAt(form, active)]?.sections.some(section => section.items.length) : model.sectionAt(form, active)?.it.items.length
      if (active.startsWith('t:') && form.tabs.length < 2) { this.tell(say('designer.form.last_tab')); return }
      if (filled) this.set({ question: { ask: 'remove', id: active } })
      else this.removeContainer(active, false)
      return
    }
    const ids = this.chosen
    if (!ids.length) return
    const all = model.placed(form).map(each => each.id)
    const last = all.indexOf(ids.at(-1)!)
    const next = all.slice(last + 1).find(id => !ids.includes(id)) ?? all.slice(0, last).reverse().find(id => !ids.includes(id))
    const label = this.label(ids)
    const after = model.removeItems(form, ids)
    const there = next && model.find(form, next)?.item
    const focus = model.placed(after).find(each => each.item === there)?.id
    this.change(say('designer.form.did_remove', { label }), () => after, { focus: { items: [], active: focus ?? null, tab: this.focus.tab } })
    announce(say('designer.form.removed', { label, count: ids.length }))
  }
  removeContainer(id: Id, keep: boolean): void {
    const label = this.name(id)
    const tab = id.startsWith('t:') ? Math.max(0, model.tabAt(this.form, id) - 1) : this.focus.tab
    const after = id.startsWith('t:') ? model.removeTab(this.form, id, keep) : model.removeSection(this.form, id, keep)
    const it = after.tabs[Math.min(tab, after.tabs.length - 1)]
    const active = it ? (it.sections[0] && !id.startsWith('t:') ? model.sectionId(it, it.sections[0]) : model.tabId(it)) : null
    this.change(say('designer.form.did_remove', { label }), () => after, { focus: { items: [], active, tab } })
    announce(say('designer.form.removed', { label, count: 1 }))
  }
  removeRelated(id: Id): void {
    const label = this.name(id)
    this.change(say('designer.form.did_remove', { label }), form => { const { related, ...rest } = form; const left = (related ?? []).filter(each => model.relatedId(each) !== id); return left.length ? { ...rest, related: left } : rest as FormDocument }, { focus: { items: [], active: null, tab: this.focus.tab } })
    announce(say('designer.form.removed', { label, count: 1 }))
  }
  /** The field itself goes out of use, here and everywhere. */
  dropField(key: string): void {
    const field = this.field(key)
    if (!field) return
    const label = this.designer.read(field.label, key)
    this.edit(say('designer.form.did_drop', { label }), edits => fields.dropField(edits, this.designer.draft.everything(), this.entityKey, key, this.isPublished(field)), { focus: { items: [], active: null, tab: this.focus.tab } })
    announce(say(this.isPublished(field) ? 'designer.form.retired' : 'designer.form.dropped', { label }))
  }

  // clipboard ---------------------------------------------------------------------------------------------
  copy(cut = false): void {
    const ids = model.placed(this.form).map(each => each.id).filter(id => this.chosen.includes(id))
    if (!ids.length) return
    copy({ kind: 'form-items', app: this.designer.boot.app, from: this.form.key, content: clipOf(this.form, this.entityKey, this.entity?.fields ?? [], ids) })
    if (cut) { if (!this.focus.items.length) this.select(ids[0]!); this.remove() }
    announce(say(cut ? 'designer.form.cut' : 'designer.form.copied', { count: ids.length }))
  }
  paste(given?: ItemClip, from = this.designer.boot.app): void {
    const clip = given ? undefined : pasted('form-items')
    const content = given ?? clip?.content as ItemClip | undefined
    if (!content || !this.entity) { announce(say('designer.form.nothing_to_paste')); return }
    const made = paste(content, { entity: this.entityKey, fields: this.entity.fields, form: this.form, entities: new Set(this.designer.draft.all('entity').map(each => each.key)), app: { from: clip?.app ?? from, to: this.designer.boot.app } })
    const lost = made.dropped.map(each => this.said(each, content))
    if (!made.items.length) { this.tell([say('designer.form.nothing_pasted'), ...lost].join(' ')); return }
    this.put(say('designer.form.did_paste', { count: made.items.length }), this.here, made.fields, made.items)
    const text = say('designer.form.pasted', { count: made.items.length, fields: made.fields.length })
    if (lost.length) this.tell([text, ...lost].join(' '))
    else announce(text)
  }
  private said(dropped: Dropped, clip: ItemClip): string {
    const label = this.designer.read(clip.items.find(each => each.field?.key === dropped.field)?.field?.label, dropped.field)
    return say(`designer.form.dropped_${dropped.part}`, { label, name: dropped.name })
  }
  duplicate(): void {
    const ids = model.placed(this.form).map(each => each.id).filter(id => this.chosen.includes(id))
    if (!ids.length) return
    this.designer.draft.setFocus({ ...this.focus, active: ids.at(-1)! })
    this.paste(clipOf(this.form, this.entityKey, this.entity?.fields ?? [], ids))
  }

  // findings ----------------------------------------------------------------------------------------------
  private pinned: { findings: readonly Finding[]; by: Map<Id, Finding[]>; mine: Finding[] } | undefined
  /** Findings by the thing they concern, worked out against the form as it was checked. */
  problems(): { by: Map<Id, Finding[]>; mine: Finding[] } {
    const findings = this.designer.findings
    if (this.pinned?.findings === findings) return this.pinned
    const by = new Map<Id, Finding[]>()
    const mine: Finding[] = []
    const form = this.form
    const entity = this.entity
    const on = model.keysOn(form)
    for (const finding of findings) {
      let id: Id | undefined
      if (finding.address === this.place) { id = model.idAt(form, finding.path) ?? ''; mine.push(finding) }
      else if (finding.address === `entity/${form.entity}` && finding.path[0] === 'fields') {
        const key = entity?.fields[Number(finding.path[1])]?.key
        if (key === undefined || !on.has(key)) continue
        id = `f:${key}`
        mine.push(finding)
      } else continue
      const list = by.get(id)
      if (list) list.push(finding)
      else by.set(id, [finding])
    }
    this.pinned = { findings, by, mine }
    return this.pinned
  }
  jump(finding: Finding): void {
    for (const [id, list] of this.problems().by) if (list.includes(finding)) { this.set({ mode: 'design' }); this.select(id || null); this.focusOn(id) }
  }
  /** Put the browser's focus on a thing as soon as it is drawn. */
  wanted: Id | null = null
  focusOn(id: Id | null): void { this.wanted = id; this.told() }

  // roles -------------------------------------------------------------------------------------------------
  get roles(): RoleDocument[] { return this.designer.draft.all<RoleDocument>('role') }
  setRight(role: RoleDocument, entity: string, key: string, right: fields.Right): void {
    this.edit(say('designer.form.did_right', { role: this.designer.read(role.label), label: this.designer.read(this.field(key)?.label, key) }), edits => edits.change<RoleDocument>(`role/${role.key}`, before => fields.withRight(before, entity, key, right)))
  }

  // what the server knows ---------------------------------------------------------------------------------
  async fetchBlocks(): Promise<void> {
    const answer = await ask<{ blocks: Block[] }>(`/design/${this.designer.boot.app}/blocks?offers=fields&offers=form`).catch(() => undefined)
    if (answer) this.set({ blocks: answer.blocks })
  }
  async fetchUses(): Promise<void> {
    const answer = await ask<{ uses: Use[] }>(`/design/${this.designer.boot.app}/uses`).catch(() => undefined)
    if (answer) this.set({ uses: answer.uses })
  }
}
