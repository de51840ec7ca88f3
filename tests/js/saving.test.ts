import { test, type TestContext } from 'node:test'
import assert from 'node:assert/strict'
import { Draft, type Entry } from '../../designer/ui/core/draft.ts'
import type { Address, Document } from '../../designer/ui/core/documents.ts'
import { Saving, type News, type Result } from '../../designer/ui/core/saving.ts'
import { Refused } from '../../designer/ui/core/server.ts'

const form = (key: string, more: object = {}): Document => ({ kind: 'form', key, uid: `u-${key}`, schema: 1, label: { en: key }, ...more })
const F: Address = 'form/f'
const G: Address = 'form/g'
type Sent = { address: Address; document: Document | null; base: Document | null; tried: (Document | null)[] }

/** A server as far as saving knows it; `answer` may be changed by the test. */
class Fake {
  sent: Sent[][] = []
  news: News[] = []
  token = ''
  mark = 1
  who = { id: 'me', name: 'Me', csrf: 'new' }
  marks: Record<string, { uid: string; mark: string; by: string }> | null = null
  documents: Entry[] = []
  write: (changes: Sent[]) => Result[] = changes => changes.map(({ address, document }) => ({ address, outcome: 'saved', document, rev: 2, mark: `m${this.mark++}`, status: 'changed' }))
  read: () => void = () => {}
  ask = async <Answer>(address: string, given?: unknown): Promise<Answer> => {
    await Promise.resolve()
    if (given !== undefined) {
      const { changes } = given as { changes: Sent[] }
      this.sent.push(changes)
      return { results: this.write(changes), spelled: {} } as Answer
    }
    this.read()
    if (address.includes('since=')) return { rev: 2, marks: this.marks, who: this.who } as Answer
    return { documents: this.documents } as Answer
  }
}

function begin(context: TestContext): { draft: Draft; saving: Saving; fake: Fake; later: (time: number) => Promise<void> } {
  context.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 0 })
  const fake = new Fake()
  const draft = new Draft([form('f'), form('g')].map(document => ({ document, rev: 1, mark: 'm0', status: 'published' })))
  const saving = new Saving(draft, { app: 'a', rev: 1, user: { id: 'me', name: 'Me' }, ask: fake.ask, onResult: () => {}, onNews: news => fake.news.push(...news), onToken: csrf => { fake.token = csrf } })
  const later = async (time: number): Promise<void> => {
    context.mock.timers.tick(time)
    for (let turn = 0; turn < 40; turn++) await Promise.resolve()
  }
  return { draft, saving, fake, later }
}

const name = (words: string, place: Address = F) => (edits: import('../../designer/ui/core/draft.ts').Edits): void => edits.set(place, ['label', 'en'], words)

test('an edit goes out by itself, a moment after the last one', async context => {
  const { draft, saving, fake, later } = begin(context)
  draft.edit('one', name('A'))
  assert.equal(saving.state, 'waiting')
  await later(500)
  draft.edit('two', name('B'))
  await later(500)
  assert.equal(fake.sent.length, 0)
  await later(500)
  assert.deepEqual(fake.sent.map(changes => changes.map(change => [change.address, change.document!.label, change.base!.label])), [[[F, { en: 'B' }, { en: 'f' }]]])
  assert.equal(saving.state, 'saved')
})

test('without a connection nothing is lost; it is tried again with what may have arrived', async context => {
  const { draft, saving, fake, later } = begin(context)
  const works = fake.write
  fake.write = () => { throw new Refused(0, [{ code: '', path: [], message: 'no answer' }]) }
  draft.edit('one', name('A'))
  await later(1000)
  assert.equal(saving.state, 'offline')
  draft.edit('two', name('B'))
  assert.equal(saving.state, 'offline')
  fake.write = works
  await later(2100)
  assert.equal(saving.state, 'saved')
  assert.deepEqual(fake.sent.at(-1)![0]!.tried.map(document => document!.label), [{ en: 'A' }])
  assert.deepEqual(draft.unsaved(), [])
})

test('after the session ended it goes on by itself with the new session’s token', async context => {
  const { draft, saving, fake, later } = begin(context)
  const works = fake.write
  const over = (): never => { throw new Refused(401, [{ code: 'http.401', path: [], message: '' }]) }
  fake.write = () => { throw new Refused(403, [{ code: 'shell.csrf', path: [], message: '' }]) }
  fake.read = over
  draft.edit('one', name('A'))
  await later(1000)
  await later(0)
  assert.equal(saving.state, 'signed_out')
  await later(60_000)
  assert.equal(fake.sent.length, 1)
  fake.read = () => {}
  fake.write = works
  await saving.look()
  assert.equal(fake.token, 'new')
  assert.equal(saving.state, 'saved')
})

