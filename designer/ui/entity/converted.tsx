/** A field whose type was changed and published: how far its values are, what is left, and the way back. */
import { useEffect, useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { Field } from '../core/documents.ts'
import { ask } from '../core/server.ts'
import { Button, Icon } from '../parts/basics.tsx'
import type { Board } from './board.ts'
import { Values, type Shown } from './type_change.tsx'

const text = (code: string, values: Record<string, string | number> = {}): string => say(`designer.entity.${code}`, values)

export function Converted({ board, field }: { board: Board; field: Field }): ReactNode {
  const change = board.change(field.uid)
  const [unread, setUnread] = useState<Shown[]>()
  const published = board.publishedField(field.uid)
  useEffect(() => { setUnread(undefined) }, [change?.failed, change?.is_done])
  if (!published) return null
  if (published.type !== field.type && !field.retired) {
    const to = board.designer.fieldType(field.type)?.label ?? field.type
    return <div className="note info conversion"><Icon name="arrow-left-right" /><div><p>{text('waits_for_publish', { from: board.designer.fieldType(published.type)?.label ?? published.type, to })}</p>
      <Button small label={text('look_again')} onClick={() => board.set({ question: { ask: 'type', uid: field.uid, to: field.type } })} /> <Button small label={text('leave_type')} onClick={() => board.takeType(field, { ...published, label: field.label, key: field.key })} /></div></div>
  }
  if (!change || change.to !== field.type) return null
  const names = { from: board.designer.fieldType(change.from)?.label ?? change.from, to: board.designer.fieldType(change.to)?.label ?? change.to }
  const percent = Math.floor(100 * change.passed / Math.max(1, change.total))
  const open = async (): Promise<void> => setUnread((await ask<{ values: Shown[] }>(`/design/${board.designer.boot.app}/type-changes/${field.uid}/unread`)).values)
  return <div className={`note ${change.is_done ? change.failed ? 'warn' : 'ok' : 'info'} conversion`}><Icon name="arrow-left-right" /><div>
    {change.is_done ? <p>{text('was_converted', { ...names, count: change.carried + change.restored })} {change.failed > 0 && text('some_failed', { count: change.failed })}</p>
      : <><p>{text('is_converting', { ...names, done: change.passed, total: change.total })}</p><progress max="100" value={percent} aria-label={text('converting', { percent })} /></>}
    <div className="button-line">
      {change.is_done && change.failed > 0 && <Button small icon="list" label={text('show_unread', { count: change.failed })} expanded={unread !== undefined} onClick={() => { if (unread) setUnread(undefined); else void open() }} />}
      {change.before && <Button small icon="undo-2" label={text('change_back', { type: names.from })} onClick={() => board.set({ question: { ask: 'type', uid: field.uid, to: change.from, back: change.before! } })} />}
    </div>
    {unread && <Values rows={unread} reasons caption={text('unread_values')} />}
  </div></div>
}
