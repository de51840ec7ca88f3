/** Small parts of the panel: a list whose lines can be moved and removed, a colour, a section. */
import type { ComponentChildren } from 'preact'
import { useId, type ReactNode } from 'react'
import { announce } from '../../../runtime/ui/shared/announce.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { COLOURS } from '../expressions/choice_edits.ts'
import { Button } from '../parts/basics.tsx'

export function Section({ title, help, children, open = true, count }: { title: string; help?: string; children: ComponentChildren; open?: boolean; count?: number }): ReactNode {
  return <details className="view-section" open={open}><summary>{title}{count ? <span className="badge quiet">{count}</span> : null}</summary><div className="stack">{help && <p className="hint">{help}</p>}{children}</div></details>
}

interface LinesProps<Item> { label: string; items: readonly Item[]; name: (item: Item, index: number) => string; draw: (item: Item, index: number) => ComponentChildren; onChange: (items: Item[]) => void; add?: ComponentChildren }
/** A list in an order that matters: Alt+↑ and Alt+↓ move the line that has the focus. */
export function Lines<Item>({ label, items, name, draw, onChange, add }: LinesProps<Item>): ReactNode {
  const id = useId()
  const move = (at: number, to: number): void => {
    if (to < 0 || to >= items.length) return
    const made = [...items]
    made.splice(to, 0, ...made.splice(at, 1))
    onChange(made)
    announce(say('designer.view.line_moved', { name: name(items[at]!, at), position: to + 1, count: items.length }))
    setTimeout(() => document.querySelectorAll<HTMLElement>(`[data-lines="${id}"] > li`)[to]?.querySelector<HTMLElement>('select, input, button')?.focus())
  }
  const remove = (at: number): void => { onChange(items.filter((_, index) => index !== at)); announce(say('designer.view.line_removed', { name: name(items[at]!, at) })) }
  return <div className="view-lines" role="group" aria-label={label}>
    {items.length > 0 && <ol data-lines={id}>{items.map((item, at) => <li key={at} onKeyDown={event => {
      if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
      event.preventDefault()
      event.stopPropagation()
      move(at, at + (event.key === 'ArrowUp' ? -1 : 1))
    }}><div className="view-line">{draw(item, at)}</div><div className="view-line-tools">
        <Button small tone="plain" icon="arrow-up" shown={false} label={say('designer.view.line_up', { name: name(item, at) })} disabled={at === 0} onClick={() => move(at, at - 1)} />
        <Button small tone="plain" icon="arrow-down" shown={false} label={say('designer.view.line_down', { name: name(item, at) })} disabled={at === items.length - 1} onClick={() => move(at, at + 1)} />
        <Button small tone="plain" icon="x" shown={false} label={say('designer.view.line_remove', { name: name(item, at) })} onClick={() => remove(at)} />
      </div></li>)}</ol>}
    {add}
  </div>
}

/** A colour by its name, with what it looks like. */
export function Colour({ label, value, onChange }: { label: string; value: string; onChange: (to: string) => void }): ReactNode {
  return <div className="view-colours" role="radiogroup" aria-label={label}>{COLOURS.map(colour =>
    <label key={colour} data-colour={colour} title={say(`designer.options.colour_${colour}`)}><input type="radio" name={label} checked={value === colour} onChange={() => onChange(colour)} /><span className="sr">{say(`designer.options.colour_${colour}`)}</span></label>)}</div>
}
