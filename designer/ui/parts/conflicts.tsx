/** Both versions of what a colleague changed at the same time: choose place by place, nothing is lost. */
import { useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { address, freeKey, type Document } from '../core/documents.ts'
import { settle } from '../core/merge.ts'
import type { Conflict } from '../core/saving.ts'
import { Button, Dialog } from './basics.tsx'
import { useDesigner } from './designer.tsx'
import { placeName, Value } from './values.tsx'

type Side = 'mine' | 'theirs'

export function Conflicts(): ReactNode {
  const { saving } = useDesigner()
  const conflict = saving.conflicts[0]
  return conflict ? <One key={conflict.address} conflict={conflict} /> : null
}

function One({ conflict }: { conflict: Conflict }): ReactNode {
  const designer = useDesigner()
  const { draft, saving } = designer
  const [chosen, choose] = useState<Record<number, Side>>({})
  const who = conflict.by || say('designer.somebody')
  const label = say('designer.resolved', { what: designer.name(conflict.address) })
  const finish = (document: Document | null): void => {
    saving.resolve(conflict, document, label)
    designer.announce(label)
  }
  const twins = !conflict.clashes.length && conflict.mine && conflict.theirs
  const title = say('designer.conflict_title', { what: designer.name(conflict.address) })
  if (twins) {
    // Two things of one key: mine gets another one, and what I made for it follows.
    const key = freeKey(conflict.mine!.key, draft.all(conflict.mine!.kind).map(other => other.key))
    const both = (): void => {
      const mine = { ...conflict.mine!, key }
      finish(conflict.theirs)
      draft.edit(label, edits => {
        edits.put(mine)
        for (const document of draft.everything()) if (mine.kind === 'entity' && document.entity === conflict.mine!.key && !draft.known(address(document))) edits.put({ ...document, entity: key })
      })
    }
    return <Dialog title={title} onClose={() => {}} keep footer={<><Button label={say('designer.drop_mine')} onClick={() => finish(conflict.theirs)} /><Button tone="primary" label={say('designer.keep_both')} onClick={both} /></>}>
      <p>{say('designer.twins', { who, key: conflict.mine!.key, free: key })}</p></Dialog>
  }
  if (!conflict.theirs || !conflict.mine) {
    const gone = !conflict.theirs
    return <Dialog title={title} onClose={() => {}} keep footer={<>
      <Button label={say(gone ? 'designer.remove_too' : 'designer.remove_still')} onClick={() => finish(null)} />
      <Button tone="primary" label={say(gone ? 'designer.keep_mine' : 'designer.keep_theirs')} onClick={() => finish(gone ? conflict.mine : conflict.theirs)} /></>}>
      <p>{say(gone ? 'designer.gone_there' : 'designer.gone_here', { who, what: designer.name(conflict.address) })}</p></Dialog>
  }
  const open = conflict.clashes.filter((_, index) => !chosen[index]).length
  const all = (side: Side): void => choose(Object.fromEntries(conflict.clashes.map((_, index) => [index, side])))
  const done = (): void => finish(settle(conflict.merged ?? conflict.mine!, conflict.clashes, conflict.clashes.map((_, index) => chosen[index]!)) ?? null)
  return <Dialog title={title} onClose={() => {}} keep wide footer={<>
    <Button label={say('designer.all_mine')} onClick={() => all('mine')} />
    <Button label={say('designer.all_theirs')} onClick={() => all('theirs')} />
    <span className="grow" />
    {open > 0 && <span className="muted small">{say('designer.still_open', { count: open })}</span>}
    <Button tone="primary" label={say('designer.take_choice')} disabled={open > 0} onClick={done} /></>}>
    <p>{say('designer.conflict_text', { who })}</p>
    {conflict.clashes.map((clash, index) => <fieldset className="clash" key={index}>
      <legend>{placeName(designer, conflict.address, clash.path, conflict.merged) || clash.label || designer.name(conflict.address)}{clash.order && ` (${say('designer.the_order')})`}</legend>
      <div className="clash-sides">{(['mine', 'theirs'] as const).map(side => <label key={side} className="clash-side"><input type="radio" name={`clash-${index}`} checked={chosen[index] === side} onChange={() => choose({ ...chosen, [index]: side })} />
        <span><strong>{side === 'mine' ? say('designer.mine') : say('designer.theirs_of', { who })}</strong>
          {clash[side] === undefined ? <span className="muted">{say('designer.removed')}</span> : <Value place={conflict.address} value={clash[side]} />}</span></label>)}</div>
      {clash.base !== undefined && !clash.order && <p className="hint">{say('designer.was_before')}{say('designer.colon')}<Value place={conflict.address} value={clash.base} /></p>}
    </fieldset>)}
  </Dialog>
}
