/** Ctrl+K: anything in the app by its name, in either language, by pinyin, initials or key. */
import { useEffect, useId, useMemo, useRef, useState, type ReactNode } from 'react'
import { announce } from '../../../runtime/ui/shared/announce.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { named, type Named, type Sort } from '../core/places.ts'
import { rank } from '../core/search.ts'
import { Dialog, Icon } from './basics.tsx'
import { keywordsOf, useDesigner } from './designer.tsx'
import { SORT_ICONS } from './values.tsx'

/** Whole documents come before their parts, names before sentences. */
const WEIGHT: Record<Sort, number> = { app: 0.5, entity: 0, workflow: 0.2, form: 0.3, view: 0.3, role: 0.2, locale: 0.5, field: 0.4, state: 0.5, action: 0.7, section: 0.8, tab: 0.8, option: 1, rule: 1, text: 3 }
const MOST = 60

export function SearchBox({ onClose }: { onClose: () => void }): ReactNode {
  const designer = useDesigner()
  const { draft } = designer
  const id = useId()
  const list = useRef<HTMLUListElement>(null)
  const [typed, type] = useState('')
  const [active, go] = useState(0)
  const all = useMemo(() => named(draft.everything(), designer.read), [draft.version])
  const found = useMemo(() => best(all, typed), [all, typed])
  useEffect(() => { if (typed) announce(found.length ? say('results', { count: found.length }) : say('no_matches')) }, [found])
  useEffect(() => { list.current?.children[active]?.scrollIntoView({ block: 'nearest' }) }, [active])
  const choose = (thing: Named | undefined): void => { if (thing) { onClose(); setTimeout(() => designer.goTo(thing.address, thing.path)) } }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key]
    if (step && found.length) { event.preventDefault(); go(Math.abs(step) > 1 ? Math.max(0, Math.min(found.length - 1, active + step)) : (active + step + found.length) % found.length) }
    else if (event.key === 'Enter') { event.preventDefault(); choose(found[active]) }
  }
  return <Dialog title={say('designer.search')} onClose={onClose} wide><div className="finder">
    <div className="search"><Icon name="search" /><input className="input" role="combobox" aria-expanded={found.length > 0} aria-controls={`${id}-list`} aria-autocomplete="list" aria-label={say('designer.search')} data-autofocus
      aria-activedescendant={found.length ? `${id}-${active}` : undefined} autoComplete="off" autoCapitalize="none" spellcheck={false} placeholder={say('designer.search_hint')} value={typed}
      onInput={event => { type(event.currentTarget.value); go(0) }} onKeyDown={event => onKeyDown(event as unknown as KeyboardEvent)} /></div>
    <ul role="listbox" id={`${id}-list`} aria-label={say('designer.search')} ref={list}>{found.map((thing, at) => <li key={`${thing.address}${thing.path.join('/')}${at}`} id={`${id}-${at}`} role="option" aria-selected={at === active} className={at === active ? 'active' : ''}
      onPointerMove={() => at !== active && go(at)} onClick={() => choose(thing)}>
      <Icon name={thing.sort === 'field' ? designer.fieldType(thing.icon ?? '')?.icon ?? SORT_ICONS.field : thing.icon && thing.sort === 'entity' ? thing.icon : SORT_ICONS[thing.sort]} />
      <span className="finder-name"><span>{thing.label}</span>{thing.within && <small>{thing.within}</small>}</span>
      {thing.value && <code>{thing.value}</code>}<small className="finder-sort">{say(`designer.sort_${thing.sort}`)}</small></li>)}</ul>
    {typed && !found.length && <div className="empty low"><Icon name="search" /><p>{say('designer.search_none', { what: typed })}</p></div>}
  </div></Dialog>
}

function best(all: readonly Named[], typed: string): Named[] {
  if (!typed.trim()) return all.filter(thing => ['entity', 'form', 'view', 'workflow', 'role'].includes(thing.sort)).slice(0, MOST)
  const ranked: [Named, number][] = []
  // "quotation amount": one word for the thing, another for what it is part of.
  const isMany = /\S\s+\S/.test(typed)
  for (const thing of all) {
    const found = rank(typed, isMany && thing.within ? { ...thing, keywords: `${thing.keywords} ${keywordsOf(...thing.within.split(' › '))}` } : thing)
    if (found !== undefined) ranked.push([thing, found + WEIGHT[thing.sort]])
  }
  return ranked.sort((a, b) => a[1] - b[1]).slice(0, MOST).map(([thing]) => thing)
}
