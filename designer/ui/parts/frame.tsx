/** The frame of every designer: toolbar, what goes left, the canvas, the panel to the right. */
import type { ComponentChildren } from 'preact'
import { useEffect, useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { Finding } from '../core/problems.ts'
import { dispatch, shownKeys, type Shortcut } from '../core/shortcuts.ts'
import { Button, Dialog, Icon } from './basics.tsx'
import { Conflicts } from './conflicts.tsx'
import { useDesigner } from './designer.tsx'

export interface FrameProps {
  title: string
  /** The designer's own keys; undo, redo, save and help are here already. */
  shortcuts?: readonly Shortcut[]
  /** Switches of views and the like, in the middle of the toolbar. */
  tools?: ComponentChildren
  left?: ComponentChildren
  leftLabel?: string
  right?: ComponentChildren
  rightLabel?: string
  /** The findings that concern this page; a click on one calls `onFinding`. */
  findings?: readonly Finding[]
  onFinding?: (finding: Finding) => void
  children: ComponentChildren
}

export function Frame(props: FrameProps): ReactNode {
  const { draft, saving, boot } = useDesigner()
  const [help, setHelp] = useState(false)
  const [problems, setProblems] = useState(false)
  const table: Shortcut[] = [
    { keys: 'Ctrl+Z', label: say('designer.undo'), group: say('designer.keys_general'), act: draft.undo, always: false },
    { keys: 'Ctrl+Shift+Z', label: say('designer.redo'), group: say('designer.keys_general'), act: draft.redo },
    { keys: 'Ctrl+Y', label: say('designer.redo'), group: say('designer.keys_general'), act: draft.redo },
    { keys: 'Ctrl+S', label: say('designer.save_now'), group: say('designer.keys_general'), act: () => void saving.flush(), always: true },
    { keys: '?', label: say('designer.keys'), group: say('designer.keys_general'), act: () => setHelp(true) },
    ...(props.shortcuts ?? []),
  ]
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => { if (!document.querySelector('dialog[open]')) dispatch(table, event) }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  })
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent): void => { if (draft.unsaved().length) event.preventDefault() }
    addEventListener('beforeunload', warn)
    return () => removeEventListener('beforeunload', warn)
  }, [draft])
  const findings = props.findings ?? []
  const errors = findings.filter(finding => finding.level === 'error').length
  return <div className={`designer${props.left ? ' has-left' : ''}${props.right ? ' has-right' : ''}`}>
    <div className="designer-bar" role="toolbar" aria-label={say('designer.toolbar')}>
      <h1>{props.title}</h1>
      <SaveState />
      <span className="grow" />
      {props.tools}
      <div className="button-group">
        <Button icon="undo-2" label={draft.undoLabel ? say('designer.undo_what', { what: draft.undoLabel }) : say('designer.undo')} shown={false} disabled={!draft.undoLabel} onClick={draft.undo} />
        <Button icon="redo-2" label={draft.redoLabel ? say('designer.redo_what', { what: draft.redoLabel }) : say('designer.redo')} shown={false} disabled={!draft.redoLabel} onClick={draft.redo} />
      </div>
      {findings.length > 0
        ? <Button icon={errors ? 'circle-alert' : 'triangle-alert'} label={say('designer.problems', { count: findings.length })} expanded={problems} onClick={() => setProblems(!problems)} />
        : <span className="quiet fine"><Icon name="circle-check" />{say('designer.no_problems')}</span>}
      <Button icon="keyboard" label={say('designer.keys')} shown={false} tone="plain" onClick={() => setHelp(true)} />
      <a className="button primary" href={`/design/${boot.app}/publish`}><Icon name="rocket" /><span>{say('designer.review')}</span></a>
    </div>
    {problems && findings.length > 0 && <ul className="designer-problems" aria-label={say('designer.problems', { count: findings.length })}>{findings.map((finding, index) =>
      <li key={index}><button type="button" className={finding.level} onClick={() => props.onFinding?.(finding)}><Icon name={finding.level === 'error' ? 'circle-alert' : 'triangle-alert'} />{finding.message}</button></li>)}</ul>}
    {props.left && <aside className="designer-left" aria-label={props.leftLabel}>{props.left}</aside>}
    <div className="designer-canvas">{props.children}</div>
    {props.right && <aside className="designer-right" aria-label={props.rightLabel}>{props.right}</aside>}
    {help && <Help table={table} onClose={() => setHelp(false)} />}
    {saving.conflicts.length > 0 && <Conflicts />}
  </div>
}

function SaveState(): ReactNode {
  const { saving } = useDesigner()
  const icon = { saved: 'cloud-check', waiting: 'cloud', saving: 'cloud-upload', offline: 'cloud-off', signed_out: 'log-in', refused: 'circle-alert', conflict: 'git-merge' }[saving.state]
  return <span className="save-state" data-state={saving.state} role="status"><Icon name={icon} /><span>{say(`designer.save_${saving.state}`)}</span>
    {saving.state === 'signed_out' && <a href="/login" target="_blank" rel="noopener">{say('designer.sign_in_again')}</a>}
    {(saving.state === 'signed_out' || saving.state === 'offline') && <button type="button" className="link" onClick={() => void saving.flush()}>{say('designer.try_again')}</button>}</span>
}

function Help({ table, onClose }: { table: readonly Shortcut[]; onClose: () => void }): ReactNode {
  const groups = [...new Set(table.map(entry => entry.group))]
  return <Dialog title={say('designer.keys')} onClose={onClose} wide>
    <div className="keys">{groups.map(group => <section key={group}><h3>{group}</h3><dl>{table.filter(entry => entry.group === group).map(entry =>
      <div key={entry.keys + entry.label}><dt>{shownKeys(entry.keys).map(key => <kbd key={key}>{key}</kbd>)}</dt><dd>{entry.label}</dd></div>)}</dl></section>)}</div>
  </Dialog>
}
