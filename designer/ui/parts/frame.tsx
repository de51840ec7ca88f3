/** The frame of every designer: toolbar, what goes left, the canvas, the panel to the right. On a phone the panels are
    sheets that come up from below. */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { Address } from '../core/documents.ts'
import { pathIn } from '../core/places.ts'
import type { Finding } from '../core/problems.ts'
import { dispatch, shownKeys, type Shortcut } from '../core/shortcuts.ts'
import { Button, Dialog, Icon, Menu, type MenuItem } from './basics.tsx'
import { useDesigner } from './designer.tsx'
import { later } from './later.tsx'
import { SaveState, Trouble } from './save_state.tsx'
import { openSearch } from './search.tsx'
import { placeName } from './values.tsx'

export interface FrameProps {
  title: string
  /** The designer's own keys; undo, redo, save, search and help are here already. */
  shortcuts?: readonly Shortcut[]
  /** Switches of views and the like, in the middle of the toolbar. */
  tools?: ComponentChildren
  /** More entries of the menu at the end of the toolbar. */
  menu?: readonly MenuItem[]
  left?: ComponentChildren
  leftLabel?: string
  leftIcon?: string
  right?: ComponentChildren
  rightLabel?: string
  rightIcon?: string
  /** The findings that concern this page (else those of its document); a click on one calls `onFinding`, or `onGoTo`. */
  findings?: readonly Finding[]
  onFinding?: (finding: Finding) => void
  /** Show a place of the page's document: from the search, from a problem elsewhere, from the address (`#at=[…]`). */
  onGoTo?: (path: (string | number)[]) => void
  children: ComponentChildren
}

const Conflicts = later(() => import('./conflicts.tsx'), part => part.Conflicts)

/** Show a panel that is a sheet on a phone: the properties of what was just chosen. */
export const showPanel = (side: 'left' | 'right' | null): void => { dispatchEvent(new CustomEvent('formwork-panel', { detail: side })) }