test('when somebody else signed in, nothing goes out in their name without a word', async context => {
  const { draft, saving, fake, later } = begin(context)
  fake.who = { id: 'other', name: 'Other', csrf: 'theirs' }
  draft.edit('one', name('A'))
  await saving.look()
  assert.equal(saving.state, 'stranger')
  assert.equal(fake.token, '')
  draft.edit('two', name('B'))
  await later(500)
  assert.equal(saving.state, 'stranger')
  saving.acceptStranger()
  await later(0)
  assert.equal(fake.token, 'theirs')
  assert.equal(saving.state, 'saved')
})

test('a refused document waits for another edit of it; the others are saved', async context => {
  const { draft, saving, fake, later } = begin(context)
  const works = fake.write
  fake.write = changes => works(changes).map(result => result.address === F ? { ...result, outcome: 'refused', problems: [{ code: 'x', path: [], message: 'No.' }] } : result)
  draft.edit('both', edits => { name('A')(edits); name('B', G)(edits) })
  await later(1000)
  assert.equal(saving.state, 'refused')
  assert.deepEqual(draft.unsaved().map(change => change.place), [F])
  draft.edit('other', name('C', G))
  await later(1000)
  assert.deepEqual(fake.sent.at(-1)!.map(change => change.address), [G])
  fake.write = works
  draft.edit('mend', name('D'))
  assert.equal(saving.refused.size, 0)
  await later(1000)
  assert.equal(saving.state, 'saved')
})

test('a conflict holds back its own document only', async context => {
  const { draft, saving, fake, later } = begin(context)
  const works = fake.write
  const theirs = form('f', { label: { en: 'T' } })
  fake.write = changes => changes.map(change => change.address === F
    ? { address: F, outcome: 'conflict', document: theirs, rev: 2, mark: 'm9', status: 'changed', conflict: { address: F, base: change.base, mine: change.document, theirs, by: 'W', clashes: [{ path: ['label', 'en'], label: '', base: 'f', mine: 'A', theirs: 'T' }], merged: change.document } }
    : works([change])[0]!)
  draft.edit('one', name('A'))
  await later(1000)
  assert.equal(saving.state, 'conflict')
  draft.edit('other', name('B', G))
  await later(1000)
  assert.deepEqual(draft.unsaved().map(change => change.place), [F])
  fake.write = works
  saving.resolve(saving.conflicts[0]!, form('f', { label: { en: 'A' } }), 'settle')
  await later(0)
  assert.deepEqual(fake.sent.at(-1)!.map(change => [change.base!.label, change.document!.label]), [[{ en: 'T' }, { en: 'A' }]])
  assert.equal(saving.state, 'saved')
})

test('colleagues’ work comes in while nothing is touched, and says whose it is', async context => {
  const { draft, saving, fake, later } = begin(context)
  fake.marks = { [F]: { uid: 'u-f', mark: 'm7', by: 'Wu' }, [G]: { uid: 'u-g', mark: 'm0', by: '' } }
  fake.documents = [{ document: form('f', { purpose: 'quick' }), rev: 7, mark: 'm7', status: 'changed', by: 'Wu' }]
  await later(16_000)
  assert.equal(draft.get(F)!.purpose, 'quick')
  assert.deepEqual(fake.news, [{ place: F, by: 'Wu' }])
  assert.equal(fake.sent.length, 0)
  assert.equal(saving.state, 'saved')
})

test('a document renamed or removed by a colleague is followed', async context => {
  const { draft, saving, fake } = begin(context)
  fake.marks = { 'form/h': { uid: 'u-f', mark: 'm7', by: 'Wu' } }
  fake.documents = [{ document: form('f', { key: 'h' }), rev: 7, mark: 'm7', status: 'changed', by: 'Wu' }]
  await saving.look()
  assert.equal(draft.get(F), undefined)
  assert.equal(draft.get('form/h')!.uid, 'u-f')
  assert.equal(draft.get(G), undefined)
  assert.deepEqual(fake.news.map(({ place, gone, was }) => [place, gone ?? false, was]), [['form/h', false, F], [G, true, undefined]])
})

test('what was asked before a save from here does not undo that save', async context => {
  const { draft, saving, fake, later } = begin(context)
  fake.marks = { [F]: { uid: 'u-f', mark: 'm0', by: '' } } // as it was before the new document below arrived
  draft.edit('new', edits => edits.put(form('n')))
  fake.read = () => { fake.read = () => {}; void saving.flush() }
  await saving.look()
  await later(0)
  assert.ok(draft.get('form/n'))
  assert.ok(draft.get(G))
})
