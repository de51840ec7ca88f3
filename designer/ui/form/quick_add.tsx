/** Adding a field in place. */
import { useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { fitting } from '../core/search.ts'
import { keywordsOf } from '../core/spelling.ts'
import { Button } from '../parts/basics.tsx'
import type { Board } from './board.ts'
import { guessType } from './guess.ts'
import * as model from './model.ts'
import type { Id } from './model.ts'

/** "+": type a name, choose a type, Enter; or take a field that is there already. */
export function QuickAdd({ board, after }: { board: Board; after: Id }): ReactNode {
  const [words, setWords] = useState('')
  const [chosen, choose] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const box = useRef<HTMLFormElement>(null)
  useLayoutEffect(() => { field.current!.focus(); box.current!.scrollIntoView({ block: 'nearest' }) }, [])
  const types = board.designer.boot.field_types.filter(type => !type.is_system)
  const type = chosen || guessType(words, types)
  const left = model.fieldsLeft(board.form, [...board.entity?.fields ?? []])
  const matches = words.trim() ? fitting(words, left.map(each => ({ value: each.key, label: board.designer.read(each.label, each.key), keywords: keywordsOf(each.label) }))).slice(0, 4) : []
  const spot = model.spotAfter(board.form, after, board.focus.tab)
  const close = (): void => { board.set({ adding: null }); board.focusOn(board.focus.active) }
  const submit = (): void => { if (words.trim() || type === 'reference' || type === 'rows') void board.addNew(type, { spot, words }).then(() => board.focusOn(board.focus.active)) }
  const groups = [...new Set(types.map(each => each.group))]
  return <div role="listitem" className="quick-place"><form className="quick-add" ref={box} aria-label={say('designer.form.quick_add')} onSubmit={event => { event.preventDefault(); submit() }}
    onKeyDown={event => { if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); close() } }} onFocusOut={event => { if (!words && event.relatedTarget && !box.current?.contains(event.relatedTarget as Node)) board.set({ adding: null }) }}>
    <input className="input" ref={field} aria-label={say('designer.form.label')} placeholder={say('designer.form.quick_placeholder')} value={words} onInput={event => { setWords(event.currentTarget.value); void board.spell(event.currentTarget.value.trim()) }} />
    <select className="input" aria-label={say('designer.form.type')} value={type} onChange={event => choose(event.currentTarget.value)}>{groups.map(group =>
      <optgroup key={group} label={say(`designer.form.group_${group}`)}>{types.filter(each => each.group === group).map(each => <option key={each.key} value={each.key}>{each.label}</option>)}</optgroup>)}</select>
    <button type="submit" className="button primary" disabled={!words.trim()}>{say('designer.form.create')}</button>
    <Button icon="x" label={say('close')} shown={false} tone="plain" onClick={close} />
    {matches.length > 0 && <div className="quick-matches"><span className="quiet">{say('designer.form.exists_already')}</span>{matches.map(each => <button type="button" key={each.value} className="button small" onClick={() => { board.addExisting(each.value, spot); board.focusOn(board.focus.active) }}>{each.label}</button>)}</div>}
  </form></div>
}