export function Frame(props: FrameProps): ReactNode {
  const designer = useDesigner()
  const { draft, saving, boot } = designer
  const [help, setHelp] = useState(false)
  const [problems, setProblems] = useState(false)
  const [sheet, setSheet] = useState<'left' | 'right' | null>(null)
  const general = say('designer.keys_general')
  const common: Shortcut[] = [
    { keys: 'Ctrl+Z', label: say('designer.undo'), group: general, act: draft.undo },
    { keys: 'Ctrl+Shift+Z', label: say('designer.redo'), group: general, act: draft.redo },
    { keys: 'Ctrl+Y', label: say('designer.redo'), group: general, act: draft.redo },
    { keys: 'Ctrl+S', label: say('designer.save_now'), group: general, act: () => void saving.settle().then(isDone => isDone && designer.announce(say('designer.save_saved'))), always: true },
    { keys: 'Ctrl+K', label: say('designer.search'), group: general, act: openSearch, always: true },
    { keys: 'F6', label: say('designer.next_part'), group: general, act: event => nextPart(event.shiftKey), always: true },
    { keys: 'F8', label: say('designer.next_problem'), group: general, act: () => { if (findings.length) jump(findings[at.current++ % findings.length]!) }, always: true, when: () => findings.length > 0 },
    { keys: '?', label: say('designer.keys'), group: general, act: () => setHelp(true) },
  ]
  // A designer's own meaning of a key goes before the common one.
  const table: Shortcut[] = [...common.filter(entry => !props.shortcuts?.some(own => own.keys === entry.keys && !own.when)), ...(props.shortcuts ?? [])]
  const at = useRef(0)
  const findings = props.findings ?? designer.findings.filter(finding => finding.address === designer.place)
  const goTo = (path: (string | number)[]): void => {
    if (props.onGoTo) props.onGoTo(path)
    else if (path.length) props.onFinding?.({ code: '', level: 'warning', address: designer.place, path, message: '' })
  }
  const jump = (finding: Finding): void => {
    if (props.onFinding) props.onFinding(finding)
    else designer.goTo(finding.address, finding.path)
  }
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => { if (!document.querySelector('dialog[open]')) dispatch(table, event) }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  })
  const latest = useRef(goTo)
  latest.current = goTo
  useEffect(() => {
    const act = (path: (string | number)[]): void => latest.current(path)
    const fromAddress = (): void => { const path = pathIn(location.hash); if (path) act(path) }
    const onPanel = (event: Event): void => setSheet((event as CustomEvent<'left' | 'right' | null>).detail)
    designer.jumps.add(act)
    addEventListener('hashchange', fromAddress)
    addEventListener('formwork-panel', onPanel)
    setTimeout(fromAddress)
    return () => { designer.jumps.delete(act); removeEventListener('hashchange', fromAddress); removeEventListener('formwork-panel', onPanel) }
  }, [designer])
  const errors = findings.filter(finding => finding.level === 'error').length
  const count = say('designer.problems', { count: findings.length })
  const status = boot.kind ? draft.status(designer.place) : 'published'
  const closeProblems = (): void => { setProblems(false); document.querySelector<HTMLElement>('[data-problems]')?.focus() }
  const toggle = (side: 'left' | 'right'): void => setSheet(sheet === side ? null : side)
  return <div className={`designer${props.left ? ' has-left' : ''}${props.right ? ' has-right' : ''}`} data-sheet={sheet ?? undefined}>
    <div className="designer-bar" role="toolbar" aria-label={say('designer.toolbar')}>
      <button type="button" className="button plain square designer-drawer" popovertarget="navigator" aria-label={say('designer.navigator')} title={say('designer.navigator')}><Icon name="panel-left" /></button>
      <div className="designer-title"><h1 className="clip">{props.title}</h1>{status !== 'published' && <span className="chip" data-colour={status === 'new' ? 'green' : 'amber'}>{say(`designer.was_${status}`)}</span>}<SaveState /></div>
      {props.tools && <div className="designer-tools">{props.tools}</div>}
      <div className="designer-acts">
        <div className="button-group">
          <Button icon="undo-2" label={draft.undoLabel ? say('designer.undo_what', { what: draft.undoLabel }) : say('designer.undo')} shown={false} disabled={!draft.undoLabel} onClick={draft.undo} />
          <Button icon="redo-2" label={draft.redoLabel ? say('designer.redo_what', { what: draft.redoLabel }) : say('designer.redo')} shown={false} disabled={!draft.redoLabel} onClick={draft.redo} />
        </div>
        <button type="button" className={`button designer-count ${findings.length ? errors ? 'has-errors' : 'has-warnings' : 'is-fine'}`} data-problems aria-expanded={problems && findings.length > 0} disabled={!findings.length} title={findings.length ? count : say('designer.no_problems')} onClick={() => setProblems(!problems)}>
          <Icon name={!findings.length ? 'circle-check' : errors ? 'circle-alert' : 'triangle-alert'} /><span aria-live="polite">{findings.length ? <><span aria-hidden="true">{findings.length}</span><span className="sr">{count}</span></> : <span className="sr">{say('designer.no_problems')}</span>}</span></button>
        <span className="designer-find"><Button icon="search" label={`${say('designer.search')} (${shownKeys('Ctrl+K').join('+')})`} shown={false} tone="plain" onClick={openSearch} /></span>
        <Menu icon="ellipsis" label={say('designer.more')} items={[
          ...(props.menu ?? []),
          { label: say('designer.keys'), icon: 'keyboard', keys: '?', act: () => setHelp(true), rule: !!props.menu?.length },
          { label: say('designer.all_problems'), icon: 'triangle-alert', href: `/design/${boot.app}#problems` },
          ...(boot.kind ? [{ label: say('designer.as_json'), icon: 'braces', href: `/design/${boot.app}/${designer.place}?as=json` }] : []),
        ]} />
        <a className="button primary" href={`/design/${boot.app}/publish`} title={say('designer.changes', { count: designer.changes })}><Icon name="rocket" /><span>{say('designer.review')}</span>{designer.changes > 0 && <span className="count" aria-hidden="true">{designer.changes}</span>}{designer.changes > 0 && <span className="sr">{say('designer.changes', { count: designer.changes })}</span>}</a>
      </div>
    </div>
    <div className="designer-notes"><Trouble />
      {problems && findings.length > 0 && <ul className="designer-problems" aria-label={count} onKeyDown={event => { if (event.key === 'Escape') { event.stopPropagation(); closeProblems() } }}>{findings.map((finding, index) =>
        <li key={index}><button type="button" className={finding.level} onClick={() => jump(finding)}><Icon name={finding.level === 'error' ? 'circle-alert' : 'triangle-alert'} /><span>{finding.message}<Place finding={finding} /></span></button></li>)}</ul>}</div>
    {props.left && <aside className="designer-left" aria-label={props.leftLabel} tabIndex={-1}>{props.left}</aside>}
    <div className="designer-canvas" tabIndex={-1}>{props.children}</div>
    {props.right && <aside className="designer-right" aria-label={props.rightLabel} tabIndex={-1}>{props.right}</aside>}
    {(props.left || props.right) && <div className="designer-sheets" role="group" aria-label={say('designer.panels')}>
      {props.left && <button type="button" aria-expanded={sheet === 'left'} onClick={() => toggle('left')}><Icon name={props.leftIcon ?? 'plus'} />{props.leftLabel ?? say('designer.panel_left')}</button>}
      {props.right && <button type="button" aria-expanded={sheet === 'right'} onClick={() => toggle('right')}><Icon name={props.rightIcon ?? 'sliders-horizontal'} />{props.rightLabel ?? say('designer.panel_right')}</button>}</div>}
    {help && <Help table={table} onClose={() => setHelp(false)} />}
    {saving.conflicts.length > 0 && <Conflicts />}
  </div>
}

