/** Small parts of all designers, in the classes of the work pages' styles. */
import type { ComponentChildren } from 'preact'
import { Fragment, useId, useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { follow } from '../../../runtime/ui/shared/float.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { written, type Language, type Text } from '../core/documents.ts'
import { useDesigner } from './designer.tsx'

let sprite: string | undefined
export function Icon({ name }: { name: string }): ReactNode {
  sprite ??= document.querySelector('use')?.getAttribute('href')?.split('#')[0] ?? ''
  return <svg className="icon" aria-hidden="true"><use href={`${sprite}#${name}`} /></svg>
}

type ButtonProps = { icon?: string; label: string; shown?: boolean; tone?: 'primary' | 'plain' | 'danger' | ''; small?: boolean; pressed?: boolean; disabled?: boolean; onClick: (event: MouseEvent) => void; title?: string; expanded?: boolean }
/** A button; with an icon and `shown={false}` the label is for screen readers and the tooltip. */
export function Button({ icon, label, shown = true, tone = '', small, pressed, disabled, onClick, title, expanded }: ButtonProps): ReactNode {
  return <button type="button" className={`button ${tone}${small ? ' small' : ''}${shown ? '' : ' square'}`} aria-pressed={pressed} aria-expanded={expanded} disabled={disabled}
    title={title ?? (shown ? undefined : label)} aria-label={shown ? undefined : label} onClick={event => onClick(event as unknown as MouseEvent)}>
    {icon && <Icon name={icon} />}{shown && <span>{label}</span>}</button>
}

/** A labelled control with help and problems; `children` gets the ids to point to. */
export function Labelled({ label, help, problems = [], bare, required, children }: { label: string; help?: string | undefined; problems?: readonly string[]; bare?: boolean | undefined; required?: boolean | undefined; children: (given: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }) => ComponentChildren }): ReactNode {
  const id = useId()
  const described = help || problems.length ? `${id}-more` : undefined
  return <div className={`field${bare ? ' bare' : ''}`} data-required={required || undefined}>
    <label className="label" htmlFor={id}>{label}</label>
    {children({ id, ...(described ? { 'aria-describedby': described } : {}), ...(problems.length ? { 'aria-invalid': true } : {}) })}
    {described && <More id={described} help={help} problems={problems} />}
  </div>
}

function More({ id, help, problems = [] }: { id?: string; help?: string | undefined; problems?: readonly string[] }): ReactNode {
  return <div className="field-more" id={id}>{help && <p className="hint">{help}</p>}{problems.map(problem => <p className="problem" key={problem}><Icon name="circle-alert" /><span>{problem}</span></p>)}</div>
}

interface FieldProps { label: string; help?: string | undefined; problems?: readonly string[] | undefined; bare?: boolean | undefined; required?: boolean | undefined; disabled?: boolean | undefined }

export function TextField({ label, value, onChange, help, problems, bare, required, disabled, mono, placeholder, lines, focus, language }: FieldProps & { value: string; onChange: (to: string) => void; mono?: boolean | undefined; placeholder?: string | undefined; lines?: number | undefined; focus?: boolean | undefined; language?: string | undefined }): ReactNode {
  return <Labelled label={label} help={help} problems={problems ?? []} bare={bare} required={required}>{given => {
    const more = { ...given, className: `input${mono ? ' mono' : ''}`, value, placeholder, disabled, lang: language, 'aria-required': required || undefined, 'data-autofocus': focus || undefined, ...(mono ? { spellcheck: false, autoCapitalize: 'none' as const, autoComplete: 'off' } : {}) }
    return lines ? <textarea {...more} rows={lines} onInput={event => onChange(event.currentTarget.value)} /> : <input {...more} onInput={event => onChange(event.currentTarget.value)} />
  }}</Labelled>
}

export function NumberField({ label, value, onChange, help, problems, bare, required, disabled, minimum, maximum }: FieldProps & { value: number | undefined; onChange: (to: number | undefined) => void; minimum?: number | undefined; maximum?: number | undefined }): ReactNode {
  return <Labelled label={label} help={help} problems={problems ?? []} bare={bare} required={required}>{given =>
    <input {...given} className="input" type="number" min={minimum} max={maximum} disabled={disabled} value={value ?? ''} onInput={event => onChange(event.currentTarget.value === '' ? undefined : Number(event.currentTarget.value))} />}</Labelled>
}

