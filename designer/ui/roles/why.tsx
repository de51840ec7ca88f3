/** "Why can, or can't, this person see this?": a question in five choices, and every rule that has a say. */
import { Fragment, useEffect, useState, type ReactNode } from 'react'
import type { EntityDocument, RoleDocument } from '../core/documents.ts'
import { ask, Refused } from '../core/server.ts'
import { keywordsOf } from '../core/spelling.ts'
import { Dialog, Icon, SelectField } from '../parts/basics.tsx'
import { useDesigner, useSettled } from '../parts/designer.tsx'
import { Pick } from '../parts/pick.tsx'
import type { More } from './main.tsx'
import { VERBS, type Verb } from './rights.ts'
import { part, verbName } from './words.ts'

interface Ground { about: 'records' | 'field' | 'lock'; for: boolean; text: string; facts: { label: string; value: string }[] }
interface Answer { allowed: boolean; who: string; grounds: Ground[] }

export function Why({ role, entity, roles, entities, onClose }: { role: string | undefined; entity: string | undefined; roles: RoleDocument[]; entities: EntityDocument[]; onClose: () => void }): ReactNode {
  const designer = useDesigner<More>()
  const { boot } = designer
  const { more } = boot
  const [person, setPerson] = useState('')
  const [asked, setRole] = useState(role ?? (more.is_admin ? '' : more.published[0] ?? ''))
  const [about, setAbout] = useState(entity ?? entities.find(each => !each.part_of)?.key ?? '')
  const [record, setRecord] = useState('')
  const [field, setField] = useState('')
  const [verb, setVerb] = useState<Verb>('read')
  const [records, setRecords] = useState<{ value: string; label: string }[]>([])
  const [answer, setAnswer] = useState<Answer>()
  const [problem, setProblem] = useState('')
  const chosen = entities.find(each => each.key === about)
  const who = person ? `p:${person}` : asked ? `r:${asked}` : ''
  const wantsRecord = more.is_admin && !!person && !!chosen && !chosen.part_of && verb !== 'create'
  useEffect(() => {
    if (!wantsRecord) { setRecords([]); return }
    const over = new AbortController()
    void ask<{ records: { value: string; label: string }[] }>(`/design/${boot.app}/why/records?entity=${about}`, undefined, { signal: over.signal }).then(found => setRecords(found.records), () => {})
    return () => over.abort()
  }, [about, wantsRecord])
  const question = useSettled(JSON.stringify({ entity: about, verb, ...(person ? { person } : asked ? { role: asked } : {}), ...(wantsRecord && record ? { record } : {}), ...(field && verb !== 'remove' ? { field } : {}) }), 120)
  useEffect(() => {
    if (!who || !about) { setAnswer(undefined); return }
    const over = new AbortController()
    ask<Answer>(`/design/${boot.app}/why`, JSON.parse(question), { signal: over.signal }).then(
      found => { setAnswer(found); setProblem(''); designer.announce(part(found.allowed ? 'why_yes' : 'why_no', sentenceOf(found))) },
      (error: unknown) => { if (error instanceof Refused) { setAnswer(undefined); setProblem(error.message) } })
    return () => over.abort()
  }, [question, who])
  const sentenceOf = (found: Answer): Record<string, string> => ({ who: found.who, verb: part(`do_${verb}`), what: [
    field && verb !== 'remove' ? designer.read(chosen?.fields.find(each => each.key === field)?.label, field) : '',
    wantsRecord && record ? records.find(each => each.value === record)?.label ?? '' : '', designer.read(chosen?.label, about)].filter(Boolean).join(' · ') })
  const groups = [['records', 'why_records'], ['field', 'why_field'], ['lock', 'why_lock']] as const
  const changed = boot.documents.some(entry => entry.status !== 'published')
  return <Dialog title={part('why_title')} wide onClose={onClose}>
    <div className="why">
      <div className="why-question">
        {more.is_admin && <Pick label={part('person')} value={person} empty={part('nobody_special')} options={more.people.map(each => ({ value: each.id, label: each.name, note: each.title, keywords: each.keywords }))} onChange={to => { setPerson(to); if (to) setRole('') }} />}
        <Pick label={part('role')} value={asked} {...(more.is_admin ? { empty: person ? part('persons_roles') : part('choose') } : {})} options={roles.filter(each => more.published.includes(each.key)).map(each => ({ value: each.key, label: designer.read(each.label, each.key), keywords: keywordsOf(each.label) }))} onChange={to => { setRole(to); if (to) setPerson('') }} />
        <SelectField label={part('verb')} value={verb} options={VERBS.map(each => ({ value: each, label: verbName(each) }))} onChange={to => setVerb(to as Verb)} />
        <Pick label={part('entity')} value={about} options={entities.map(each => ({ value: each.key, label: designer.read(each.label, each.key), keywords: keywordsOf(each.label) }))} onChange={to => { setAbout(to); setRecord(''); setField('') }} />
        {wantsRecord && <Pick label={part('record')} value={record} empty={part('any_record')} options={records} onChange={setRecord} />}
        {verb !== 'remove' && <Pick label={part('field')} value={field} empty={part('any_field')} options={(chosen?.fields ?? []).filter(each => !each.retired).map(each => ({ value: each.key, label: designer.read(each.label, each.key), keywords: keywordsOf(each.label) }))} onChange={setField} />}
      </div>
      <div className="why-answer" aria-live="off">
        {problem && <p className="problem"><Icon name="circle-alert" /><span>{problem}</span></p>}
        {!answer && !problem && <p className="hint">{part('why_start')}</p>}
        {answer && <>
          <p className="why-verdict" data-allowed={answer.allowed ? 'yes' : 'no'}><Icon name={answer.allowed ? 'circle-check' : 'ban'} /><strong>{part(answer.allowed ? 'why_yes' : 'why_no', sentenceOf(answer))}</strong></p>
          {groups.map(([kind, title]) => answer.grounds.some(each => each.about === kind) && <section key={kind}><h3>{part(title)}</h3><ul className="why-grounds">{answer.grounds.filter(each => each.about === kind).map((each, index) =>
            <li key={index} data-for={each.for ? 'yes' : 'no'}><Icon name={each.for ? 'check' : 'x'} /><div><span className="sr">{part(each.for ? 'speaks_for' : 'speaks_against')} </span>{each.text}
              {each.facts.length > 0 && <dl className="facts">{each.facts.map(fact => <Fragment key={fact.label}><dt>{fact.label}</dt><dd>{fact.value}</dd></Fragment>)}</dl>}</div></li>)}</ul></section>)}
          {changed && <p className="hint">{part('why_published')}</p>}
        </>}
      </div>
    </div>
  </Dialog>
}
