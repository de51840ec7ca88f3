/** A table comes in: first what it would change and what is wrong with which row, then all of it in one step. */
import { useEffect, useState, type ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { ask, Refused } from '../core/server.ts'
import { Button, Dialog, Icon } from '../parts/basics.tsx'
import { useDesigner } from '../parts/designer.tsx'
import { languageName, part } from './main.tsx'

export interface Change { path: string; place: string; language: string; before: string; after: string }
interface Answer { rows: number; changes: Change[]; problems: { row: number; message: string }[] }
const SHOWN = 200

export function TakeIn({ file, onClose, onTake }: { file: File; onClose: () => void; onTake: (changes: Change[]) => void }): ReactNode {
  const designer = useDesigner()
  const [answer, setAnswer] = useState<Answer>()
  const [problem, setProblem] = useState('')
  useEffect(() => {
    const form = new FormData()
    form.append('file', file)
    // The server compares with the draft as it is stored.
    void designer.saving.flush().then(() => ask<Answer>(`/design/${designer.boot.app}/translations/read`, form)).then(setAnswer, (error: unknown) => { if (error instanceof Refused) setProblem(error.message); else throw error })
  }, [file])
  const changes = answer?.changes ?? []
  return <Dialog title={part('take_title', { file: file.name })} wide onClose={onClose} footer={<><Button label={say('cancel')} onClick={onClose} /><span className="grow" />
    <Button tone="primary" icon="check" label={answer?.problems.length ? part('take_good', { count: changes.length }) : part('take', { count: changes.length })} disabled={!changes.length} onClick={() => onTake(changes)} /></>}>
    <div className="stack">
      {problem && <p className="problem"><Icon name="circle-alert" /><span>{problem}</span></p>}
      {!answer && !problem && <p role="status">{part('reading')}</p>}
      {answer && <p role="status">{part('take_found', { rows: answer.rows, changes: changes.length, problems: answer.problems.length })}</p>}
      {answer && answer.problems.length > 0 && <section><h3>{part('take_problems')}</h3><ul className="take-problems">{answer.problems.slice(0, SHOWN).map((each, index) => <li key={index}><strong>{part('row', { row: each.row })}</strong> {each.message}</li>)}</ul>{answer.problems.length > SHOWN && <p className="hint">{part('more', { count: answer.problems.length - SHOWN })}</p>}</section>}
      {changes.length > 0 && <section><h3>{part('take_changes')}</h3><div className="take-scroll" tabIndex={0} role="region" aria-label={part('take_changes')}><table className="table compact"><thead><tr><th scope="col">{part('place')}</th><th scope="col">{part('language')}</th><th scope="col">{part('before')}</th><th scope="col">{part('after')}</th></tr></thead>
        <tbody>{changes.slice(0, SHOWN).map(change => <tr key={change.path + change.language}><td>{change.place}</td><td>{languageName(change.language, designer.language)}</td><td>{change.before ? <del>{change.before}</del> : <span className="gap">{part('missing')}</span>}</td><td><ins>{change.after}</ins></td></tr>)}</tbody></table></div>
        {changes.length > SHOWN && <p className="hint">{part('more', { count: changes.length - SHOWN })}</p>}</section>}
      {answer && !changes.length && <p className="hint">{part('take_nothing')}</p>}
    </div>
  </Dialog>
}