export function SelectField({ label, value, options, onChange, help, problems, bare, required, disabled, empty }: FieldProps & { value: string; options: readonly { value: string; label: string; group?: string; disabled?: boolean }[]; onChange: (to: string) => void; empty?: string | undefined }): ReactNode {
  const groups = [...new Set(options.map(option => option.group))]
  const draw = (group?: string): ReactNode => options.filter(option => option.group === group).map(option => <option key={option.value} value={option.value} disabled={option.disabled}>{option.label}</option>)
  return <Labelled label={label} help={help} problems={problems ?? []} bare={bare} required={required}>{given =>
    <select {...given} className="input" value={value} disabled={disabled} onChange={event => onChange(event.currentTarget.value)}>
      {empty !== undefined && <option value="">{empty}</option>}
      {/* What is set stays shown even where it is no choice any more. */}
      {value && !options.some(option => option.value === value) && <option value={value}>{value}</option>}
      {groups.map(group => group === undefined ? draw() : <optgroup key={group} label={group}>{draw(group)}</optgroup>)}
    </select>}</Labelled>
}

export function Check({ label, value, onChange, help, problems, disabled }: { label: string; value: boolean; onChange: (to: boolean) => void; help?: string | undefined; problems?: readonly string[] | undefined; disabled?: boolean | undefined }): ReactNode {
  const id = useId()
  const described = help || problems?.length ? id : undefined
  return <div className="field check-line"><label className="check"><input type="checkbox" checked={value} disabled={disabled} aria-describedby={described} onChange={event => onChange(event.currentTarget.checked)} /><span>{label}</span></label>
    {described && <More id={id} help={help} problems={problems ?? []} />}</div>
}

const NAMES: Record<Language, string> = { 'zh-CN': '中文', en: 'English' }
/** A text in the app's languages side by side; a missing one is marked. */
export function WordsField({ label, value, onChange, help, problems, lines, required, focus }: { label: string; value: Text | undefined; onChange: (to: Text) => void; help?: string | undefined; problems?: readonly string[] | undefined; lines?: number | undefined; required?: boolean | undefined; focus?: boolean | undefined }): ReactNode {
  const { boot } = useDesigner()
  const id = useId()
  const has = (each: Language): string => typeof value === 'string' ? value : value?.[each] ?? ''
  const some = boot.languages.some(each => has(each).trim())
  return <fieldset className="field words" data-required={required || undefined} aria-describedby={help || problems?.length ? id : undefined}><legend>{label}</legend>
    <div className="words-lines">{boot.languages.map((each, index) => {
      const missing = some && !has(each).trim()
      const given = { className: 'input', value: has(each), lang: each, 'aria-label': `${label} (${NAMES[each] ?? each})`, 'data-autofocus': (focus && index === 0) || undefined, 'aria-describedby': missing ? `${id}-${each}` : undefined }
      const put = (words: string): void => onChange(written(value, each, words, boot.languages))
      return <div key={each}><div className={`affix${missing ? ' missing' : ''}`}><span aria-hidden="true" title={NAMES[each]}>{SHORT[each] ?? each}</span>{lines
        ? <textarea {...given} rows={lines} onInput={event => put(event.currentTarget.value)} />
        : <input {...given} onInput={event => put(event.currentTarget.value)} />}</div>
        {missing && <p className="hint" id={`${id}-${each}`}>{say('designer.translation_missing')}</p>}</div>
    })}</div>
    {help || problems?.length ? <More id={id} help={help} problems={problems ?? []} /> : null}</fieldset>
}
const SHORT: Record<Language, string> = { 'zh-CN': '中', en: 'EN' }

/** A dialog: Escape closes it, the first thing to fill in has the focus, and who opened it gets the focus back.
    `keep`: it only closes by its own buttons. */
