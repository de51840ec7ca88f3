/** Whether everything is saved, and what to do when it can't be. */
import type { ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { State } from '../core/saving.ts'
import { Button, Icon } from './basics.tsx'
import { useDesigner } from './designer.tsx'

const ICONS: Record<State, string> = { saved: 'cloud-check', waiting: 'cloud', saving: 'cloud-upload', offline: 'cloud-off', failed: 'cloud-off', signed_out: 'log-in', stranger: 'user-x', forbidden: 'lock', refused: 'circle-alert', conflict: 'git-merge' }

/** A word in the toolbar. */
export function SaveState(): ReactNode {
  const { saving } = useDesigner()
  return <span className="save-state" data-state={saving.state} role="status" title={say(`designer.save_${saving.state}`)}><Icon name={ICONS[saving.state]} /><span>{say(`designer.save_${saving.state}`)}</span></span>
}

/** A line under the toolbar when something stands in the way: what is the matter, that nothing is lost, what to do. */
export function Trouble(): ReactNode {
  const { saving, draft, name } = useDesigner()
  const { state } = saving
  if (!['offline', 'failed', 'signed_out', 'stranger', 'forbidden', 'refused'].includes(state)) return null
  const count = draft.unsaved().length
  const what = [...saving.refused.keys()].map(place => name(place)).join(say('designer.comma'))
  return <div className={`note ${state === 'refused' || state === 'forbidden' ? 'bad' : 'warn'} designer-trouble`} role="alert"><Icon name={ICONS[state]} />
    <div>{say(`designer.trouble_${state}`, { name: saving.stranger?.name ?? '', what })}{count > 0 && state !== 'refused' && ` ${say('designer.kept', { count })}`}</div>
    {state === 'signed_out' && <a className="button small" href="/login?next=%2Fdesign" target="_blank" rel="noopener"><Icon name="external-link" /><span>{say('designer.sign_in_again')}</span></a>}
    {state === 'stranger' && <Button small label={say('designer.go_on_as', { name: saving.stranger?.name ?? '' })} onClick={() => saving.acceptStranger()} />}
    {(state === 'offline' || state === 'failed' || state === 'forbidden') && <Button small icon="refresh-cw" label={say('designer.try_again')} onClick={() => void saving.look().then(() => saving.settle())} />}
  </div>
}
