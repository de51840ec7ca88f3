/** Small dialogs of the navigator: a new thing, another name, a copy, removal with who would feel it. */
import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { csrf } from '../../../runtime/ui/shared/http.ts'
import { toast } from '../../../runtime/ui/shared/announce.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { address, freeKey, newUid, type Address, type AppDocument, type Document, type EntityDocument, type FormDocument, type Kind, type RoleDocument, type Text } from '../core/documents.ts'
import { copied, keyFor, newEntity, newForm, newView } from '../core/making.ts'
import { ask, Refused } from '../core/server.ts'
import { learn } from '../core/spelling.ts'
import { Button, Dialog, Icon, SelectField, TextField, WordsField } from './basics.tsx'
import { keywordsOf, useDesigner, useSettled } from './designer.tsx'
import type { Part } from './asking.tsx'
import { Pick } from './pick.tsx'
import { BlockPreview } from './block_preview.tsx'
import { blocksOf, fitted, tellPlaced, type Block, type Fitted } from './blocks.tsx'
import { DocumentName, placeName } from './values.tsx'

const KEY = /^[a-z][a-z0-9_]{0,62}$/

/** A key that follows the words until somebody types one; Chinese words are spelled by the server. */
function useKey(words: string, or: string, taken: readonly string[]): [string, (to: string) => void, string[]] {
  const { boot } = useDesigner()
  const [typed, type] = useState<string>()
  const [spelling, spell] = useState<string>()
  const settled = useSettled(words)
  useEffect(() => {
    if (!settled.trim() || /^[\x00-\x7f]*$/.test(settled)) { spell(undefined); return }
    ask<{ spelled: Record<string, string> }>(`/design/${boot.app}/spell`, { texts: [settled.trim()] }).then(answer => { learn(answer.spelled); spell(answer.spelled[settled.trim()]) }, () => spell(undefined))
  }, [settled])
  const key = typed ?? keyFor(words, spelling, or, taken)
  const problems = !KEY.test(key) ? [say('designer.key_form')] : taken.includes(key) ? [say('designer.key_taken', { key })] : []
  return [key, type, problems]
}

export function NewThing({ kind, entity: given, onClose }: { kind: Part; entity?: string | undefined; onClose: () => void }): ReactNode {
  const designer = useDesigner()
  const { draft, boot } = designer
  const entities = draft.all<EntityDocument>('entity')
  const taken = draft.all(kind).map(document => document.key)
  const [words, setWords] = useState('')
  const [owner, setOwner] = useState(given ?? '')
  const [purpose, setPurpose] = useState<FormDocument['purpose']>('full')
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [blocks, setBlocks] = useState<readonly Block[]>([])
  const [begin, setBegin] = useState('')
  const block = blocks.find(each => each.key === begin)
  // As long as it has the block's name, it has its key.
  const [key, setKey, problems] = useKey(block && words === designer.read(block.label) ? block.key : words, kind === 'entity' ? 'entity' : `${owner || kind}_${kind}`, taken)
  useEffect(() => { blocksOf(boot.app, kind).then(setBlocks, () => { /* empty ones can be begun all the same */ }) }, [])
  const needs = kind !== 'entity'
  const choose = (to: string): void => {
    const chosen = blocks.find(each => each.key === to)
    // Its name is as good a beginning as any, until somebody types another.
    if (!words.trim() || words === designer.read(block?.label)) setWords(chosen ? designer.read(chosen.label) : '')
    setBegin(to)
  }
  const missing = !words.trim() ? [say('designer.name_needed')] : []
  const make = async (): Promise<void> => {
    setTried(true)
    const found = entities.find(each => each.key === owner)
    if (missing.length || problems.length || (needs && !found) || busy) return
    const label: Text = boot.languages.length > 1 ? { [designer.language]: words.trim() } : words.trim()
    let made: Fitted | undefined
    if (block) {
      setBusy(true)
      made = await fitted(designer, block, kind === 'entity' ? undefined : owner)
      setBusy(false)
      if (!made) return
    }
    if (kind === 'workflow' && !made) { setBusy(true); await makeWorkflow(boot.app, owner, designer.language, words.trim()).catch((error: Refused) => { setBusy(false); toast(error.message, 'bad') }); return }
    const derived = (type: string): boolean => { const known = designer.fieldType(type); return !!known && (known.is_derived || known.is_system) }
    const free = kind === 'workflow' ? freeKey(key, taken) : key
    const documents: Document[] = kind === 'entity' ? newEntity(key, label, boot.start_words, draft.all<AppDocument>('app')[0]!, draft.all<RoleDocument>('role'), other => draft.all(other).map(document => document.key), made?.document as EntityDocument | undefined, derived)
      : made?.document ? [{ ...made.document, key: free, uid: newUid(), label }]
      : kind === 'form' ? [newForm(found!, key, label, boot.start_words, derived, purpose, other => draft.get<EntityDocument>(`entity/${other}`))] : [newView(found!, key, label)]
    const done = say(`designer.did_new_${kind}`, { what: words.trim() })
    draft.edit(done, edits => {
      if (made?.fields.length) edits.change<EntityDocument>(`entity/${owner}`, entity => ({ ...entity, fields: [...entity.fields, ...made.fields] }))
      for (const document of documents) edits.put(document)
    })
    designer.announce(done)
    if (block && made) tellPlaced(designer, block, made)
    onClose()
    await designer.leave(`/design/${boot.app}/${kind}/${free}`)
  }
  return <Dialog title={say(`designer.new_${kind}`)} onClose={onClose} onSubmit={() => void make()} footer={<><Button label={say('cancel')} onClick={onClose} /><button className="button primary" disabled={busy}><Icon name="plus" /><span>{say('designer.create')}</span></button></>}>
    <TextField label={say('designer.name')} value={words} onChange={setWords} required focus problems={tried ? missing : []} />
    {needs && !given && <Pick label={say('designer.sort_entity')} value={owner || undefined} onChange={setOwner} required problems={tried && !owner ? [say('designer.entity_needed')] : []}
      options={entities.map(each => ({ value: each.key, label: designer.read(each.label, each.key), keywords: keywordsOf(each.label, each.plural), icon: each.icon, note: each.key }))} />}
    {blocks.length > 0 && <Pick label={say('designer.blocks.begin')} value={begin || undefined} onChange={choose} empty={say('designer.blocks.begin_empty')} options={blocks.map(each => ({ value: each.key, label: designer.read(each.label), note: designer.read(each.description), keywords: each.spelled, icon: each.icon ?? 'puzzle' }))} />}
    {block && <BlockPreview block={block} language={designer.language} />}
    {kind === 'form' && !block && <SelectField label={say('designer.purpose')} value={purpose} onChange={to => setPurpose(to as FormDocument['purpose'])} options={(['full', 'quick', 'review'] as const).map(value => ({ value, label: say(`designer.purpose_${value}`) }))} help={say(`designer.purpose_${purpose}_help`)} />}
    {kind !== 'workflow' && <TextField label={say('designer.key')} value={key} onChange={setKey} mono problems={tried || words ? problems : []} help={say('designer.key_help')} />}
  </Dialog>
}