export function Dialog({ title, onClose, children, footer, wide, keep, onSubmit }: { title: string; onClose: () => void; children: ComponentChildren; footer?: ComponentChildren; wide?: boolean; keep?: boolean; onSubmit?: () => void }): ReactNode {
  const id = useId()
  const place = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    const made = place.current!
    const before = document.activeElement as HTMLElement | null
    made.showModal()
    const first = made.querySelector<HTMLElement>('[data-autofocus]') ?? made.querySelector<HTMLElement>('.dialog-body :is(input, select, textarea, button):not(:disabled)') ?? made.querySelector<HTMLElement>('footer .primary:not(:disabled)')
    first?.focus()
    return () => { if (made.open) made.close(); if (before?.isConnected) before.focus() }
  }, [])
  const inside = <>
    <header><h2 id={id}>{title}</h2>{!keep && <Button icon="x" label={say('close')} shown={false} tone="plain" small onClick={onClose} />}</header>
    <div className="dialog-body">{children}</div>
    {footer && <footer>{footer}</footer>}
  </>
  return <dialog ref={place} className={`dialog${wide ? ' wide' : ''}`} aria-labelledby={id} onCancel={event => { event.stopPropagation(); if (keep) event.preventDefault() }} onClose={event => { if (event.target !== event.currentTarget || !event.currentTarget.isConnected) return; if (keep) event.currentTarget.showModal(); else onClose() }}>
    {onSubmit ? <form onSubmit={event => { event.preventDefault(); onSubmit() }} noValidate>{inside}</form> : inside}
  </dialog>
}

export interface MenuItem { label: string; icon?: string | undefined; act?: () => void; href?: string | undefined; disabled?: boolean | undefined; danger?: boolean | undefined; keys?: string | undefined; checked?: boolean | undefined; rule?: boolean | undefined }
/** A button with a menu under it; the arrow keys walk in it. An entry with `rule` has a line above it. */
export function Menu({ label, icon, items, small, shown = false, tone = 'plain' }: { label: string; icon: string; small?: boolean; shown?: boolean; tone?: string; items: readonly MenuItem[] }): ReactNode {
  const [open, setOpen] = useState(false)
  const place = useRef<HTMLDivElement>(null)
  const menu = useRef<HTMLDivElement>(null)
  const leave = (): void => { setOpen(false); place.current?.querySelector('button')?.focus() }
  const entries = (): HTMLElement[] => [...place.current!.querySelectorAll<HTMLElement>('[role^=menuitem]:not([disabled])')]
  useLayoutEffect(() => {
    if (!open || !menu.current) return
    menu.current.showPopover()
    entries()[0]?.focus()
    return follow(menu.current, place.current!.querySelector('button')!)
  }, [open])
  const onKeyDown = (event: { key: string; preventDefault(): void; stopPropagation(): void }): void => {
    if (!open) { if (event.key === 'ArrowDown') { event.preventDefault(); event.stopPropagation(); setOpen(true) } return }
    const all = entries()
    const at = all.indexOf(document.activeElement as HTMLElement)
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key]
    if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); leave() }
    else if (event.key === 'Tab') setOpen(false)
    else if (next !== undefined) { event.preventDefault(); event.stopPropagation(); all.at(all.length ? next % all.length : 0)?.focus() }
  }
  const draw = (item: MenuItem): ReactNode => {
    const inside = <>{item.icon && <Icon name={item.icon} />}<span>{item.label}</span>{item.keys && <kbd>{item.keys}</kbd>}</>
    if (item.href) return <a role="menuitem" href={item.href} className={item.danger ? 'danger' : ''} onClick={() => setOpen(false)}>{inside}</a>
    return <button type="button" role={item.checked === undefined ? 'menuitem' : 'menuitemcheckbox'} aria-checked={item.checked} disabled={item.disabled} className={item.danger ? 'danger' : ''}
      onClick={() => { leave(); item.act?.() }}>{inside}</button>
  }
  return <div className="menu-place" ref={place} onKeyDown={onKeyDown} onFocusOut={event => { if (open && !place.current?.contains(event.relatedTarget as Node)) setOpen(false) }}>
    <button type="button" className={`button ${tone}${small ? ' small' : ''}${shown ? '' : ' square'}`} aria-haspopup="menu" aria-expanded={open} aria-label={shown ? undefined : label} title={shown ? undefined : label}
      onClick={() => setOpen(!open)}><Icon name={icon} />{shown && <span>{label}</span>}</button>
    {open && <div className="menu shown" role="menu" popover="manual" ref={menu} aria-label={label}>{items.map(item => <Fragment key={item.label}>{item.rule && <hr />}{draw(item)}</Fragment>)}</div>}
  </div>
}
