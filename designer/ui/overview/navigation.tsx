/** What people see in the app's own navigation: groups of entities and views, moved by buttons or Alt+arrows. */
import { useRef, useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { AppDocument, EntityDocument, ViewDocument } from '../core/documents.ts'
import { within } from '../core/problems.ts'
import { Button, Dialog, Icon, Menu, WordsField } from '../parts/basics.tsx'
import { keywordsOf, useDesigner } from '../parts/designer.tsx'
import { VIEWS } from '../parts/navigator.tsx'
import { Pick } from '../parts/pick.tsx'

type Item = { view: string } | { entity: string }

export function Navigation({ app }: { app: AppDocument }): ReactNode {
  const designer = useDesigner()
  const { draft, place } = designer
  const [naming, setNaming] = useState<number | null>(null)
  const list = useRef<HTMLDivElement>(null)
  const groups = app.navigation ?? []
  const named = (item: Item): string => designer.name('view' in item ? `view/${item.view}` : `entity/${item.entity}`)
  const iconOf = (item: Item): string => 'view' in item ? VIEWS[String(draft.get<ViewDocument>(`view/${item.view}`)?.type)] ?? 'list' : draft.get<EntityDocument>(`entity/${item.entity}`)?.icon ?? 'box'
  const group = (at: number): string => designer.read(groups[at]?.label, say('designer.group_number', { number: at + 1 }))
  const focus = (at: number, index: number): void => { setTimeout(() => list.current?.querySelector<HTMLElement>(`[data-entry="${at}-${index}"]`)?.focus()) }
  const done = (what: string, change: Parameters<typeof draft.edit>[1], said = what): void => { draft.edit(what, change); designer.announce(said) }

  /** One step up or down, over the edge into the neighbouring group. */
  const move = (at: number, index: number, step: 1 | -1): void => {
    const item = groups[at]!.items[index]!
    const what = say('designer.did_move', { what: named(item) })
    const inside = index + step
    if (inside >= 0 && inside < groups[at]!.items.length) {
      done(what, edits => edits.move(place, ['navigation', at, 'items'], index, step > 0 ? inside + 1 : inside), say('designer.moved_to', { what: named(item), number: inside + 1, of: groups[at]!.items.length, where: group(at) }))
      focus(at, inside)
      return
    }
    const to = at + step
    if (!groups[to]) return
    const index2 = step > 0 ? 0 : groups[to]!.items.length
    done(what, edits => { edits.set(place, ['navigation', at, 'items', index], undefined); edits.insert(place, ['navigation', to, 'items'], index2, item) }, say('designer.moved_to', { what: named(item), number: index2 + 1, of: groups[to]!.items.length + 1, where: group(to) }))
    focus(to, index2)
  }
  const remove = (at: number, index: number): void => {
    done(say('designer.did_remove', { what: named(groups[at]!.items[index]!) }), edits => edits.set(place, ['navigation', at, 'items', index], undefined))
    focus(at, Math.min(index, groups[at]!.items.length - 2))
  }
  const shown = new Set(groups.flatMap(each => each.items.map(item => JSON.stringify(item))))
  const choices = [
    ...draft.all<EntityDocument>('entity').filter(entity => !entity.part_of).map(entity => ({ value: JSON.stringify({ entity: entity.key }), label: designer.read(entity.label, entity.key), icon: entity.icon ?? 'box', keywords: keywordsOf(entity.label, entity.key), note: say('designer.sort_entity') })),
    ...draft.all<ViewDocument>('view').map(view => ({ value: JSON.stringify({ view: view.key }), label: designer.read(view.label, view.key), icon: VIEWS[view.type] ?? 'list', keywords: keywordsOf(view.label, view.key), note: say('designer.sort_view') })),
  ].filter(choice => !shown.has(choice.value))
  const add = (at: number, value: string): void => {
    const item = JSON.parse(value) as Item
    done(say('designer.did_add', { what: named(item) }), edits => edits.insert(place, ['navigation', at, 'items'], groups[at]!.items.length, item))
  }
  return <section className="panel" id="navigation" aria-labelledby="overview-navigation"><header><h2 id="overview-navigation">{say('designer.app_navigation')}</h2><span className="grow" />
    <Button small icon="plus" label={say('designer.new_group')} onClick={() => { done(say('designer.new_group'), edits => edits.insert(place, ['navigation'], groups.length, { label: designer.boot.start_words.group, items: [] })); setNaming(groups.length) }} /></header>
    <div className="panel-body stack" ref={list}>{!groups.length && <p className="muted">{say('designer.navigation_all')}</p>}
      {groups.map((each, at) => <section key={at} className="overview-group" aria-label={group(at)}>
        <header><h3>{group(at)}</h3><span className="grow" /><Menu small icon="ellipsis" label={say('designer.more_of', { what: group(at) })} items={[
          { label: say('designer.rename'), icon: 'pencil', act: () => setNaming(at) },
          { label: say('designer.move_up'), icon: 'arrow-up', disabled: at === 0, act: () => done(say('designer.did_move', { what: group(at) }), edits => edits.move(place, ['navigation'], at, at - 1)) },
          { label: say('designer.move_down'), icon: 'arrow-down', disabled: at === groups.length - 1, act: () => done(say('designer.did_move', { what: group(at) }), edits => edits.move(place, ['navigation'], at, at + 2)) },
          { label: say('designer.remove'), icon: 'trash-2', danger: true, act: () => done(say('designer.did_remove', { what: group(at) }), edits => edits.set(place, ['navigation', at], undefined)) }]} /></header>
        <ul>{each.items.map((item, index) => <li key={JSON.stringify(item)}>
          <button type="button" className="overview-entry" data-entry={`${at}-${index}`} aria-label={say('designer.entry_label', { what: named(item), number: index + 1, of: each.items.length })} aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Delete"
            onKeyDown={event => { if (event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) { event.preventDefault(); move(at, index, event.key === 'ArrowUp' ? -1 : 1) } else if (event.key === 'Delete') { event.preventDefault(); remove(at, index) } }}>
            <Icon name={iconOf(item)} /><span className="clip">{named(item)}</span><small>{say('view' in item ? 'designer.sort_view' : 'designer.sort_entity')}</small></button>
          <Button small icon="arrow-up" label={say('designer.move_up_what', { what: named(item) })} shown={false} tone="plain" disabled={at === 0 && index === 0} onClick={() => move(at, index, -1)} />
          <Button small icon="arrow-down" label={say('designer.move_down_what', { what: named(item) })} shown={false} tone="plain" disabled={at === groups.length - 1 && index === each.items.length - 1} onClick={() => move(at, index, 1)} />
          <Button small icon="x" label={say('designer.remove_what_from', { what: named(item) })} shown={false} tone="plain" onClick={() => remove(at, index)} />
          {within(designer.findings, place, ['navigation', at, 'items', index]).map(finding => <p className="problem" key={finding.message}><Icon name="circle-alert" /><span>{finding.message}</span></p>)}
        </li>)}</ul>
        {choices.length > 0 && <Pick bare label={say('designer.add_to_group', { what: group(at) })} value={undefined} options={choices} placeholder={say('designer.add_entry')} onChange={value => add(at, value)} />}
      </section>)}</div>
    {naming !== null && groups[naming] && <Dialog title={say('designer.rename_what', { what: group(naming) })} onClose={() => setNaming(null)} onSubmit={() => setNaming(null)} footer={<button className="button primary">{say('close')}</button>}>
      <WordsField label={say('designer.name')} value={groups[naming]!.label} focus onChange={to => { draft.edit(say('designer.did_rename', { what: group(naming) }), edits => edits.set(place, ['navigation', naming, 'label'], to || undefined), { merge: `group-${naming}` }) }} /></Dialog>}
  </section>
}