/** Where a problem is: the place in the document, and the document where it is another one. */
function Place({ finding }: { finding: Finding }): ReactNode {
  const designer = useDesigner()
  const place = placeName(designer, finding.address, finding.path)
  const other = finding.address === designer.place ? '' : designer.name(finding.address as Address)
  const said = [other, place].filter(Boolean).join(' › ')
  return said ? <small>{said}</small> : null
}

/** Go round the parts of the page with F6: toolbar, left, canvas, right. */
function nextPart(isBack: boolean): void {
  const parts = [...document.querySelectorAll<HTMLElement>('#navigator, .designer-bar, .designer-left, .designer-canvas, .designer-right')].filter(part => part.offsetParent !== null || part.getClientRects().length)
  const now = parts.findIndex(part => part.contains(document.activeElement))
  const next = parts.at((now + (isBack ? -1 : 1) + parts.length) % parts.length)
  const first = next?.querySelector<HTMLElement>('[tabindex="0"], [aria-current], button:not(:disabled):not([tabindex="-1"]), a[href], input, select, textarea')
  ;(first ?? next)?.focus()
}

function Help({ table, onClose }: { table: readonly Shortcut[]; onClose: () => void }): ReactNode {
  const groups = [...new Set(table.map(entry => entry.group))]
  return <Dialog title={say('designer.keys')} onClose={onClose} wide>
    <div className="keys">{groups.map(group => <section key={group}><h3>{group}</h3><dl>{[...new Set(table.filter(entry => entry.group === group).map(entry => entry.label))].map(label =>
      <div key={label}><dt>{table.filter(entry => entry.group === group && entry.label === label).map((entry, index) => <span key={entry.keys}>{index > 0 && <span className="muted">/</span>}{shownKeys(entry.keys).map(key => <kbd key={key}>{key}</kbd>)}</span>)}</dt><dd>{label}</dd></div>)}</dl></section>)}</div>
  </Dialog>
}
