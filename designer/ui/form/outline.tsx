/** The form as a tree, in step with the canvas: jump, select, rearrange by mouse or keys, see where something is wrong. */
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { Icon } from '../parts/basics.tsx'
import type { Board } from './board.ts'
import { itemTarget, sectionTarget, source, tabTarget, type Cargo } from './drag.ts'
import * as model from './model.ts'
import type { Id } from './model.ts'

interface Node { id: Id; level: number; label: string; icon: string; hasChildren: boolean; set: number; place: number }

export function Outline({ board }: { board: Board }): ReactNode {
  const [folded, fold] = useState<ReadonlySet<Id>>(new Set())
  const place = useRef<HTMLUListElement>(null)
  const form = board.form
  const focus = board.focus
  const problems = board.problems().by
  const nodes: Node[] = []
  const items = model.placed(form)
  form.tabs.forEach((tab, at) => {
    const id = model.tabId(tab)
    nodes.push({ id, level: 1, label: board.name(id), icon: 'panel-left', hasChildren: tab.sections.length > 0, set: form.tabs.length + (form.related?.length ?? 0), place: at + 1 })
    if (folded.has(id)) return
    tab.sections.forEach((section, index) => {
      const section_id = model.sectionId(tab, section)
      nodes.push({ id: section_id, level: 2, label: board.name(section_id), icon: 'heading', hasChildren: section.items.length > 0, set: tab.sections.length, place: index + 1 })
      if (folded.has(section_id)) return
      for (const each of items) if (each.tab === at && each.section === index) {
        const field = board.fieldOf(each.item)
        nodes.push({ id: each.id, level: 3, label: board.name(each.id), icon: model.isText(each.item) ? 'text-cursor-input' : board.designer.fieldType(field?.type ?? '')?.icon ?? 'circle-help', hasChildren: false, set: section.items.length, place: each.index + 1 })
      }
    })
  })
  for (const [at, each] of (form.related ?? []).entries()) nodes.push({ id: model.relatedId(each), level: 1, label: board.name(model.relatedId(each)), icon: 'list-tree', hasChildren: false, set: form.tabs.length + form.related!.length, place: form.tabs.length + at + 1 })
  const active = nodes.some(node => node.id === focus.active) ? focus.active : nodes[0]?.id ?? null

  useEffect(() => {
    const now = document.activeElement
    if (now?.closest('.outline') && active) { const there = place.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(active)}"]`); if (there && there !== now) there.focus() }
  })
  const toggle = (id: Id, shut: boolean): void => { const next = new Set(folded); if (shut) next.add(id); else next.delete(id); fold(next) }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const at = nodes.findIndex(node => node.id === active)
    const node = nodes[at]
    if (!node) return
    const go = (to: Node | undefined): void => { if (to) board.select(to.id, event.shiftKey && model.isItem(to.id) ? 'range' : 'one') }
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(nodes[at + 1]), ArrowUp: () => go(nodes[at - 1]), Home: () => go(nodes[0]), End: () => go(nodes.at(-1)),
      ArrowRight: () => node.hasChildren && folded.has(node.id) ? toggle(node.id, false) : go(nodes[at + 1]?.level === node.level + 1 ? nodes[at + 1] : undefined),
      ArrowLeft: () => node.hasChildren && !folded.has(node.id) ? toggle(node.id, true) : go(nodes.slice(0, at).reverse().find(each => each.level < node.level)),
      Enter: () => board.focusOn(node.id),
    }
    const found = keys[event.key]
    if (found) { event.preventDefault(); event.stopPropagation(); found() }
  }
  return <ul className="outline" role="tree" ref={place} aria-label={say('designer.form.outline')} aria-multiselectable="true" onKeyDown={event => onKeyDown(event as unknown as KeyboardEvent)}>
    {nodes.map(node => <Row key={node.id} board={board} node={node} tab={node.level === 1 ? model.tabAt(form, node.id) : -1} isSelected={focus.items.includes(node.id) || (!focus.items.length && focus.active === node.id)} hasFocus={active === node.id} isFolded={folded.has(node.id)} onToggle={toggle}
      problem={problems.get(node.id)?.map(each => each.message).join(' ') ?? ''} isError={problems.get(node.id)?.some(each => each.level === 'error') ?? false} />)}
  </ul>
}

function Row({ board, node, tab, isSelected, hasFocus, isFolded, onToggle, problem, isError }: { board: Board; node: Node; tab: number; isSelected: boolean; hasFocus: boolean; isFolded: boolean; onToggle: (id: Id, shut: boolean) => void; problem: string; isError: boolean }): ReactNode {
  const place = useRef<HTMLLIElement>(null)
  useEffect(() => {
    const { id } = node
    const cargo = (): Cargo => id.startsWith('s:') ? { kind: 'section', id } : id.startsWith('t:') ? { kind: 'tab', id } : { kind: 'items', ids: board.focus.items.includes(id) ? board.focus.items : [id] }
    if (id.startsWith('l:')) return undefined
    const undo = [source(place.current!, cargo, () => board.name(id)), id.startsWith('s:') ? sectionTarget(place.current!, id) : id.startsWith('t:') ? tabTarget(place.current!, tab, () => board.showTab(tab)) : itemTarget(place.current!, id, () => true)]
    return () => undo.forEach(each => each())
  }, [node.id, tab])
  return <li role="treeitem" ref={place} data-node={node.id} aria-level={node.level} aria-setsize={node.set} aria-posinset={node.place} aria-selected={isSelected} aria-expanded={node.hasChildren ? !isFolded : undefined} tabIndex={hasFocus ? 0 : -1}
    onClick={event => { board.select(node.id, event.ctrlKey || event.metaKey ? 'toggle' : event.shiftKey ? 'range' : 'one'); document.querySelector(`.sheet [data-id="${CSS.escape(node.id)}"]`)?.scrollIntoView({ block: 'nearest' }) }} onDblClick={() => board.set({ renaming: node.id })}>
    <span className="twist" aria-hidden="true" onClick={event => { event.stopPropagation(); if (node.hasChildren) onToggle(node.id, !isFolded) }}>{node.hasChildren && <Icon name={isFolded ? 'chevron-right' : 'chevron-down'} />}</span>
    <Icon name={node.icon} /><span className="clip">{node.label}</span>{problem && <span className={isError ? 'is-error' : 'is-warning'} title={problem}><Icon name={isError ? 'circle-alert' : 'triangle-alert'} /><span className="sr">{problem}</span></span>}
  </li>
}
