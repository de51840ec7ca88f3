/** Both sides of what a colleague changed at the same time: choose, nothing is lost. */
import { useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { set } from '../core/paths.ts'
import { Button, Dialog } from './basics.tsx'
import { useDesigner } from './designer.tsx'

const shown = (value: unknown): string => value === undefined || value === null ? say('designer.nothing') : typeof value === 'string' ? value : JSON.stringify(value, null, 1)

export function Conflicts(): ReactNode {
  const designer = useDesigner()
  const conflict = designer.saving.conflicts[0]!
  const [chosen, choose] = useState<Record<number, 'mine' | 'theirs'>>({})
  const done = (): void => {
    // `merged` holds everything that did not clash, with our side at the clashes.
    const start = conflict.merged ?? conflict.mine
    const answer = conflict.clashes.reduce((document, clash, index) => {
      const value = chosen[index] === 'theirs' ? clash.theirs : clash.mine
      return clash.path.length ? set(document, clash.path, value ?? undefined) : (value as typeof document)
    }, start)
    choose({})
    designer.saving.resolve(conflict, answer)
  }
  const open = conflict.clashes.some((_, index) => !chosen[index])
  return <Dialog title={say('designer.conflict_title', { what: designer.name(conflict.address) })} onClose={() => {}} wide footer={<>
    <Button label={say('designer.all_mine')} onClick={() => choose(Object.fromEntries(conflict.clashes.map((_, index) => [index, 'mine'])))} />
    <Button label={say('designer.all_theirs')} onClick={() => choose(Object.fromEntries(conflict.clashes.map((_, index) => [index, 'theirs'])))} />
    <span className="grow" /><Button tone="primary" label={say('designer.take_choice')} disabled={open} onClick={done} /></>}>
    <p>{say('designer.conflict_text', { who: conflict.by })}</p>
    {conflict.clashes.map((clash, index) => <fieldset className="clash" key={index}><legend>{clash.label}</legend>
      {(['mine', 'theirs'] as const).map(side => <label key={side} className="clash-side"><input type="radio" name={`clash-${index}`} checked={chosen[index] === side} onChange={() => choose({ ...chosen, [index]: side })} />
        <span><strong>{say(`designer.${side}`)}</strong><pre>{shown(clash[side])}</pre></span></label>)}
      {clash.base !== undefined && <p className="help">{say('designer.was_before')}: {shown(clash.base)}</p>}
    </fieldset>)}
  </Dialog>
}
