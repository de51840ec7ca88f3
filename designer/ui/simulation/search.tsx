/** Something chosen by typing, found on the server: a record, a person. */
import { useEffect, useId, useRef, useState, type ReactNode } from 'react'
import { announce } from '../../../runtime/ui/shared/announce.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { ask, Refused } from '../core/server.ts'
import { Button } from '../parts/basics.tsx'

export interface Chosen { id: string; title: string; subtitle?: string }

export function ServerSearch({ label, address, value, onChange, help }: { label: string; address: string; value: Chosen | null; onChange: (to: Chosen | null) => void; help?: string }): ReactNode {
  const id = useId()
  const [text, setText] = useState('')
  const [found, setFound] = useState<Chosen[] | null>(null)
  const [at, setAt] = useState(0)
  const [trouble, setTrouble] = useState('')
  const asking = useRef<AbortController | undefined>(undefined)
  const timer = useRef(0)
  const look = (words: string): void => {
    clearTimeout(timer.current)
    timer.current = window.setTimeout(() => {
      asking.current?.abort()
      asking.current = new AbortController()
      ask<{ items: Chosen[] }>(`${address}?q=${encodeURIComponent(words)}`, undefined, { signal: asking.current.signal })
        .then(answer => { setFound(answer.items); setAt(0); setTrouble(''); announce(say('designer.simulation.found', { count: answer.items.length })) })
        .catch((error: unknown) => { if (error instanceof Refused) setTrouble(error.message) })
    }, words ? 220 : 0)
  }
  useEffect(() => () => { clearTimeout(timer.current); asking.current?.abort() }, [])
  const take = (item: Chosen): void => { onChange(item); setFound(null); setText('') }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (!found) look(text)
      else setAt((at + (event.key === 'ArrowDown' ? 1 : -1) + found.length) % Math.max(1, found.length))
    } else if (event.key === 'Enter' && found?.[at]) { event.preventDefault(); take(found[at]) }
    else if (event.key === 'Escape' && found) { event.preventDefault(); event.stopPropagation(); setFound(null) }
  }
  if (value) return <div className="field"><span className="label">{label}</span>
    <div className="sim-chosen"><span className="clip"><strong>{value.title}</strong>{value.subtitle && <small> {value.subtitle}</small>}</span>
      <Button small tone="plain" icon="x" shown={false} label={say('designer.simulation.choose_other', { what: label })} onClick={() => onChange(null)} /></div></div>
  return <div className="field sim-search"><label htmlFor={id}>{label}</label>
    <input id={id} className="input" role="combobox" aria-expanded={Boolean(found)} aria-controls={`${id}-list`} aria-autocomplete="list" autocomplete="off" value={text}
      aria-activedescendant={found?.[at] ? `${id}-${at}` : undefined} aria-describedby={`${id}-help`}
      onInput={event => { setText(event.currentTarget.value); look(event.currentTarget.value) }} onFocus={() => look(text)}
      onBlur={() => setTimeout(() => setFound(null), 150)} onKeyDown={event => onKeyDown(event as unknown as KeyboardEvent)} />
    <p className="hint" id={`${id}-help`}>{trouble || help}</p>
    <ul id={`${id}-list`} role="listbox" aria-label={label} hidden={!found} className="sim-found">{found?.map((item, index) =>
      <li key={item.id} id={`${id}-${index}`} role="option" aria-selected={index === at} onPointerDown={event => { event.preventDefault(); take(item) }}>
        <span>{item.title}</span>{item.subtitle && <small>{item.subtitle}</small>}</li>)}
      {found?.length === 0 && <li role="option" aria-selected={false} aria-disabled="true" className="quiet">{say('designer.simulation.none_found')}</li>}</ul>
  </div>
}
