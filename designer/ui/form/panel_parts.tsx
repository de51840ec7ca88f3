/** Parts of the panel's lines. */
import type { ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { Button } from '../parts/basics.tsx'

/** One line of the panel: what it is called, what else finds it, and its controls. */
export interface Line { group: Group; label: string; words?: string; draw: () => ReactNode }
export type Group = 'basic' | 'layout' | 'rules' | 'validation' | 'labels' | 'access' | 'used'
/** A choice of a few, side by side. */
export function Segments<Value extends string | number>({ label, value, options, onChange }: { label: string; value: Value | undefined; options: readonly { value: Value; label: string; title?: string }[]; onChange: (to: Value) => void }): ReactNode {
  return <div className="field" role="group" aria-label={label}><span className="label" aria-hidden="true">{label}</span>
    <span className="segments full">{options.map(option => <button type="button" key={option.value} aria-pressed={option.value === value} title={option.title} onClick={() => onChange(option.value)}>{option.label}</button>)}</span></div>
}

/** Names in an order: up, down, away, and one more. */
export function Columns({ label, values, options, onChange }: { label: string; values: readonly string[]; options: readonly { value: string; label: string }[]; onChange: (to: string[]) => void }): ReactNode {
  const name = (value: string): string => options.find(option => option.value === value)?.label ?? value
  const left = options.filter(option => !values.includes(option.value))
  const move = (from: number, to: number): void => { const next = [...values]; next.splice(to, 0, ...next.splice(from, 1)); onChange(next) }
  return <fieldset className="field columns-field"><legend>{label}</legend>
    <ol>{values.map((value, at) => <li key={value}><span className="clip">{name(value)}</span>
      <Button icon="arrow-up" small tone="plain" shown={false} label={say('designer.form.up', { label: name(value) })} disabled={at === 0} onClick={() => move(at, at - 1)} />
      <Button icon="arrow-down" small tone="plain" shown={false} label={say('designer.form.down', { label: name(value) })} disabled={at === values.length - 1} onClick={() => move(at, at + 1)} />
      <Button icon="x" small tone="plain" shown={false} label={say('designer.form.delete_what', { label: name(value) })} disabled={values.length === 1} onClick={() => onChange(values.filter(each => each !== value))} /></li>)}</ol>
    {left.length > 0 && <select className="input small" aria-label={say('designer.form.add_column')} value="" onChange={event => { if (event.currentTarget.value) onChange([...values, event.currentTarget.value]) }}>
      <option value="">{say('designer.form.add_column')}</option>{left.map(option => <option key={option.value} value={option.value}>{option.label}</option>)}</select>}
  </fieldset>
}