/** The workflow designer's own page begins workflows: the status field comes along. */
async function makeWorkflow(app: string, entity: string, language: string, words: string): Promise<void> {
  const form = new URLSearchParams({ csrf: csrf(), entity, [`label-${language}`]: words })
  const response = await fetch(`/design/${app}/new/workflow`, { method: 'POST', body: form }).catch(() => { throw new Refused(0, []) })
  if (!response.ok) throw new Refused(response.status, [])
  location.assign(response.url)
}

export function Rename({ place, isCopy, onClose }: { place: Address; isCopy: boolean; onClose: () => void }): ReactNode {
  const designer = useDesigner()
  const { draft } = designer
  const document = draft.get(place)
  const taken = useMemo(() => document ? draft.all(document.kind).map(other => other.key).filter(key => isCopy || key !== document.key) : [], [])
  const [label, setLabel] = useState<Text>(() => !document ? '' : isCopy ? named(document.label as Text, words => say('designer.copy_of', { what: words })) : document.label as Text)
  const [key, setKey] = useState(document ? isCopy ? freeKey(`${document.key}_copy`, taken) : document.key : '')
  if (!document) return null
  // The key of what was published is known outside; its own designer has the path to change it everywhere.
  const keyIsFree = isCopy || draft.status(place) === 'new'
  const problems = !KEY.test(key) ? [say('designer.key_form')] : taken.includes(key) ? [say('designer.key_taken', { key })] : []
  const isNamed = typeof label === 'string' ? !!label.trim() : Object.values(label).some(words => words?.trim())
  const make = async (): Promise<void> => {
    if (problems.length || !isNamed) return
    const said = say(isCopy ? 'designer.did_copy' : 'designer.did_rename', { what: designer.name(place) })
    draft.edit(said, edits => {
      if (isCopy) edits.put(copied(document, key, label))
      else edits.change(place, before => ({ ...before, label }))
    })
    designer.announce(said)
    onClose()
    if (isCopy) await designer.leave(designer.href(`${document.kind}/${key}` as Address))
  }
  return <Dialog title={say(isCopy ? 'designer.duplicate_what' : 'designer.rename_what', { what: designer.name(place) })} onClose={onClose} onSubmit={() => void make()} footer={<><Button label={say('cancel')} onClick={onClose} /><button className="button primary"><span>{say(isCopy ? 'designer.duplicate' : 'designer.save')}</span></button></>}>
    <WordsField label={say('designer.name')} value={label} onChange={setLabel} required focus problems={isNamed ? [] : [say('designer.name_needed')]} />
    {isCopy && <TextField label={say('designer.key')} value={key} onChange={setKey} mono problems={problems} disabled={!keyIsFree} help={say('designer.key_help')} />}
  </Dialog>
}

