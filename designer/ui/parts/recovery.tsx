/** What an earlier page could not save, and what to do when the page's document is no more. */
import { useEffect, useState, type ReactNode } from 'react'
import { language, say } from '../../../runtime/ui/shared/texts.ts'
import { forget, leftOver, type LeftOver } from '../core/keeping.ts'
import { same } from '../core/paths.ts'
import { Button, Dialog, Icon } from './basics.tsx'
import { useDesigner } from './designer.tsx'
import { DocumentName } from './values.tsx'

export function Recovery(): ReactNode {
  const designer = useDesigner()
  const { boot, draft } = designer
  const [found, setFound] = useState<LeftOver>()
  useEffect(() => {
    void leftOver(boot.app, boot.user.id).then(left => {
      if (!left) return
      // Part of it may have arrived after all.
      const changes = left.changes.filter(change => !same(draft.get(change.place) ?? null, change.document))
      if (changes.length) setFound({ ...left, changes })
      else forget(boot.app, left.slots)
    })
  }, [])
  if (!found) return null
  const end = (): void => { forget(boot.app, found.slots); setFound(undefined) }
  const restore = (): void => {
    draft.resume(found.changes, say('designer.did_restore'))
    designer.announce(say('designer.did_restore'))
    end()
  }
  const when = new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeStyle: 'short' }).format(found.at)
  return <Dialog title={say('designer.left_over')} onClose={() => setFound(undefined)} footer={<>
    <Button tone="danger" label={say('designer.discard_left_over')} onClick={end} /><span className="grow" />
    <Button tone="primary" icon="archive-restore" label={say('designer.restore_left_over')} onClick={restore} /></>}>
    <p>{say('designer.left_over_text', { when })}</p>
    <ul className="left-over">{found.changes.map(change => <li key={change.place}><DocumentName place={change.place} document={change.document} />
      <span className="chip" data-colour={change.document ? change.base ? 'amber' : 'green' : 'red'}>{say(change.document ? change.base ? 'designer.was_changed' : 'designer.was_new' : 'designer.was_removed')}</span></li>)}</ul>
  </Dialog>
}

export function Gone(): ReactNode {
  const { boot, draft, name, place } = useGone()
  return <div className="designer-gone"><div className="empty"><Icon name="trash-2" /><h2>{say('designer.gone_title', { what: name })}</h2><p>{say('designer.gone_text')}</p>
    <div className="line"><a className="button" href={`/design/${boot.app}`}><Icon name="layout-template" /><span>{say('designer.overview')}</span></a>
      {draft.undoLabel && <Button icon="undo-2" label={say('designer.undo_what', { what: draft.undoLabel })} onClick={draft.undo} />}</div></div>
    <p className="sr" role="status">{say('designer.gone_title', { what: `${name} (${place})` })}</p></div>
}

function useGone() {
  const designer = useDesigner()
  return { boot: designer.boot, draft: designer.draft, name: designer.name(designer.place), place: designer.place }
}
