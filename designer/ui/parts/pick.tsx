/** A searchable choice from a long list (WAI-ARIA 1.2, editable combobox with list): 800 options are no burden,
    for only what can be seen is drawn. */
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { follow, place } from '../../../runtime/ui/shared/float.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { announce } from '../../../runtime/ui/shared/announce.ts'
import { fitting } from '../core/search.ts'
import { Icon, Labelled } from './basics.tsx'

export interface PickOption {
  value: string
  label: string
  /** What it is found by besides the label and the value: pinyin, synonyms (`keywordsOf`). */
  keywords?: string | undefined
  icon?: string | undefined
  /** A second word at the end of the line: a key, a type. */
  note?: string | undefined
  disabled?: boolean
}

interface Common {
  label: string
  options: readonly PickOption[]
  help?: string | undefined
  problems?: readonly string[] | undefined
  placeholder?: string | undefined
  disabled?: boolean | undefined
  /** The label is there for screen readers only. */
  bare?: boolean | undefined
  required?: boolean | undefined
}

export interface PickProps extends Common {
  value: string | undefined
  onChange: (value: string) => void
  /** What "none" is called; with it the choice can be taken back (the value becomes ''). */
  empty?: string | undefined
}

export interface PickManyProps extends Common {
  values: readonly string[]
  onChange: (values: string[]) => void
}

/** How many options are drawn at first, around the chosen one, and more each time an end comes near. */
const DRAWN = 60

export function Pick({ value, onChange, empty, options, ...common }: PickProps): ReactNode {
  const all = useMemo(() => empty === undefined ? options : [{ value: '', label: empty }, ...options], [options, empty])
  const chosen = all.find(option => option.value === (value ?? ''))
  return <Labelled label={common.label} help={common.help} problems={common.problems ?? []} bare={common.bare} required={common.required}>{given =>
    <Box given={given} common={common} options={all} chosen={value === undefined ? [] : [value]} shown={chosen && chosen.value !== '' ? chosen.label : chosen ? '' : value ?? ''}
      placeholder={common.placeholder ?? empty} icon={chosen?.icon} take={option => onChange(option.value)} {...(empty === undefined ? {} : { clear: () => onChange('') })} />}</Labelled>
}

export function PickMany({ values, onChange, options, ...common }: PickManyProps): ReactNode {
  const drop = (value: string): void => onChange(values.filter(each => each !== value))
  const name = (value: string): string => options.find(option => option.value === value)?.label ?? value
  return <Labelled label={common.label} help={common.help} problems={common.problems ?? []} bare={common.bare} required={common.required}>{given =>
    <Box given={given} common={common} options={options} chosen={values} shown="" many placeholder={common.placeholder} before={values.map(value =>
      <span className="picked" key={value}><span className="clip">{name(value)}</span><button type="button" disabled={common.disabled} aria-label={say('remove', { label: name(value) })} onClick={() => drop(value)}><Icon name="x" /></button></span>)}
      take={option => values.includes(option.value) ? drop(option.value) : onChange([...values, option.value])}
      {...(values.length ? { clear: () => drop(values.at(-1)!) } : {})} />}</Labelled>
}

interface BoxProps {
  given: Record<string, unknown>
  common: Omit<Common, 'options'>
  options: readonly PickOption[]
  chosen: readonly string[]
  shown: string
  placeholder?: string | undefined
  icon?: string | undefined
  many?: boolean
  before?: ReactNode
  take: (option: PickOption) => void
  clear?: () => void
}

