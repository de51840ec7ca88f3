/** The dialog that offers what an earlier page could not save. */
import type { ReactNode } from 'react'
import { language, say } from '../../../runtime/ui/shared/texts.ts'
import { forget, type LeftOver } from '../core/keeping.ts'
import { differences } from '../core/merge.ts'
import { get } from '../core/paths.ts'
import { Button, Dialog } from './basics.tsx'
import { useDesigner } from './designer.tsx'
import { DocumentName, placeName } from './values.tsx'

export function LeftOverDialog({ found, onClose }: { found: LeftOver; onClose: () => void }): ReactNode {
  const designer = useDesigner()
  const { boot, draft } = designer
  const end = (): void => { forget(boot.app, found.slots); onClose() }
  const restore = (): void => {
    draft.resume(found.changes, say('designer.did_restore'))
    designer.announce(say('designer.did_restore'))
    end()
  }
  const when = new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeStyle: 'short' }).format(found.at)
  return <Dialog title={say('designer.left_over')} onClose={onClose} footer={<>
    <Button tone="danger" label={say('designer.discard_left_over')} onClick={end} /><span className="grow" />
    <Button tone="primary" icon="archive-restore" label={say('designer.restore_left_over')} onClick={restore} /></>}>
    <p>{say('designer.left_over_text', { when })}</p>
    <ul className="left-over">{found.changes.map(change => <li key={change.place}><DocumentName place={change.place} document={change.document} />
      {change.base && change.document && <small className="muted">{[...new Set(differences(change.base, change.document).map(path => placeName(designer, change.place, path, get(change.document, path) === undefined ? change.base : change.document)))].slice(0, 5).join(say('designer.comma'))}</small>}
      <span className="chip" data-colour={change.document ? change.base ? 'amber' : 'green' : 'red'}>{say(change.document ? change.base ? 'designer.was_changed' : 'designer.was_new' : 'designer.was_removed')}</span></li>)}</ul>
  </Dialog>
}
