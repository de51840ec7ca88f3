/** The options of a choice: labels, colours, order, retiring; one per line pasted; 800 of them are no burden. */
import { useId, useMemo, useRef, useState, type ReactNode } from 'react'
import { announce } from '../../../runtime/ui/shared/announce.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { written, type ChoiceOption, type Language } from '../core/documents.ts'
import { fitting } from '../core/search.ts'
import { keywordsOf } from '../core/spelling.ts'
import { COLOURS, moved, newChoice, pasted } from '../expressions/choice_edits.ts'
import { Button, Dialog, Icon, Menu, TextField } from './basics.tsx'
import { useDesigner } from './designer.tsx'

export interface ChoiceListProps { label: string; value: readonly ChoiceOption[]; onChange: (to: ChoiceOption[]) => void; help?: string; problems?: readonly string[] }

const DRAWN = 40
const NAMES: Record<Language, string> = { 'zh-CN': '中文', en: 'English' }

export function ChoiceListEditor({ label, value, onChange, help, problems = [] }: ChoiceListProps): ReactNode {
  const { boot, language, read } = useDesigner()
  const id = useId()
  const box = useRef<HTMLFieldSetElement>(null)
  const [typed, type] = useState('')
  const [drawn, draw] = useState(DRAWN)
  const [pasting, paste] = useState<string>()
  const [wide, setWide] = useState(false)
  const [dragged, drag] = useState<number>()
  const found = useMemo(() => {
    const all = value.map((option, at) => ({ at, label: read(option.label, option.key), value: option.key, keywords: keywordsOf(option.label) }))
    return fitting(typed, all).map(each => each.at)
  }, [value, typed, language])
  const set = (at: number, to: ChoiceOption): void => onChange(value.map((each, index) => index === at ? to : each))
  const focus = (at: number): void => { setTimeout(() => box.current?.querySelector<HTMLElement>(`[data-at="${at}"] .choice-label`)?.focus()) }
  const add = (after = value.length - 1): void => { const made = [...value]; made.splice(after + 1, 0, newChoice(value)); onChange(made); type(''); draw(Math.max(drawn, after + 10)); focus(after + 1); announce(say('designer.options.choice_added', { count: made.length })) }
  const drop = (at: number): void => { onChange(value.filter((_, index) => index !== at)); announce(say('designer.options.choice_removed', { label: read(value[at]!.label, value[at]!.key) })); focus(Math.min(at, value.length - 2)) }
  const move = (at: number, to: number): void => {
    if (to < 0 || to >= value.length) return
    onChange(moved(value, at, to))
    announce(say('designer.options.choice_moved', { label: read(value[at]!.label, value[at]!.key), position: to + 1, count: value.length }))
    focus(to)
  }
  const keys = (at: number, event: KeyboardEvent): void => {
    if (event.isComposing) return
    if (event.altKey && event.key === 'ArrowUp') move(at, at - 1)
    else if (event.altKey && event.key === 'ArrowDown') move(at, at + 1)
    else if (event.key === 'Enter') add(at)
    else if (event.key === 'Backspace' && !read(value[at]!.label) && (event.target as HTMLInputElement).value === '') drop(at)
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') { const next = found[found.indexOf(at) + (event.key === 'ArrowUp' ? -1 : 1)]; if (next !== undefined) focus(next) }
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const rows = found.slice(0, drawn).map(at => {
    const option = value[at]!
    const name = read(option.label, option.key)
    const twice = value.some((each, index) => index !== at && each.key === option.key)
    return <li key={at} data-at={at} className={`choice${option.retired ? ' retired' : ''}${dragged === at ? ' dragged' : ''}`}
      draggable={!typed && !wide} onDragStart={event => { if (!(event.target as Element).closest('.choice-grip, .choice') || (event.target as Element).matches('input')) { event.preventDefault(); return } drag(at); event.dataTransfer?.setData('text/plain', option.key) }}
      onDragOver={event => { if (dragged !== undefined) event.preventDefault() }} onDrop={event => { event.preventDefault(); if (dragged !== undefined && dragged !== at) move(dragged, at); drag(undefined) }} onDragEnd={() => drag(undefined)}>
      <span className="choice-grip" aria-hidden="true"><Icon name="grip-vertical" /></span>
      <Colour value={option.colour} label={say('designer.options.colour_of', { label: name })} onChange={colour => { const { colour: _, ...rest } = option; set(at, colour ? { ...rest, colour } : rest) }} />
      {(wide ? boot.languages : [language]).map((each, index) => <input key={each} className={`input${index === 0 ? ' choice-label' : ''}`} aria-label={`${say('designer.options.choice', { position: at + 1 })} · ${NAMES[each]}`} lang={each} value={typeof option.label === 'string' ? option.label : option.label?.[each] ?? ''}
        placeholder={wide || typeof option.label === 'string' ? NAMES[each] : read(option.label, option.key)} onInput={event => set(at, { ...option, label: written(option.label, each, event.currentTarget.value, boot.languages) })} onKeyDown={event => keys(at, event as unknown as KeyboardEvent)} />)}
      {wide && <input className="input mono" aria-label={say('designer.options.key_of', { label: name })} aria-invalid={twice || !/^[a-z0-9][a-z0-9_]{0,62}$/.test(option.key)} value={option.key} onChange={event => set(at, { ...option, key: event.currentTarget.value.trim() })} onKeyDown={event => { if (event.altKey) keys(at, event as unknown as KeyboardEvent) }} />}
      {option.retired && <span className="badge quiet">{say('designer.options.retired')}</span>}
      <Menu small label={say('designer.options.choice_menu', { label: name })} icon="ellipsis" items={[
        { label: say(option.retired ? 'designer.options.restore' : 'designer.options.retire'), icon: option.retired ? 'archive-restore' : 'archive', act: () => { const { retired: _, ...rest } = option; set(at, option.retired ? rest : { ...rest, retired: true }); announce(say(option.retired ? 'designer.options.restored' : 'designer.options.was_retired', { label: name })) } },
        { label: say('designer.expression.move_up'), icon: 'arrow-up', act: () => move(at, at - 1), disabled: at === 0 },
        { label: say('designer.expression.move_down'), icon: 'arrow-down', act: () => move(at, at + 1), disabled: at === value.length - 1 },
        { label: say('designer.options.remove_choice'), icon: 'trash-2', danger: true, act: () => drop(at) },
      ]} />
    </li>
  })
  const body = <>
    {value.length > 10 && <input className="input" type="search" aria-label={say('designer.options.search_choice')} placeholder={say('designer.options.search_choice')} value={typed} onInput={event => { type(event.currentTarget.value); draw(DRAWN) }} />}
    <ul className={`choice-rows${wide ? ' wide' : ''}`}>{rows}</ul>
    {found.length > drawn && <Button small tone="plain" icon="chevron-down" label={say('designer.options.more', { count: found.length - drawn })} onClick={() => draw(drawn + 200)} />}
    {typed && !found.length && <p className="hint">{say('no_matches')}</p>}
    <div className="line parts">
      <Button small icon="plus" label={say('designer.options.add_choice')} onClick={() => add()} />
      <Button small tone="plain" icon="clipboard-paste" label={say('designer.options.paste')} onClick={() => paste('')} />
      {!wide && <Button small tone="plain" icon="maximize" label={say('designer.options.all_languages')} onClick={() => setWide(true)} />}
    </div>
  </>
  return <fieldset className="choice-list" ref={box} aria-describedby={help || problems.length ? `${id}-help` : undefined}>
    <legend>{label} <span className="badge quiet">{value.length}</span></legend>
    {!wide && body}
    {(help || problems.length > 0) && <div id={`${id}-help`}>{help && <p className="hint">{help}</p>}{problems.map(problem => <p className="problem" key={problem}><Icon name="circle-alert" /><span>{problem}</span></p>)}</div>}
    {wide && <Dialog title={label} wide onClose={() => setWide(false)}><div className="choice-wide">{body}</div></Dialog>}
    {pasting !== undefined && <Dialog title={say('designer.options.paste')} onClose={() => paste(undefined)} footer={<>
      <Button label={say('cancel')} onClick={() => paste(undefined)} />
      <Button tone="primary" label={say('designer.options.paste_take')} disabled={!pasting.trim()} onClick={() => {
        const made = pasted(value, pasting, boot.languages)
        onChange(made.list)
        paste(undefined)
        announce(say('designer.options.pasted', { added: made.added, skipped: made.skipped }))
      }} /></>}>
      <TextField label={say('designer.options.paste_lines')} help={say('designer.options.paste_help')} lines={12} value={pasting} onChange={paste} />
      <p role="status" className="muted">{say('designer.options.paste_count', { count: pasting.split('\n').filter(line => line.trim()).length })}</p>
    </Dialog>}
  </fieldset>
}

function Colour({ value, label, onChange }: { value: string | undefined; label: string; onChange: (to: string | undefined) => void }): ReactNode {
  return <span className="chip choice-colour" data-colour={value ?? ''}><select aria-label={label} title={label} value={value ?? ''} onChange={event => onChange(event.currentTarget.value || undefined)}>
    <option value="">{say('designer.options.no_colour')}</option>{COLOURS.map(each => <option key={each} value={each}>{say(`designer.options.colour_${each}`)}</option>)}</select></span>
}
