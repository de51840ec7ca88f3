/** Commands that change what stands on the form: moving, renaming, removing, settings. */
import { announce } from '../../../runtime/ui/shared/announce.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { Edits } from '../core/draft.ts'
import { freeKey, keyFrom, written, type EntityDocument, type Field, type FormDocument, type RoleDocument, type Text } from '../core/documents.ts'
import { ask } from '../core/server.ts'
import { learn } from '../core/spelling.ts'
import * as fields from './fields.ts'
import * as model from './model.ts'
import type { Id, Spot } from './model.ts'
import { FormState, type Focus } from './state.ts'

export class Editing extends FormState {
  // editing -----------------------------------------------------------------------------------------------
  edit(label: string, command: (edits: Edits) => void, given: { merge?: string; focus?: Focus } = {}): boolean { return this.designer.draft.edit(label, command, given) }
  /** One step over the form alone. */
  change(label: string, how: (form: FormDocument) => FormDocument, given: { merge?: string; focus?: Focus } = {}): boolean {
    return this.edit(label, edits => edits.change<FormDocument>(this.place, how), given)
  }
  protected at(items: readonly Id[], form = this.form): Focus {
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
  protected label(ids: readonly Id[]): string { return ids.length > 1 ? say('designer.form.fields_count', { count: ids.length }) : this.name(ids[0] ?? '') }

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
  protected async renameField(field: Field, label: Text, words: string): Promise<void> {
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

  // roles -------------------------------------------------------------------------------------------------
  setRight(role: RoleDocument, entity: string, key: string, right: fields.Right): void {
    this.edit(say('designer.form.did_right', { role: this.designer.read(role.label), label: this.designer.read(this.field(key)?.label, key) }), edits => edits.change<RoleDocument>(`role/${role.key}`, before => fields.withRight(before, entity, key, right)))
  }
}
