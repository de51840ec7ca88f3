/** The map of an app: entities and what leads from one to another, as a picture and as a list. */
import '../main.ts'
import './diagram.css'
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import type { EntityDocument } from '../core/documents.ts'
import { Icon } from '../parts/basics.tsx'
import { mount, useDesigner } from '../parts/designer.tsx'
import { Frame } from '../parts/frame.tsx'
import { later } from '../parts/later.tsx'
import { linksOf, type Link } from './graph.ts'
import type { Shown } from './picture.tsx'
import { text } from './words.ts'

const Picture = later(() => import('./picture.tsx'), found => found.Picture, false)

function List({ designer, entities, links }: Shown): ReactNode {
  const name = (key: string): string => { const found = entities.find(entity => entity.key === key); return found ? designer.read(found.label, key) : key }
  const cell = (found: readonly Link[], other: (link: Link) => string): ReactNode => found.length
    ? <ul>{found.map(link => <li key={`${link.from} ${link.field.key}`}><a href={designer.href(`entity/${other(link)}`)}>{name(other(link))}</a> <span className="muted">{designer.read(link.field.label, link.field.key)}</span></li>)}</ul> : <span className="muted">{text('nothing')}</span>
  return <div className="panel"><div className="table-scroll" tabIndex={0} role="region" aria-label={text('picture')}><table className="table relation-list"><caption className="sr">{text('picture')}</caption><thead><tr>{['entity', 'owner', 'references', 'rows', 'referred'].map(key => <th scope="col" key={key}>{text(key)}</th>)}</tr></thead>
    <tbody>{entities.map(entity => <tr key={entity.key}><th scope="row"><a href={designer.href(`entity/${entity.key}`)}><Icon name={entity.icon ?? 'box'} />{designer.read(entity.label, entity.key)}</a> <small className="muted">{text('fields_count', { count: entity.fields.filter(field => !field.retired).length })}</small></th>
      <td data-label={text('owner')}>{entity.part_of ? <a href={designer.href(`entity/${entity.part_of}`)}>{name(entity.part_of)}</a> : <span className="muted">{text('nothing')}</span>}</td>
      <td data-label={text('references')}>{cell(links.filter(link => link.from === entity.key && link.kind === 'reference'), link => link.to)}</td><td data-label={text('rows')}>{cell(links.filter(link => link.from === entity.key && link.kind === 'rows'), link => link.to)}</td>
      <td data-label={text('referred')}>{cell(links.filter(link => link.to === entity.key && link.kind === 'reference'), link => link.from)}</td></tr>)}</tbody></table></div></div>
}

function Diagram(): ReactNode {
  const designer = useDesigner()
  const [isList, setList] = useState(() => matchMedia('(width < 700px)').matches)
  const documents = designer.draft.all<EntityDocument>('entity')
  const memory = useRef<{ documents: readonly EntityDocument[]; sorted: EntityDocument[] } | undefined>(undefined)
  if (!memory.current || memory.current.documents.length !== documents.length || memory.current.documents.some((document, at) => document !== documents[at])) memory.current = { documents, sorted: [...documents].sort((one, other) => designer.read(one.label, one.key).localeCompare(designer.read(other.label, other.key), designer.language)) }
  const entities = memory.current.sorted
  const links = useMemo(() => linksOf(entities), [entities])
  useEffect(() => { document.querySelector('.designer-canvas')?.classList.toggle('has-diagram', !isList) }, [isList])
  const keys = text('keys')
  const shortcuts = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'].map(key => ({ keys: key, label: text('key_walk'), group: keys, act: () => {}, when: () => false }))
  return <Frame title={text('title')} findings={[]} shortcuts={[...shortcuts, { keys: 'Enter', label: text('key_open'), group: keys, act: () => {}, when: () => false }]}
    tools={<div className="segments" role="group" aria-label={text('view')}><button type="button" aria-pressed={!isList} onClick={() => setList(false)}><Icon name="workflow" /><span>{text('as_picture')}</span></button><button type="button" aria-pressed={isList} onClick={() => setList(true)}><Icon name="list" /><span>{text('as_list')}</span></button></div>}>
    {!entities.length ? <p className="empty-line">{text('empty')}</p> : isList ? <List designer={designer} entities={entities} links={links} /> : <Picture designer={designer} entities={entities} links={links} />}
  </Frame>
}

mount(() => <Diagram />)
