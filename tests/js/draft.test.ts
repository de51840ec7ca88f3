import { test } from 'node:test'
import assert from 'node:assert/strict'
import { Draft, type Entry } from '../../designer/ui/core/draft.ts'
import type { Address, Document } from '../../designer/ui/core/documents.ts'

const form = (more: object = {}): Document => ({ kind: 'form', key: 'f', uid: 'u-f', schema: 1, label: { en: 'Form' }, tabs: [{ key: 't', items: [{ field: 'a' }, { field: 'b' }] }], ...more })
const entity = (): Document => ({ kind: 'entity', key: 'e', uid: 'u-e', schema: 1, label: 'E', fields: [] })
const entry = (document: Document): Entry => ({ document, rev: 1, mark: '1', status: 'published' })
const F: Address = 'form/f'
const draft = (...documents: Document[]): Draft => new Draft((documents.length ? documents : [form(), entity()]).map(entry))
const label = (words: string) => (edits: import('../../designer/ui/core/draft.ts').Edits): void => edits.set(F, ['label', 'en'], words)

test('undoing everything gives back the documents as loaded', () => {
  const loaded = [form(), entity()]
  const made = draft(...loaded)
  for (let step = 0; step < 120; step++) {
    made.edit(`step ${step}`, edits => {
      edits.set(F, ['label', 'en'], `Form ${step}`)
      if (step % 3 === 0) edits.insert(F, ['tabs', 0, 'items'], 0, { field: `x${step}` })
      if (step % 5 === 0) edits.move(F, ['tabs', 0, 'items'], 0, 2)
      if (step === 50) edits.remove('entity/e')
      if (step === 60) edits.put(entity())
    })
  }
  while (made.undoLabel) made.undo()
  assert.deepEqual(made.everything(), loaded)
  assert.equal(JSON.stringify(made.everything()), JSON.stringify(loaded))
  assert.deepEqual(made.unsaved(), [])
  while (made.redoLabel) made.redo()
  assert.deepEqual((made.get(F)!.label as { en: string }).en, 'Form 119')
})

test('typing is one step; a pause or another place begins a new one', context => {
  context.mock.timers.enable({ apis: ['Date'], now: 0 })
  const made = draft()
  for (const words of ['N', 'Na', 'Nam']) { made.edit('type', label(words), { merge: 'label' }); context.mock.timers.tick(300) }
  context.mock.timers.tick(5000)
  made.edit('type', label('Name'), { merge: 'label' })
  made.undo()
  assert.equal((made.get(F)!.label as { en: string }).en, 'Nam')
  made.undo()
  assert.equal((made.get(F)!.label as { en: string }).en, 'Form')
  assert.equal(made.undoLabel, undefined)
})

test('undo brings back what was chosen', () => {
  const made = draft()
  made.setFocus({ field: 'a' })
  made.edit('remove', edits => edits.set(F, ['tabs', 0, 'items', 0], undefined), { focus: { field: 'b' } })
  made.undo()
  assert.deepEqual(made.focus, { field: 'a' })
  made.redo()
  assert.deepEqual(made.focus, { field: 'b' })
})

test('undo never takes back a colleague’s work', () => {
  const made = draft()
  made.edit('one', label('One'))
  const sent = made.get(F)!
  made.saved(F, sent, sent, '2', 'changed')
  made.edit('two', edits => edits.set(F, ['tabs', 0, 'items', 0, 'width'], 2))
  const mine = made.get(F)!
  // A colleague added an item after what I sent first; the server merged both.
  const merged = structuredClone(mine)
  ;(merged.tabs as { items: object[] }[])[0]!.items.push({ field: 'c' })
  made.saved(F, mine, merged, '3', 'changed')
  made.undo()
  made.undo()
  assert.deepEqual(made.get(F), { ...form(), tabs: [{ key: 't', items: [{ field: 'a' }, { field: 'b' }, { field: 'c' }] }] })
  made.redo()
  made.redo()
  assert.deepEqual(made.get(F), merged)
})

test('what a colleague did to an untouched document is taken in silently', () => {
  const made = draft()
  const theirs = form({ label: { en: 'Theirs' } })
  assert.equal(made.receive(F, theirs, '2'), true)
  assert.equal(made.get(F), theirs)
  assert.deepEqual(made.unsaved(), [])
  assert.equal(made.undoLabel, undefined)
})

