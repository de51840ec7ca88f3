/** What an earlier page could not save, and what to do when the page's document is no more. */
import { useEffect, useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { forget, leftOver, type LeftOver } from '../core/keeping.ts'
import { same } from '../core/paths.ts'
import { Button, Icon } from './basics.tsx'
import { useDesigner } from './designer.tsx'
import { later } from './later.tsx'

const LeftOverDialog = later(() => import('./left_over.tsx'), part => part.LeftOverDialog)

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
  return found ? <LeftOverDialog found={found} onClose={() => setFound(undefined)} /> : null
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