function Box({ given, common, options, chosen, shown, placeholder, icon, many, before, take, clear }: BoxProps): ReactNode {
  const id = useId()
  const box = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLUListElement>(null)
  const [typed, type] = useState<string | null>(null)
  const [open, setOpen] = useState(false)
  const [active, go] = useState(-1)
  const [[from, to], draw] = useState([0, DRAWN])
  const found = useMemo(() => open ? fitting(typed ?? '', options) : [], [open, typed, options])

  const unfold = (text: string | null): void => {
    if (common.disabled) return
    type(text)
    setOpen(true)
    const matches = fitting(text ?? '', options)
    const at = text ? 0 : many ? -1 : matches.findIndex(option => chosen.includes(option.value))
    draw([Math.max(0, at - 20), Math.max(0, at - 20) + DRAWN])
    go(at)
    if (text) announce(matches.length ? say('results', { count: matches.length }) : say('no_matches'))
  }
  const fold = (): void => { setOpen(false); type(null); go(-1) }
  const reach = (at: number): void => { go(at); draw([Math.max(0, Math.min(from, at - 20)), Math.max(to, at + 20)]) }
  const pick = (option: PickOption | undefined): void => {
    if (!option || option.disabled) return
    take(option)
    if (many) { type(null); box.current?.focus(); return }
    fold()
    announce(say('chosen', { label: option.label }))
  }

  useLayoutEffect(() => {
    if (!open || !list.current || !box.current) return
    list.current.showPopover()
    return follow(list.current, many ? box.current.parentElement! : box.current, true)
  }, [open])
  useLayoutEffect(() => {
    if (open && list.current && box.current) place(list.current, many ? box.current.parentElement! : box.current, true)
  }, [found.length, open, chosen.length])
  useEffect(() => { if (active >= 0) document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' }) }, [active, open, from, to])

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key]
    if (step && !(event.altKey && event.key === 'ArrowUp')) {
      event.preventDefault()
      event.stopPropagation()
      if (!open) unfold(null)
      else if (found.length) reach(Math.abs(step) > 1 ? Math.max(0, Math.min(found.length - 1, active + step)) : active < 0 ? (step > 0 ? 0 : found.length - 1) : (active + step + found.length) % found.length)
    } else if (event.key === 'Enter' && open) {
      event.preventDefault()
      event.stopPropagation()
      pick(found[active])
    } else if (event.key === 'Tab' && open && typed && found[active]) pick(found[active])
    else if (event.key === 'Escape' && (open || typed)) {
      event.preventDefault()
      event.stopPropagation()
      fold()
    } else if (event.key === 'Backspace' && many && !typed && clear) { event.preventDefault(); clear() }
    else if (event.key === 'Delete' && !many && !open && clear && box.current?.selectionStart === 0 && box.current.selectionEnd === box.current.value.length) { event.preventDefault(); event.stopPropagation(); clear() }
  }
  const left = (): void => {
    // One whole name is taken; other text that stands for nothing is dropped, not kept as if it were a choice.
    const text = typed?.trim().toLowerCase()
    const exact = text ? options.find(option => option.label.toLowerCase() === text || option.value === text) : undefined
    if (exact && !chosen.includes(exact.value)) take(exact)
    fold()
  }

  const more = given['aria-describedby'] as string | undefined
  return <div className={`pick${many ? ' many' : ''}${icon ? ' has-icon' : ''}`} data-invalid={given['aria-invalid'] ? true : undefined}>
    {icon && !open && <Icon name={icon} />}
    {before}
    <input id={given.id as string} ref={box} className="input" role="combobox" aria-autocomplete="list" aria-expanded={open} aria-controls={open ? `${id}-list` : undefined} aria-haspopup="listbox"
      aria-activedescendant={open && active >= 0 ? `${id}-${active}` : undefined} aria-describedby={more} aria-invalid={given['aria-invalid'] as boolean | undefined} aria-required={common.required || undefined}
      autoComplete="off" autoCapitalize="none" spellcheck={false} disabled={common.disabled} placeholder={placeholder ?? say('designer.pick_search')} value={typed ?? shown}
      onInput={event => { if (!(event as unknown as InputEvent).isComposing) unfold(event.currentTarget.value); else type(event.currentTarget.value) }}
      onCompositionEnd={event => unfold(event.currentTarget.value)}
      onClick={event => { if (!open) { event.currentTarget.select(); unfold(null) } }} onKeyDown={event => onKeyDown(event as unknown as KeyboardEvent)} onBlur={left} />
    <button type="button" className="pick-open" tabIndex={-1} aria-label={say('designer.pick_open', { label: common.label })} aria-expanded={open} disabled={common.disabled}
      onPointerDown={event => event.preventDefault()} onClick={() => { box.current?.focus(); if (open) fold(); else unfold(null) }}><Icon name="chevron-down" /></button>
    {open && <ul className="options" popover="manual" role="listbox" id={`${id}-list`} aria-label={common.label} aria-multiselectable={many || undefined} ref={list} onPointerDown={event => event.preventDefault()}
      onScroll={event => { const { scrollTop, clientHeight, scrollHeight } = event.currentTarget; if (scrollTop < 120 && from > 0) draw([Math.max(0, from - DRAWN), to]); else if (to < found.length && scrollTop + clientHeight > scrollHeight - 200) draw([from, to + DRAWN]) }}>
      {found.slice(from, to).map((option, index) => ({ option, at: from + index })).map(({ option, at }) => <li key={option.value} role="option" id={`${id}-${at}`} aria-selected={chosen.includes(option.value)} aria-disabled={option.disabled || undefined}
        aria-setsize={found.length} aria-posinset={at + 1} className={at === active ? 'active' : ''} onClick={() => pick(option)}>
        <span className="line">{option.icon && <Icon name={option.icon} />}<span>{option.label}</span></span>{option.note && <small>{option.note}</small>}</li>)}
      {!found.length && <li role="option" aria-disabled="true" aria-selected={false}>{say('no_matches')}</li>}
    </ul>}
  </div>
}
