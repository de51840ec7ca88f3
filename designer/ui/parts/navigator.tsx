/** The list of an app's parts beside every designer: what there is, what changed, what has problems; add, rename, copy, remove. */
import { useEffect, useMemo, useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { address, type Address, type Document, type EntityDocument, type Kind } from '../core/documents.ts'
import { shownKeys } from '../core/shortcuts.ts'
import { Icon, Menu, type MenuItem } from './basics.tsx'
import { useDesigner, useDesignerAtRest } from './designer.tsx'
import { asking, type Asked, type Part } from './asking.tsx'
import { openSearch } from './search.tsx'


const ICONS: Record<Part, string> = { entity: 'box', form: 'file-text', view: 'list', workflow: 'git-branch' }
const PAGES = [['roles', 'shield-check', 'designer.roles'], ['diagram', 'network', 'designer.diagram'], ['expressions', 'square-function', 'designer.expression.page'], ['translations', 'languages', 'designer.translations'], ['publish', 'rocket', 'designer.publishing'], ['history', 'history', 'designer.history'], ['pack', 'package', 'designer.packs']] as const

const slot = (app: string): string => `formwork.navigator.${app}`
function remembered(app: string): Record<string, boolean> {
  try { return JSON.parse(localStorage.getItem(slot(app)) ?? '{}') as Record<string, boolean> } catch { return {} }
}

export function Navigator(): ReactNode {
  const designer = useDesignerAtRest()
  const { draft, boot, findings } = designer
  const [open, setOpen] = useState(() => remembered(boot.app))
  const ask = (asked: Asked): void => {
    const drawer = document.getElementById('navigator')
    if (drawer?.matches(':popover-open')) drawer.hidePopover()
    asking(asked)
  }
  const counts = useMemo(() => {
    const found = new Map<string, { errors: number; warnings: number }>()
    for (const { address: place, level } of findings) {
      const count = found.get(place) ?? { errors: 0, warnings: 0 }
      if (level === 'error') count.errors++; else count.warnings++
      found.set(place, count)
    }
    return found
  }, [findings])
  const entities = useMemo(() => draft.all<EntityDocument>('entity').sort((one, other) => Number(!!one.part_of) - Number(!!other.part_of) || designer.read(one.label, one.key).localeCompare(designer.read(other.label, other.key), designer.language)), [draft.version])
  const parts = (entity: string): Document[] => (['form', 'view', 'workflow'] as Kind[]).flatMap(kind => draft.all(kind).filter(document => document.entity === entity))
  const current = boot.kind ? designer.place : ''
  const isOpen = (entity: EntityDocument): boolean => open[entity.key] ?? (address(entity) === current || parts(entity.key).some(part => address(part) === current))
  const toggle = (entity: EntityDocument): void => {
    const next = { ...open, [entity.key]: !isOpen(entity) }
    setOpen(next)
    try { localStorage.setItem(slot(boot.app), JSON.stringify(next)) } catch { /* it stays open for as long as the page does */ }
  }
  useEffect(() => {
    document.querySelector('#navigator [aria-current]')?.scrollIntoView({ block: 'nearest' })
  }, [])
  const menu = (place: Address, more: MenuItem[] = []): ReactNode => <Menu small icon="ellipsis" label={say('designer.more_of', { what: designer.name(place) })} items={[
    ...more,
    { label: say('designer.rename'), icon: 'pencil', act: () => ask({ what: 'rename', place }), rule: more.length > 0 },
    { label: say('designer.duplicate'), icon: 'copy', act: () => ask({ what: 'copy', place }) },
    { label: say('designer.remove'), icon: 'trash-2', danger: true, act: () => ask({ what: 'remove', place }) },
  ]} />
  const marks = (place: Address, inside: readonly Document[] = []): ReactNode => {
    const all = [place, ...inside.map(address)]
    const errors = all.reduce((sum, each) => sum + (counts.get(each)?.errors ?? 0), 0)
    const warnings = all.reduce((sum, each) => sum + (counts.get(each)?.warnings ?? 0), 0)
    const status = all.map(each => draft.status(each)).find(each => each !== 'published')
    return <>{errors + warnings > 0 && <span className={`badge ${errors ? 'hot' : 'warm'}`} title={say('designer.problems', { count: errors + warnings })}><span aria-hidden="true">{errors + warnings}</span><span className="sr">{say('designer.problems', { count: errors + warnings })}</span></span>}
      {status && <span className="changed-dot" title={say(`designer.was_${status}`)}><span className="sr">{say(`designer.was_${status}`)}</span></span>}</>
  }
  const link = (place: Address, icon: string, label: string, href: string, more?: ReactNode): ReactNode => <li key={place} className="navigator-row">
    <a href={href} aria-current={place === current ? 'page' : undefined}><Icon name={icon} /><span className="clip">{label}</span>{marks(place)}</a>{more}</li>
  const here = location.pathname
  return <>
    <div className="navigator-head"><a href="/" className="navigator-home" aria-label={say('designer.home')} title={say('designer.home')}><Icon name="house" /></a><a href={`/design/${boot.app}`} className="navigator-app" aria-current={here === `/design/${boot.app}` ? 'page' : undefined}><Icon name="layout-template" /><span className="clip">{appName(designer)}</span></a>
      <button type="button" className="button plain square small navigator-close" popovertarget="navigator" aria-label={say('close')}><Icon name="x" /></button></div>
    <button type="button" className="navigator-search" onClick={openSearch}><Icon name="search" /><span>{say('designer.search_short')}</span><kbd>{shownKeys('Ctrl+K').join(' ')}</kbd></button>
    <div className="navigator-title"><h2>{say('designer.entities')}</h2><button type="button" className="button plain square small" aria-label={say('designer.new_entity')} title={say('designer.new_entity')} onClick={() => ask({ what: 'new', kind: 'entity' })}><Icon name="plus" /></button></div>
    {!entities.length && <p className="hint navigator-none">{say('designer.no_entities')}</p>}
    <ul>{entities.map(entity => {
      const inside = parts(entity.key)
      const shown = isOpen(entity)
      const place = address(entity)
      return <li key={entity.uid}>
        <div className="navigator-row"><button type="button" className="navigator-entity" aria-expanded={shown} onClick={() => toggle(entity)}><Icon name={shown ? 'chevron-down' : 'chevron-right'} /><Icon name={entity.icon ?? ICONS.entity} /><span className="clip">{designer.read(entity.label, entity.key)}</span>{!shown && marks(place, inside)}</button>
          {menu(place, (['form', 'view', 'workflow'] as const).map(kind => ({ label: say(`designer.new_${kind}`), icon: ICONS[kind], act: () => ask({ what: 'new', kind, entity: entity.key }) })))}</div>
        {shown && <ul>{link(place, 'table-properties', say('designer.fields'), `/design/${boot.app}/${place}`)}
          {inside.map(part => link(address(part), part.kind === 'view' ? VIEWS[String(part.type)] ?? ICONS.view : ICONS[part.kind as Part], designer.read(part.label as string, part.key), `/design/${boot.app}/${address(part)}`, menu(address(part))))}</ul>}
      </li>
    })}</ul>
    <div className="navigator-title"><h2>{say('designer.whole_app')}</h2></div>
    <ul>{PAGES.map(([page, icon, code]) => {
      const href = `/design/${boot.app}/${page}`
      return <li key={page} className="navigator-row"><a href={href} aria-current={here === href || (page === 'roles' && boot.kind === 'role') ? 'page' : undefined}><Icon name={icon} /><span className="clip">{say(code)}</span>{page === 'publish' && designer.changes > 0 && <span className="badge quiet">{designer.changes}</span>}</a></li>
    })}</ul>
  </>
}

export const VIEWS: Record<string, string> = { list: 'list', board: 'square-kanban', calendar: 'calendar-days', cards: 'gallery-vertical-end' }

/** Ask for a new thing from anywhere in a designer. */
export const askForNew = (kind: Part, entity?: string): void => asking({ what: 'new', kind, entity })

const appName = (designer: ReturnType<typeof useDesigner>): string => {
  const app = designer.draft.all('app')[0]
  return app ? designer.read(app.label as string, app.key) : designer.boot.app
}