const named = (text: Text, change: (words: string) => string): Text => typeof text === 'string' ? change(text) : Object.fromEntries(Object.entries(text).map(([language, words]) => [language, change(words ?? '')]))

interface Use { target: string[]; kind: Kind; key: string; path: (string | number)[] }

export function Remove({ place, onClose }: { place: Address; onClose: () => void }): ReactNode {
  const designer = useDesigner()
  const { draft, boot } = designer
  const [kind, key] = place.split('/') as [Kind, string]
  const name = designer.name(place)
  const [uses, setUses] = useState<Use[]>()
  const [failed, setFailed] = useState('')
  useEffect(() => {
    // What isn't saved yet counts as well.
    void designer.saving.settle().then(() => ask<{ uses: Use[] }>(`/design/${boot.app}/uses`)).then(answer => setUses(answer.uses.filter(use => use.target[0] === kind && use.target[1] === key && `${use.kind}/${use.key}` !== place)), (error: Error) => setFailed(error.message))
  }, [])
  const own = kind === 'entity' ? (['form', 'view', 'workflow'] as Kind[]).flatMap(each => draft.all(each)).filter(document => document.entity === key) : []
  const others = new Map<Address, Use[]>()
  for (const use of uses ?? []) {
    // These go along: entries of the navigation, and rights in an entity that is no more.
    if ((use.kind === 'app' && use.path[0] === 'navigation') || (use.kind === 'role' && kind === 'entity' && use.path[0] === 'entities')) continue
    const user = `${use.kind}/${use.key}` as Address
    if (!own.some(document => address(document) === user)) others.set(user, [...others.get(user) ?? [], use])
  }
  const remove = (): void => {
    const said = say('designer.did_remove', { what: name })
    const isHere = place === designer.place || own.some(document => address(document) === designer.place)
    draft.edit(said, edits => {
      edits.remove(place)
      for (const document of own) edits.remove(address(document))
      for (const app of draft.all<AppDocument>('app')) edits.put(withoutEntries(app, kind, key, own))
      if (kind === 'entity') for (const role of draft.all<RoleDocument>('role')) if (role.entities[key]) { const { [key]: _, ...entities } = role.entities; edits.put({ ...role, entities }) }
    })
    toast(said, 'ok', { label: say('designer.undo'), act: draft.undo })
    onClose()
    if (isHere) void designer.leave(`/design/${boot.app}`)
  }
  return <Dialog title={say('designer.remove_what', { what: name })} onClose={onClose} footer={<><Button label={say('cancel')} onClick={onClose} /><Button tone="danger" icon="trash-2" label={say('designer.remove')} onClick={remove} disabled={!uses && !failed} /></>}>
    <p>{say(kind === 'entity' ? 'designer.remove_entity_text' : 'designer.remove_text')}</p>
    {own.length > 0 && <section><h3>{say('designer.remove_with')}</h3><ul className="left-over">{own.map(document => <li key={document.uid}><DocumentName place={address(document)} /></li>)}</ul></section>}
    {failed ? <p className="note warn">{failed}</p> : !uses ? <span className="skeleton" /> : others.size
      ? <section><h3>{say('designer.remove_uses', { count: others.size })}</h3><ul className="left-over uses">{[...others].map(([user, found]) => <li key={user}><DocumentName place={user} /><small className="muted">{[...new Set(found.map(use => placeName(designer, user, use.path)))].slice(0, 4).join(say('designer.comma'))}{found.length > 4 ? ' …' : ''}</small></li>)}</ul></section>
      : <p className="note ok"><Icon name="circle-check" /><span>{say('designer.remove_unused')}</span></p>}
  </Dialog>
}

/** The app without navigation entries to what goes. */
function withoutEntries(app: AppDocument, kind: Kind, key: string, own: readonly Document[]): AppDocument {
  if (!app.navigation) return app
  const gone = (item: { view?: string; entity?: string }): boolean => (kind === 'entity' && item.entity === key) || (kind === 'view' && item.view === key) || own.some(document => document.kind === 'view' && document.key === item.view)
  if (!app.navigation.some(group => group.items.some(gone))) return app
  return { ...app, navigation: app.navigation.map(group => ({ ...group, items: group.items.filter(item => !gone(item)) })).filter(group => group.items.length) }
}
