/** The runs of the last 30 days, sent through the draft: which way each would take, and where that differs. */
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { announce } from '../../../runtime/ui/shared/announce.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { ask, Refused } from '../core/server.ts'
import { Button, Icon } from '../parts/basics.tsx'
import { useDesigner } from '../parts/designer.tsx'
import { grouped, type Edge, type Many } from './answers.ts'

const SHOWN = 20

export function ManyRuns({ workflow, version, onHighlight }: { workflow: string; version: number; onHighlight?: ((states: readonly string[], transitions: readonly Edge[]) => void) | undefined }): ReactNode {
  const designer = useDesigner()
  const [found, setFound] = useState<Many | null>(null)
  const [busy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState('')
  const [old, setOld] = useState(false)
  const stop = useRef(false)
  useEffect(() => () => { stop.current = true }, [])
  useEffect(() => { if (found) setOld(true) }, [version])
  const run = async (): Promise<void> => {
    stop.current = false
    setBusy(true)
    setOld(false)
    setTrouble('')
    let all: Many = { total: 0, done: 0, items: [], unseen: 0, states: {} }
    setFound(null)
    try {
      await designer.saving.flush()
      do {
        const more = await ask<Many>(`/design/${designer.boot.app}/simulate-many`, { workflow, after: all.done })
        all = { ...more, items: [...all.items, ...more.items], unseen: all.unseen + more.unseen, states: { ...all.states, ...more.states } }
        setFound(all)
      } while (all.done < all.total && !stop.current)
      announce(say('designer.simulation.many_done', { count: all.items.length, differing: all.items.filter(item => item.differs).length }))
    } catch (error) { if (error instanceof Refused) setTrouble(error.message) }
    setBusy(false)
  }
  const name = (path: readonly string[]): string => path.map(key => found?.states[key] ?? key).join(' → ')
  const show = (path: readonly string[]): void => onHighlight?.(path, path.slice(1).map((to, index) => ({ from: path[index]!, to })))
  return <div className="sim-many">
    <p className="quiet">{say('designer.simulation.many_help')}</p>
    <div className="sim-foot"><Button tone="primary" icon="play" label={say('designer.simulation.many_run')} disabled={busy} onClick={() => void run()} />
      {busy && <Button icon="square" label={say('designer.simulation.many_stop')} onClick={() => { stop.current = true }} />}</div>
    {trouble && <p className="note bad" role="alert"><Icon name="circle-alert" /><span>{trouble}</span></p>}
    {old && !busy && <p className="note info"><Icon name="info" /><span>{say('designer.simulation.many_old')}</span></p>}
    {found && busy && <label className="sim-progress"><span>{say('designer.simulation.many_progress', { done: found.done, total: found.total })}</span><progress value={found.done} max={Math.max(1, found.total)} /></label>}
    {found && !busy && found.items.length === 0 && <p className="quiet">{say('designer.simulation.many_none')}</p>}
    {found && found.unseen > 0 && <p className="quiet">{say('designer.simulation.many_unseen', { count: found.unseen })}</p>}
    {found && <ul className="sim-groups">{grouped(found.items).map(group => <li key={group.path.join(' ')}>
      <button type="button" className="sim-path" title={say('designer.simulation.show_path')} onClick={() => show(group.path)}>{name(group.path)}</button>
      <p><strong>{say('designer.simulation.records', { count: group.items.length })}</strong>{group.differing > 0 && <span className="chip" data-colour="amber">{say('designer.simulation.differing', { count: group.differing })}</span>}</p>
      {group.differing > 0 && <details><summary>{say('designer.simulation.show_differing')}</summary><ul>{group.items.filter(item => item.differs).slice(0, SHOWN).map(item =>
        <li key={item.id}><a href={item.href} target="_blank" rel="noopener">{item.title || item.id}</a><span className="quiet sim-line">{item.problem || say('designer.simulation.happened', { path: name(item.real) })}</span></li>)}</ul></details>}
    </li>)}</ul>}
  </div>
}
