/** Small parts of all designers, in the classes of the work pages' styles. */
import type { ComponentChildren } from 'preact'
import { useId, useRef, useState, type ReactNode } from 'react'
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
export function Labelled({ label, help, problems = [], children }: { label: string; help?: string | undefined; problems?: readonly string[]; children: (given: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean }) => ComponentChildren }): ReactNode {
  const id = useId()
  const described = help || problems.length ? `${id}-more` : undefined
  return <div className="field">
    <label htmlFor={id}>{label}</label>
    {children({ id, ...(described ? { 'aria-describedby': described } : {}), ...(problems.length ? { 'aria-invalid': true } : {}) })}
    {described && <div id={described}>{help && <p className="help">{help}</p>}{problems.map(problem => <p className="error" key={problem}>{problem}</p>)}</div>}
  </div>
}

export function TextField({ label, value, onChange, help, problems, mono, placeholder, lines }: { label: string; value: string; onChange: (to: string) => void; help?: string; problems?: readonly string[]; mono?: boolean; placeholder?: string; lines?: number }): ReactNode {
  return <Labelled label={label} help={help} problems={problems ?? []}>{given => lines
    ? <textarea {...given} className={`input${mono ? ' mono' : ''}`} rows={lines} value={value} placeholder={placeholder} onInput={event => onChange(event.currentTarget.value)} />
    : <input {...given} className={`input${mono ? ' mono' : ''}`} value={value} placeholder={placeholder} onInput={event => onChange(event.currentTarget.value)} />}</Labelled>
}

export function NumberField({ label, value, onChange, help, problems, minimum, maximum }: { label: string; value: number | undefined; onChange: (to: number | undefined) => void; help?: string; problems?: readonly string[]; minimum?: number; maximum?: number }): ReactNode {
  return <Labelled label={label} help={help} problems={problems ?? []}>{given =>
    <input {...given} className="input" type="number" min={minimum} max={maximum} value={value ?? ''} onInput={event => onChange(event.currentTarget.value === '' ? undefined : Number(event.currentTarget.value))} />}</Labelled>
}

export function SelectField({ label, value, options, onChange, help, problems, empty }: { label: string; value: string; options: readonly { value: string; label: string; group?: string }[]; onChange: (to: string) => void; help?: string; problems?: readonly string[]; empty?: string }): ReactNode {
  return <Labelled label={label} help={help} problems={problems ?? []}>{given =>
    <select {...given} className="input" value={value} onChange={event => onChange(event.currentTarget.value)}>
      {empty !== undefined && <option value="">{empty}</option>}
      {options.map(option => <option key={option.value} value={option.value}>{option.label}</option>)}
    </select>}</Labelled>
}

export function Check({ label, value, onChange, help, disabled }: { label: string; value: boolean; onChange: (to: boolean) => void; help?: string; disabled?: boolean }): ReactNode {
  const id = useId()
  return <div className="field check-line"><label><input type="checkbox" checked={value} disabled={disabled} aria-describedby={help ? id : undefined} onChange={event => onChange(event.currentTarget.checked)} /> {label}</label>{help && <p className="help" id={id}>{help}</p>}</div>
}

const NAMES: Record<Language, string> = { 'zh-CN': '中文', en: 'English' }
/** A text in the app's languages side by side; a missing one is marked. */
export function WordsField({ label, value, onChange, help, lines }: { label: string; value: Text | undefined; onChange: (to: Text) => void; help?: string; lines?: number }): ReactNode {
  const { boot } = useDesigner()
  const has = (each: Language): string => typeof value === 'string' ? value : value?.[each] ?? ''
  return <fieldset className="words"><legend>{label}</legend>{boot.languages.map(each =>
    <TextField key={each} label={NAMES[each]} value={has(each)} {...(lines ? { lines } : {})} {...(has(each) ? {} : { help: say('designer.translation_missing') })}
      onChange={words => onChange(written(value, each, words, boot.languages))} />)}
    {help && <p className="help">{help}</p>}</fieldset>
}

/** A dialog that closes by Escape and gives the focus back. */
export function Dialog({ title, onClose, children, footer, wide }: { title: string; onClose: () => void; children: ComponentChildren; footer?: ComponentChildren; wide?: boolean }): ReactNode {
  const id = useId()
  const open = (made: HTMLDialogElement | null): void => { if (made && !made.open) made.showModal() }
  return <dialog ref={open} className={`dialog${wide ? ' wide' : ''}`} aria-labelledby={id} onClose={onClose}>
    <header><h2 id={id}>{title}</h2><Button icon="x" label={say('close')} shown={false} tone="plain" onClick={onClose} /></header>
    <div className="dialog-body">{children}</div>
    {footer && <footer>{footer}</footer>}
  </dialog>
}

/** A button with a menu under it. */
export function Menu({ label, icon, items, small, shown = false }: { label: string; icon: string; small?: boolean; shown?: boolean; items: readonly { label: string; icon?: string; act: () => void; disabled?: boolean; danger?: boolean }[] }): ReactNode {
  const [open, setOpen] = useState(false)
  const place = useRef<HTMLDivElement>(null)
  const leave = (): void => { setOpen(false); place.current?.querySelector('button')?.focus() }
  const onKeyDown = (event: { key: string; preventDefault(): void; stopPropagation(): void }): void => {
    const all = [...place.current!.querySelectorAll<HTMLElement>('[role=menuitem]:not([disabled])')]
    const at = all.indexOf(document.activeElement as HTMLElement)
    if (event.key === 'Escape' && open) { event.preventDefault(); event.stopPropagation(); leave() }
    else if (open && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) { event.preventDefault(); event.stopPropagation(); all.at((at + (event.key === 'ArrowDown' ? 1 : -1) + all.length) % all.length)?.focus() }
  }
  return <div className="menu-place" ref={place} onKeyDown={onKeyDown} onFocusOut={event => { if (!place.current?.contains(event.relatedTarget as Node)) setOpen(false) }}>
    <button type="button" className={`button plain${small ? ' small' : ''}${shown ? '' : ' square'}`} aria-haspopup="menu" aria-expanded={open} aria-label={shown ? undefined : label} title={shown ? undefined : label}
      onClick={() => { setOpen(!open); if (!open) setTimeout(() => place.current?.querySelector<HTMLElement>('[role=menuitem]:not([disabled])')?.focus()) }}><Icon name={icon} />{shown && <span>{label}</span>}</button>
    {open && <div className="menu shown" role="menu">{items.map(item =>
      <button type="button" role="menuitem" key={item.label} disabled={item.disabled} className={item.danger ? 'danger' : ''} onClick={() => { setOpen(false); item.act() }}>{item.icon && <Icon name={item.icon} />}{item.label}</button>)}</div>}
  </div>
}
