/** Look at the published app as a role, or (administrators) as a person: the choice, then over to the work pages. */
import { useState, type ReactNode } from 'react'
import { csrf } from '../../../runtime/ui/shared/http.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { RoleDocument } from '../core/documents.ts'
import { Button, Dialog, Icon } from '../parts/basics.tsx'
import { useDesigner } from '../parts/designer.tsx'
import { Pick } from '../parts/pick.tsx'
import { keywordsOf } from '../core/spelling.ts'
import type { More } from './main.tsx'
import { part } from './words.ts'

/** A plain form: the whole page changes, so there is nothing for a script to answer. */
function post(values: Record<string, string>): void {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = '/view'
  for (const [name, value] of Object.entries({ ...values, csrf: csrf() })) {
    const input = document.createElement('input')
    Object.assign(input, { type: 'hidden', name, value })
    form.append(input)
  }
  document.body.append(form)
  form.submit()
}

export function ViewAs({ role, roles, onClose }: { role: string | undefined; roles: RoleDocument[]; onClose: () => void }): ReactNode {
  const designer = useDesigner<More>()
  const { boot, draft, saving } = designer
  const { more } = boot
  const [as, setAs] = useState<'role' | 'person'>('role')
  const known = roles.filter(each => more.published.includes(each.key))
  const [chosen, choose] = useState(role && more.published.includes(role) ? role : known[0]?.key ?? '')
  const [person, setPerson] = useState('')
  const go = async (): Promise<void> => { await saving.flush(); post({ ...(as === 'role' ? { app: boot.app, role: chosen } : { person }), next: '/' }) }
  return <Dialog title={part('view_title')} onClose={onClose} footer={<><Button label={say('cancel')} onClick={onClose} /><span className="grow" /><Button tone="primary" icon="eye" label={part('view_go')} disabled={as === 'role' ? !chosen : !person} onClick={() => void go()} /></>}>
    <div className="stack">
      <p>{part('view_text')}</p>
      {more.is_admin && <div className="segments" role="group" aria-label={part('view_title')}>
        <button type="button" aria-pressed={as === 'role'} onClick={() => setAs('role')}>{part('view_role')}</button>
        <button type="button" aria-pressed={as === 'person'} onClick={() => setAs('person')}>{part('view_person')}</button></div>}
      {as === 'role'
        ? known.length ? <Pick label={part('role')} value={chosen} options={known.map(each => ({ value: each.key, label: designer.read(each.label, each.key), keywords: keywordsOf(each.label) }))} onChange={choose} help={part('view_role_help')} /> : <p className="hint">{part('view_none')}</p>
        : <Pick label={part('person')} value={person} options={more.people.filter(each => each.id !== more.me).map(each => ({ value: each.id, label: each.name, note: each.title, keywords: each.keywords }))} onChange={setPerson} help={part('view_person_help')} />}
      {draft.everything().some(document => document.kind === 'role' && draft.status(`role/${document.key}`) !== 'published') && <p className="problem soft"><Icon name="info" /><span>{part('view_published')}</span></p>}
    </div>
  </Dialog>
}
