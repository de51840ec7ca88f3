/** The types of fields: found by name in either language, pinyin or synonym; Enter or a click adds one behind the selected field. */
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { fitting } from '../core/search.ts'
import { Icon } from '../parts/basics.tsx'
import type { FieldTypeShape } from '../parts/designer.tsx'
import { later } from '../parts/later.tsx'
import type { Board } from './board.ts'
import { dragging } from './drag.ts'

const Blocks = later(() => import('../parts/blocks.tsx'), part => part.Blocks, false)

export function Palette({ board }: { board: Board }): ReactNode {
  const [typed, type] = useState('')
  const place = useRef<HTMLDivElement>(null)
  const types = useMemo(() => board.designer.boot.field_types.filter(each => !each.is_system), [])
  const found = useMemo(() => fitting(typed, types.map(shape => ({ shape, label: shape.label, value: shape.key, keywords: shape.keywords }))).map(each => each.shape), [typed])
  const groups = typed.trim() ? [['', found] as const] : [...new Set(found.map(each => each.group))].map(group => [group, found.filter(each => each.group === group)] as const)
  const buttons = (): HTMLElement[] => [...place.current!.querySelectorAll<HTMLElement>('.type-card')]
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing || (event.target as HTMLElement).closest('.block-list') || event.altKey || event.ctrlKey || event.metaKey) return
    const all = buttons()
    const at = all.indexOf(document.activeElement as HTMLElement)
    const isInput = (event.target as HTMLElement).tagName === 'INPUT'
    if (event.key === 'Enter' && isInput) { event.preventDefault(); const first = found[0]; if (first) void board.add(first.key) }
    else if (event.key === 'ArrowDown') { event.preventDefault(); all[at < 0 ? 0 : Math.min(at + 1, all.length - 1)]?.focus() }
    else if (event.key === 'ArrowUp') { event.preventDefault(); if (at <= 0) place.current!.querySelector('input')!.focus(); else all[at - 1]!.focus() }
    else if (event.key === 'Escape' && typed && isInput) { event.preventDefault(); event.stopPropagation(); type('') }
  }
  return <div className="type-palette" ref={place} onKeyDown={event => onKeyDown(event as unknown as KeyboardEvent)}>
    <label className="search-line"><Icon name="search" /><span className="sr">{say('designer.entity.find_type')}</span>
      <input className="input" type="search" data-palette placeholder={say('designer.entity.find_type')} value={typed} onInput={event => type(event.currentTarget.value)} /></label>
    <p className="sr" role="status">{typed.trim() ? say('designer.entity.types_found', { count: found.length }) : ''}</p>
    {groups.map(([group, all]) => <section key={group} aria-label={group ? say(`designer.entity.group_${group}`) : say('designer.entity.types')}>
      {group && <h2>{say(`designer.entity.group_${group}`)}</h2>}
      <div className="type-cards">{all.map(shape => <TypeCard key={shape.key} board={board} shape={shape} />)}</div></section>)}
    {!found.length && <p className="hint">{say('designer.entity.no_type')}</p>}
    <section aria-label={say('designer.blocks.title')}><h2>{say('designer.blocks.title')}</h2>
      <Blocks offers="fields" entity={board.entity.key} onPlaced={(block, made) => void board.addBlock(block, made)} drag={(element, block, label) => dragging(by => by.blockSource(element, block, label))} /></section>
  </div>
}

function TypeCard({ board, shape }: { board: Board; shape: FieldTypeShape }): ReactNode {
  const place = useRef<HTMLButtonElement>(null)
  useEffect(() => dragging(by => by.typeSource(place.current!, shape.key, shape.label)), [shape])
  return <button ref={place} type="button" className="type-card" title={shape.description || undefined} onClick={() => void board.add(shape.key)}><Icon name={shape.icon} /><span>{shape.label}</span></button>
}
