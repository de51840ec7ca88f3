/** What the form designer knows: the form, its entity, what is selected, what is wrong with it. */
import { announce } from '../../../runtime/ui/shared/announce.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { type Address, type EntityDocument, type Field, type FormDocument, type Item, type RoleDocument, type WorkflowDocument } from '../core/documents.ts'
import type { Finding } from '../core/problems.ts'
import { ask } from '../core/server.ts'
import type { Block } from '../parts/blocks.tsx'
import type { Designer } from '../parts/designer.tsx'
import * as fields from './fields.ts'
import * as model from './model.ts'
import type { Id, Spot } from './model.ts'
import { Widgets, type Widget } from './widgets.ts'

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

export class FormState {
  readonly designer: Designer<More>
  readonly place: Address
  readonly widgets: Widgets
  ui: Ui = { renaming: null, adding: null, pane: 'add', mode: 'design', question: null, blocks: [], uses: null }
  /** Fields made on this page whose key still follows their label. */
  protected readonly fresh = new Set<string>()
  protected readonly spelled = new Map<string, string>()
  protected readonly published: Set<string>
  protected readonly listeners = new Set<() => void>()

  constructor(designer: Designer<More>) {
    this.designer = designer
    this.place = designer.place
    this.published = new Set(designer.boot.more.published)
    this.widgets = new Widgets(designer.boot.app, designer.draft, () => this.told())
    const form = this.form
    model.placed(form).forEach((each, at) => this.widgets.learn(form.entity, each.item, this.fieldOf(each.item), this.childOf(each.item), designer.boot.more.widgets[at] ?? null))
  }
  subscribe = (listener: () => void): (() => void) => { this.listeners.add(listener); return () => { this.listeners.delete(listener) } }
  protected told(): void { for (const listener of this.listeners) listener() }
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
  protected system: Field[] | undefined
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
  protected readonly indexes = new WeakMap<EntityDocument, Map<string, Field>>()
  protected indexOf(entity: EntityDocument | undefined): Map<string, Field> {
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
  protected readonly badged = new WeakMap<Item, { field: Field | undefined; marks: object; text: string }>()
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
  protected marked: { version: number; documents: readonly unknown[]; restricted: Map<string, string>; status: Set<string> } | undefined
  /** Names of the roles that may not write a field, by field; worked out anew only when a role or a workflow changed. */
  protected get marks(): { restricted: Map<string, string>; status: Set<string> } {
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
  protected where(id: Id): Record<string, string | number> {
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

  // findings ----------------------------------------------------------------------------------------------
  protected pinned: { findings: readonly Finding[]; by: Map<Id, Finding[]>; mine: Finding[] } | undefined
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

  // what the server knows ---------------------------------------------------------------------------------
  async fetchBlocks(): Promise<void> {
    const answer = await ask<{ blocks: Block[] }>(`/design/${this.designer.boot.app}/blocks?offers=fields&offers=form`).catch(() => undefined)
    if (answer) this.set({ blocks: answer.blocks })
  }
  async fetchUses(): Promise<void> {
    const answer = await ask<{ uses: Use[] }>(`/design/${this.designer.boot.app}/uses`).catch(() => undefined)
    if (answer) this.set({ uses: answer.uses })
  }

  get roles(): RoleDocument[] { return this.designer.draft.all<RoleDocument>('role') }
  /** Say something that has no place of its own on the screen: to everybody, not only to screen readers. */
  tell: (text: string) => void = announce
}
