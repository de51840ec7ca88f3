/** Commands that put something on the form or copy it: fields, blocks, texts, sections, tabs, lists. */
import { announce } from '../../../runtime/ui/shared/announce.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { copy, pasted } from '../core/clipboard.ts'
import { freeKey, newUid, type EntityDocument, type Field, type FormDocument, type Item } from '../core/documents.ts'
import { clipOf, paste, type Dropped, type ItemClip } from './clip.ts'
import * as fields from './fields.ts'
import * as model from './model.ts'
import type { Spot } from './model.ts'
import { Editing } from './editing.ts'
import type { Block } from '../parts/blocks.tsx'
import type { Focus } from './state.ts'

export class Adding extends Editing {
  // adding ------------------------------------------------------------------------------------------------
  /** Where the next thing goes: behind the selection. */
  get here(): Spot { const { active, tab } = this.focus; return model.spotAfter(this.form, active ?? undefined, tab) }
  protected arrived(focus: Focus, rename: boolean): void {
    const id = focus.active!
    announce(say('designer.form.added', this.where(id)))
    if (rename) this.set({ renaming: id, adding: null })
    else this.set({ adding: null })
  }
  protected put(label: string, spot: Spot, made: readonly Field[], items?: readonly Item[], rename = false): void {
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
  /** A block: its fields, or its sections with those that the entity lacks, in one step. */
  async addBlock(block: Block, given?: Spot): Promise<void> {
    const { fitted, tellPlaced } = await import('../parts/blocks.tsx')
    const made = await fitted(this.designer, block, this.entityKey)
    if (!made) return
    const spot = given ?? this.here
    const label = this.designer.read(block.label)
    const did = say('designer.form.did_add', { label })
    if (!made.document) {
      this.put(did, spot, made.fields)
      announce(say('designer.form.added_block', { label, count: made.fields.length }))
      return
    }
    const on = model.keysOn(this.form)
    let form = this.form
    let index = spot.section + 1
    for (const section of (made.document as FormDocument).tabs.flatMap(tab => tab.sections)) {
      const items = section.items.filter(item => { const key = model.keyOf(item); return key === undefined || !on.has(key) })
      if (items.length) form = model.insertSection(form, spot.tab, index++, { ...section, key: model.newSection(form, undefined).key, items })
    }
    if (form === this.form) { this.tell(say('designer.form.block_unfit', { label })); return }
    const id = model.sectionId(form.tabs[spot.tab]!, form.tabs[spot.tab]!.sections[spot.section + 1]!)
    this.edit(did, edits => {
      edits.change<EntityDocument>(`entity/${this.entityKey}`, entity => ({ ...entity, fields: [...entity.fields, ...made.fields] }))
      edits.change<FormDocument>(this.place, () => form)
    }, { focus: { items: [], active: id, tab: spot.tab } })
    tellPlaced(this.designer, block, made)
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
  protected said(dropped: Dropped, clip: ItemClip): string {
    const label = this.designer.read(clip.items.find(each => each.field?.key === dropped.field)?.field?.label, dropped.field)
    return say(`designer.form.dropped_${dropped.part}`, { label, name: dropped.name })
  }
  duplicate(): void {
    const ids = model.placed(this.form).map(each => each.id).filter(id => this.chosen.includes(id))
    if (!ids.length) return
    this.designer.draft.setFocus({ ...this.focus, active: ids.at(-1)! })
    this.paste(clipOf(this.form, this.entityKey, this.entity?.fields ?? [], ids))
  }
}
