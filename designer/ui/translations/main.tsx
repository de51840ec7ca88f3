/** All texts of the app in all languages: a grid that is edited in place, coverage, a table out and in. */
import '../main.ts'
import './translations.css'
import { useMemo, useRef, useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { address, newUid, type AppDocument, type Document, type Language, type Text } from '../core/documents.ts'
import type { Shortcut } from '../core/shortcuts.ts'
import { keywordsOf } from '../core/spelling.ts'
import { Button, Check, Dialog, Icon } from '../parts/basics.tsx'
import { Frame } from '../parts/frame.tsx'
import { mount, useDesigner } from '../parts/designer.tsx'
import { Pick } from '../parts/pick.tsx'
import { Sheet } from './sheet.tsx'
import { TakeIn, type Change } from './take_in.tsx'
import { coverage, filtered, saidIn, textsOf, withWords, type Line, type Locale, type Shapes } from './texts.ts'

interface More { shapes: Shapes; published: Record<string, Text> }
export const part = (code: string, values: Record<string, string | number> = {}): string => say(`designer.translations.${code}`, values)

const OFFERED = ['zh-CN', 'en', 'zh-TW', 'zh-HK', 'ja', 'ko', 'de', 'fr', 'es', 'pt-BR', 'it', 'nl', 'pl', 'ru', 'uk', 'tr', 'ar', 'he', 'fa', 'hi', 'id', 'ms', 'th', 'vi', 'cs', 'sv', 'fi', 'da', 'nb', 'hu', 'ro', 'el']
const KINDS = ['app', 'entity', 'form', 'view', 'workflow', 'role'] as const

export function languageName(language: string, reader: string): string {
  try { return new Intl.DisplayNames([reader], { type: 'language' }).of(language) ?? language } catch { return language }
}

function Translations(): ReactNode {
  const designer = useDesigner<More>()
  const { draft, boot } = designer
  const { shapes, published } = boot.more
  const app = draft.all<AppDocument>('app')[0]!
  const locales = draft.all<Locale>('locale')
  const byLanguage = new Map(locales.map(locale => [locale.language, locale]))
  const languages = [...app.languages as string[], ...locales.map(locale => locale.language).filter(each => !(app.languages as string[]).includes(each)).sort()]
  const [text, setText] = useState('')
  const [show, setShow] = useState<'all' | 'missing' | 'changed'>('all')
  const [only, setOnly] = useState('')
  const [taking, setTaking] = useState<File | null>(null)
  const [adding, setAdding] = useState(false)
  const file = useRef<HTMLInputElement>(null)
  const kept = useRef(new WeakMap<Document, Line[]>())
  const stamp = languages.join() + locales.map(locale => Object.keys(locale.texts).length).join()
  const stamped = useRef('')
  if (stamped.current !== stamp) { stamped.current = stamp; kept.current = new WeakMap() }

  const lines = useMemo(() => {
    const ofDocuments = new Set<string>(app.languages)
    const linesOf = (document: Document): Line[] => {
      const before = kept.current.get(document)
      if (before) return before
      const name = designer.read(document.label as Text, document.key)
      const made = textsOf(document, shapes, designer.language).map(place => {
        const said = languages.map(language => saidIn(place, language, byLanguage, ofDocuments))
        const words = said.map(each => each.words)
        const empty = words.every(each => !each)
        const was = published[place.path]
        const before = typeof was === 'string' ? () => was : (language: string) => was?.[language as Language] ?? ''
        return {
          ...place, words, shared: said.map(each => each.isShared),
          // A text that says nothing at all isn't missing in some language: there is none.
          missing: words.map(each => !each && !empty),
          changed: words.map((each, index) => each !== (before(languages[index]!) || (published[`${languages[index]}:${place.path}`] as string | undefined) || '')),
          find: [name, ...place.trail, place.path, ...words, keywordsOf(document.label as Text, place.text)].join(' ').toLowerCase(),
        }
      })
      kept.current.set(document, made)
      return made
    }
    return draft.everything().filter(document => document.kind !== 'locale')
      .sort((one, other) => KINDS.indexOf(one.kind as typeof KINDS[number]) - KINDS.indexOf(other.kind as typeof KINDS[number]) || designer.read(one.label as Text, one.key).localeCompare(designer.read(other.label as Text, other.key)))
      .flatMap(linesOf)
  }, [draft.version, stamp])
  const shown = useMemo(() => filtered(lines, { text, show, address: only }), [lines, text, show, only])

  const write = (changes: readonly { line: Pick<Line, 'path' | 'at' | 'address'>; language: string; words: string }[], label: string, focus?: Record<string, unknown>): void => {
    draft.edit(label, edits => {
      for (const { line, language, words } of changes) {
        const document = edits.get(line.address)
        const place = byLanguage.get(language)
        const locale = place ? edits.get<Locale>(address(place)) : undefined
        const after = document && withWords(document, line, language, words, app.languages, locale)
        if (after) edits.put(after)
      }
    }, focus ? { focus } : {})
    designer.announce(label)
  }
  const takeOver = (changes: readonly Change[]): void => {
    const byPath = new Map(lines.map(line => [line.path, line]))
    write(changes.flatMap(change => { const line = byPath.get(change.path); return line ? [{ line, language: change.language, words: change.after }] : [] }), part('did_take', { count: changes.length }))
    setTaking(null)
  }
  const addLanguage = (language: string, isExpected: boolean): void => {
    draft.edit(part('did_add', { language: languageName(language, designer.language) }), edits => {
      edits.put({ kind: 'locale', key: language.toLowerCase(), uid: newUid(), schema: 1, language, texts: {} } as unknown as Document)
      if (isExpected) edits.set(address(app), ['languages'], [...app.languages, language])
    })
    designer.announce(part('did_add', { language: languageName(language, designer.language) }))
    setAdding(false)
  }
  const search = useRef<HTMLInputElement>(null)
  const shortcuts: Shortcut[] = [
    { keys: '/', label: part('key_search'), group: part('keys'), act: () => search.current?.focus() },
    ...([['F2', 'key_edit'], ['Enter', 'key_take'], ['Escape', 'key_back'], ['Delete', 'key_clear'], ['Ctrl+ArrowDown', 'key_end'], ['M', 'key_missing']] as const).map(([keys, code]) => ({ keys, label: part(code), group: part('keys'), act: () => {}, when: () => false })),
  ]
  const whole = coverage(lines, languages.length)
  const missing = whole.there.map(there => whole.total - there)
  return <Frame title={part('title')} shortcuts={shortcuts} findings={designer.findings.filter(finding => finding.code.startsWith('definition.translation'))}
    onFinding={finding => { setShow('missing'); setOnly(finding.address.startsWith('locale/') ? '' : finding.address); setText('') }}
    leftLabel={part('coverage')} left={<Left lines={lines} languages={languages} only={only} setOnly={setOnly} whole={whole} />}>
    <div className="texts">
      <div className="texts-tools" role="search">
        <label className="search-box"><Icon name="search" /><span className="sr">{part('search')}</span><input ref={search} className="input" type="search" placeholder={part('search')} value={text} onInput={event => setText(event.currentTarget.value)} /></label>
        <div className="segments" role="group" aria-label={part('show')}>{(['all', 'missing', 'changed'] as const).map(each =>
          <button type="button" key={each} aria-pressed={show === each} onClick={() => setShow(each)}>{part(`show_${each}`)}{each === 'missing' && missing.some(count => count > 0) && <span className="count">{lines.filter(line => line.missing.some(Boolean)).length}</span>}</button>)}</div>
        <span className="hint" role="status">{part('count', { count: shown.length })}</span>
        <span className="grow" />
        <a className="button small" href={`/design/${boot.app}/translations.csv`} download onClick={() => void designer.saving.flush()}><Icon name="download" /><span>{part('out')}</span></a>
        <input ref={file} type="file" accept=".csv,text/csv" hidden onChange={event => { const chosen = event.currentTarget.files?.[0]; if (chosen) setTaking(chosen); event.currentTarget.value = '' }} />
        <Button small icon="upload" label={part('in')} onClick={() => file.current?.click()} />
        <Button small icon="plus" label={part('add')} onClick={() => setAdding(true)} />
      </div>
      <Sheet lines={shown} languages={languages} write={write} onReset={text || show !== 'all' || only ? () => { setText(''); setShow('all'); setOnly('') } : undefined} />
    </div>
    {taking && <TakeIn file={taking} onClose={() => setTaking(null)} onTake={takeOver} />}
    {adding && <AddLanguage known={languages} onClose={() => setAdding(false)} onAdd={addLanguage} />}
  </Frame>
}

function Left({ lines, languages, only, setOnly, whole }: { lines: Line[]; languages: string[]; only: string; setOnly: (to: string) => void; whole: { total: number; there: number[] } }): ReactNode {
  const designer = useDesigner()
  const groups = useMemo(() => {
    const found = new Map<string, Line[]>()
    for (const line of lines) found.set(line.address, [...found.get(line.address) ?? [], line])
    return found
  }, [lines])
  const kinds = KINDS.filter(kind => [...groups.keys()].some(place => place.startsWith(`${kind}/`)))
  return <div className="texts-left">
    <h2>{part('coverage')}</h2>
    <ul className="bars">{languages.map((language, index) => {
      const percent = whole.total ? Math.floor(whole.there[index]! / whole.total * 100) : 100
      return <li key={language}><span>{languageName(language, designer.language)}</span><span className="number">{part('percent', { percent })}</span><progress max={whole.total || 1} value={whole.there[index]} aria-label={part('coverage_of', { language: languageName(language, designer.language), there: whole.there[index]!, total: whole.total })} /></li>
    })}</ul>
    <button type="button" className="texts-place" aria-pressed={!only} onClick={() => setOnly('')}><span>{part('everything')}</span><span className="number">{lines.length}</span></button>
    {kinds.map(kind => <section key={kind}><h3><button type="button" className="texts-place" aria-pressed={only === kind} onClick={() => setOnly(kind)}>{say(`designer.translations.kind_${kind}`)}</button></h3>
      <ul>{[...groups].filter(([place]) => place.startsWith(`${kind}/`)).map(([place, some]) => {
        const missing = some.filter(line => line.missing.some(Boolean)).length
        return <li key={place}><button type="button" className="texts-place" aria-pressed={only === place} onClick={() => setOnly(place)}><span className="clip">{designer.name(place as Line['address'])}</span>
          {missing > 0 ? <span className="chip" data-colour="amber" title={part('missing_here', { count: missing })}><span aria-hidden="true">{missing}</span><span className="sr">{part('missing_here', { count: missing })}</span></span> : <Icon name="check" />}</button></li>
      })}</ul></section>)}
  </div>
}

function AddLanguage({ known, onClose, onAdd }: { known: string[]; onClose: () => void; onAdd: (language: string, isExpected: boolean) => void }): ReactNode {
  const designer = useDesigner()
  const [language, choose] = useState('')
  const [expected, expect] = useState(true)
  return <Dialog title={part('add')} onClose={onClose} footer={<><Button label={say('cancel')} onClick={onClose} /><span className="grow" /><Button tone="primary" label={part('add_do')} disabled={!language} onClick={() => onAdd(language, expected)} /></>}>
    <Pick label={part('language')} value={language} help={part('add_help')} onChange={choose}
      options={OFFERED.filter(each => !known.includes(each)).map(each => ({ value: each, label: languageName(each, designer.language), note: languageName(each, each), keywords: `${each} ${languageName(each, 'en')} ${languageName(each, 'zh-CN')}` }))} />
    <Check label={part('expected')} help={part('expected_help')} value={expected} onChange={expect} />
  </Dialog>
}

mount(() => <Translations />)