test('a colleague’s work merges with what is not saved yet, where they touched other places', () => {
  const made = draft()
  made.edit('mine', label('Mine'))
  assert.equal(made.receive(F, form({ purpose: 'quick' }), '2'), true)
  assert.deepEqual(made.get(F), form({ label: { en: 'Mine' }, purpose: 'quick' }))
  assert.deepEqual(made.unsaved().map(change => [change.place, change.base!.purpose]), [[F, 'quick']])
  made.undo()
  assert.deepEqual(made.get(F), form({ purpose: 'quick' }))
})

test('where both touched one place it is left to the server, with the base that I had', () => {
  const made = draft()
  made.edit('mine', label('Mine'))
  assert.equal(made.receive(F, form({ label: { en: 'Theirs' } }), '2'), false)
  assert.equal((made.get(F)!.label as { en: string }).en, 'Mine')
  assert.deepEqual(made.unsaved()[0]!.base, form())
})

test('what was typed while a save was under way is not lost, nor what the save brought', () => {
  const made = draft()
  made.edit('one', label('One'))
  const sent = made.get(F)!
  made.edit('two', label('One more'))
  made.saved(F, sent, { ...sent, purpose: 'quick' }, '2', 'changed')
  assert.deepEqual(made.get(F), form({ label: { en: 'One more' }, purpose: 'quick' }))
  assert.equal(made.unsaved().length, 1)
})

test('typing that clashes with what the save brought goes to the server as a clash', () => {
  const made = draft()
  made.edit('one', edits => edits.set(F, ['purpose'], 'full'))
  const sent = made.get(F)!
  made.edit('two', label('Mine'))
  made.saved(F, sent, { ...sent, label: { en: 'Theirs' } }, '2', 'changed')
  const [change] = made.unsaved()
  assert.deepEqual(change!.base, sent)
  assert.equal((change!.document!.label as { en: string }).en, 'Mine')
})

test('another key is one change under the old address, and stays the same thing', () => {
  const made = draft()
  made.edit('rename', edits => edits.change(F, document => ({ ...document, key: 'g' })))
  assert.deepEqual(made.unsaved().map(({ place, document, base }) => [place, document?.key, base?.key]), [[F, 'g', 'f']])
  const sent = made.get('form/g')!
  made.saved(F, sent, sent, '2', 'changed')
  assert.deepEqual(made.unsaved(), [])
  assert.equal(made.placeOf('u-f'), 'form/g')
  made.undo()
  assert.deepEqual(made.unsaved().map(({ place, document }) => [place, document?.key]), [['form/g', 'f']])
})

test('a colleague’s new key is followed, with my edits under the old one', () => {
  const made = draft()
  made.edit('mine', label('Mine'))
  assert.equal(made.receive(F, form({ key: 'g' }), '2'), true)
  assert.deepEqual(made.get('form/g'), form({ key: 'g', label: { en: 'Mine' } }))
  assert.equal(made.get(F), undefined)
  made.undo()
  assert.deepEqual(made.get('form/g'), form({ key: 'g' }))
})

test('a document that a colleague removed is gone here, unless I was at work on it', () => {
  const made = draft()
  assert.equal(made.receive('entity/e', null, ''), true)
  assert.equal(made.get('entity/e'), undefined)
  made.edit('mine', label('Mine'))
  assert.equal(made.receive(F, null, ''), false)
  assert.ok(made.get(F))
})

test('a settled conflict is saved over what stands, and undo gives the colleague’s version', () => {
  const made = draft()
  made.edit('mine', label('Mine'))
  const theirs = form({ label: { en: 'Theirs' } })
  made.settle(F, theirs, '2', form({ label: { en: 'Mine' } }), 'settle')
  assert.deepEqual(made.unsaved().map(change => [change.base, change.document]), [[theirs, form({ label: { en: 'Mine' } })]])
  made.undo()
  assert.deepEqual(made.get(F), theirs)
})

test('work of an earlier page is put back as one step, to be merged from what it was made of', () => {
  const made = draft(form({ purpose: 'quick' }), entity())
  made.resume([{ place: F, document: form({ label: { en: 'Lost' } }), base: form() }], 'restore')
  assert.deepEqual(made.unsaved(), [{ place: F, document: form({ label: { en: 'Lost' } }), base: form() }])
  assert.equal(made.undoLabel, 'restore')
})

test('a document has its status, and counts as changed before it is saved', () => {
  const made = draft()
  assert.equal(made.status(F), 'published')
  made.edit('mine', label('Mine'))
  assert.equal(made.status(F), 'changed')
  assert.equal(made.status('form/none'), 'new')
})
