/** The whole app: what it holds, what changed, what has problems, its settings and its navigation. */
import '../main.ts'
import './overview.css'
import { useEffect, useMemo, type ReactNode } from 'react'
import { language, say } from '../../../runtime/ui/shared/texts.ts'
import { address, type Address, type AppDocument, type Document, type EntityDocument, type Kind, type RoleDocument } from '../core/documents.ts'
import type { Finding } from '../core/problems.ts'
import { Button, Icon } from '../parts/basics.tsx'
import { mount, useDesigner, useDocument } from '../parts/designer.tsx'
import { Frame } from '../parts/frame.tsx'
import { askForNew, VIEWS } from '../parts/navigator.tsx'
import { DocumentName, placeName } from '../parts/values.tsx'
import { Navigation } from './navigation.tsx'
import { Settings } from './settings.tsx'

export interface More { release: number; changed: Record<string, { by: string; at: string }> }

function Overview(): ReactNode {
  const designer = useDesigner<More>()
  const app = useDocument<AppDocument>()
  const { draft, findings, boot } = designer
  const entities = useMemo(() => draft.all<EntityDocument>('entity').sort((one, other) => Number(!!one.part_of) - Number(!!other.part_of) || designer.read(one.label, one.key).localeCompare(designer.read(other.label, other.key), designer.language)), [draft.version])
  const changed = draft.everything().filter(document => draft.status(address(document)) !== 'published')
  const goTo = (path: (string | number)[]): void => document.getElementById(path[0] === 'navigation' ? 'navigation' : 'settings')?.scrollIntoView({ behavior: 'smooth' })
  useEffect(() => { if (location.hash === '#problems') document.getElementById('problems')?.scrollIntoView() }, [])
  return <Frame title={designer.read(app.label, app.key)} findings={findings} onFinding={finding => designer.goTo(finding.address, finding.path)} onGoTo={goTo}>
    <div className="overview">
      <section className="overview-numbers" aria-label={say('designer.at_a_glance')}>
        <a className="card" href={`/design/${boot.app}/publish`}><strong>{designer.changes}</strong><span>{say('designer.unpublished_count', { count: designer.changes })}</span></a>
        <a className="card" href="#problems"><strong data-tone={findings.some(finding => finding.level === 'error') ? 'bad' : findings.length ? 'warn' : 'ok'}>{findings.length}</strong><span>{say('designer.problems_count', { count: findings.length })}</span></a>
        <a className="card" href={`/design/${boot.app}/history`}><strong>{boot.more.release || '–'}</strong><span>{say(boot.more.release ? 'designer.release_now' : 'designer.release_none')}</span></a>
        <a className="card" href={`/design/${boot.app}/roles`}><strong>{draft.all<RoleDocument>('role').length}</strong><span>{say('designer.roles')}</span></a>
      </section>

      <section aria-labelledby="overview-entities">
        <header className="overview-head"><h2 id="overview-entities">{say('designer.entities')} <span className="badge quiet">{entities.length}</span></h2><span className="grow" />
          <a className="button small" href={`/design/${boot.app}/diagram`}><Icon name="network" /><span>{say('designer.diagram')}</span></a>
          <Button small icon="plus" label={say('designer.new_entity')} onClick={() => askForNew('entity')} /></header>
        {entities.length ? <ul className="overview-entities">{entities.map(entity => <EntityCard key={entity.uid} entity={entity} />)}</ul>
          : <div className="panel"><div className="empty"><Icon name="box" /><h3>{say('designer.empty_title')}</h3><p>{say('designer.no_entities')}</p><div className="line"><Button tone="primary" icon="plus" label={say('designer.new_entity')} onClick={() => askForNew('entity')} /></div></div></div>}
      </section>

      <div className="overview-pair">
        <section className="panel" aria-labelledby="overview-changed"><header><h2 id="overview-changed">{say('designer.changed_documents')} <span className="badge quiet">{changed.length}</span></h2><span className="grow" />{designer.changes > 0 && <a className="button small" href={`/design/${boot.app}/publish`}><span>{say('designer.review')}</span></a>}</header>
          {changed.length ? <ul className="overview-list">{changed.map(document => <Changed key={document.uid} document={document} />)}</ul> : <div className="empty low"><Icon name="circle-check" /><p>{say('designer.nothing_changed')}</p></div>}</section>
        <section className="panel" id="problems" aria-labelledby="overview-problems"><header><h2 id="overview-problems">{say('designer.problems_title')} <span className={`badge ${findings.some(finding => finding.level === 'error') ? 'hot' : 'quiet'}`}>{findings.length}</span></h2></header>
          {findings.length ? <Problems findings={findings} /> : <div className="empty low"><Icon name="circle-check" /><p>{say('designer.no_problems')}</p></div>}</section>
      </div>
      <div className="overview-pair"><Settings app={app} /><Navigation app={app} /></div>
    </div>
  </Frame>
}

function EntityCard({ entity }: { entity: EntityDocument }): ReactNode {
  const designer = useDesigner<More>()
  const { draft, findings } = designer
  const place = address(entity)
  const inside = (['form', 'view', 'workflow'] as Kind[]).flatMap(kind => draft.all(kind).filter(document => document.entity === entity.key))
  const all = [place, ...inside.map(address)]
  const problems = findings.filter(finding => all.includes(finding.address))
  const status = all.map(each => draft.status(each)).find(each => each !== 'published')
  const fields = entity.fields.filter(field => !field.retired).length
  return <li className="card overview-entity">
    <a href={designer.href(place)}><span className="overview-icon"><Icon name={entity.icon ?? 'box'} /></span><span><strong>{designer.read(entity.label, entity.key)}</strong><small>{say('designer.fields_count', { count: fields })}{entity.part_of ? ` · ${say('designer.part_of', { what: designer.name(`entity/${entity.part_of}`) })}` : ''}</small></span>
      {problems.length > 0 ? <span className={`badge ${problems.some(finding => finding.level === 'error') ? 'hot' : 'quiet'}`}><span aria-hidden="true">{problems.length}</span><span className="sr">{say('designer.problems', { count: problems.length })}</span></span> : status && <span className="chip" data-colour={status === 'new' ? 'green' : 'amber'}>{say(`designer.was_${status}`)}</span>}</a>
    {inside.length > 0 && <ul>{inside.map(part => <li key={part.uid}><a href={designer.href(address(part))}><Icon name={part.kind === 'view' ? VIEWS[String(part.type)] ?? 'list' : part.kind === 'form' ? 'file-text' : 'git-branch'} /><span className="clip">{designer.read(part.label as string, part.key)}</span></a></li>)}</ul>}
  </li>
}

function Changed({ document }: { document: Document }): ReactNode {
  const designer = useDesigner<More>()
  const place = address(document)
  const who = designer.boot.more.changed[place]
  const status = designer.draft.status(place)
  return <li><a href={document.kind === 'app' ? '#settings' : designer.href(place)}><DocumentName place={place} /></a><span className="grow" />
    {who?.by && <small className="muted">{who.by} · <time dateTime={who.at}>{new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(who.at))}</time></small>}
    <span className="chip" data-colour={status === 'new' ? 'green' : 'amber'}>{say(`designer.was_${status}`)}</span></li>
}

function Problems({ findings }: { findings: readonly Finding[] }): ReactNode {
  const designer = useDesigner<More>()
  const groups = new Map<Address, Finding[]>()
  for (const finding of findings) groups.set(finding.address, [...groups.get(finding.address) ?? [], finding])
  const weight = (found: Finding[]): number => found.filter(finding => finding.level === 'error').length
  return <div className="overview-problems">{[...groups].sort((a, b) => weight(b[1]) - weight(a[1]) || b[1].length - a[1].length).map(([place, found]) => <details key={place} open={groups.size < 6 || weight(found) > 0}>
    <summary><DocumentName place={place} /><span className={`badge ${weight(found) ? 'hot' : 'quiet'}`}>{found.length}</span></summary>
    <ul>{found.map((finding, at) => <li key={at}><button type="button" className={finding.level} onClick={() => designer.goTo(finding.address, finding.path)}><Icon name={finding.level === 'error' ? 'circle-alert' : 'triangle-alert'} /><span>{finding.message}{finding.path.length > 0 && <small>{placeName(designer, finding.address, finding.path)}</small>}</span></button></li>)}</ul>
  </details>)}</div>
}

mount(() => <Overview />)
