/** Building blocks as palettes offer them. Fetched with the first look at them, as are the blocks themselves. */
import './blocks.css'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { announce, toast } from '../../../runtime/ui/shared/announce.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { type Document, type Field, type Text } from '../core/documents.ts'
import { fitting } from '../core/search.ts'
import { ask, type Refused } from '../core/server.ts'
import { Icon } from './basics.tsx'
import { BlockPreview } from './block_preview.tsx'
import { useDesigner, type Designer } from './designer.tsx'

export interface Block { key: string; offers: string; icon?: string; label: Text; description: Text; fields: Omit<Field, 'uid'>[]; document?: Record<string, unknown>; spelled: string }
/** A block made to fit: fields to add, the document that names them and those that are there. */
export interface Fitted { fields: Field[]; document: Document | null; no_roles: string[]; left_out: Text[] }

const asked = new Map<string, Promise<readonly Block[]>>()
export function blocksOf(app: string, offers: string): Promise<readonly Block[]> {
  let found = asked.get(offers)
  if (!found) {
    found = ask<{ blocks: Block[] }>(`/design/${app}/blocks?offers=${offers}`).then(answer => answer.blocks)
    found.catch(() => asked.delete(offers))
    asked.set(offers, found)
  }
  return found
}

/** The block for an entity as it stands in the author's draft; undefined, and said why, where it can't be. */
export async function fitted(designer: Designer<unknown>, block: Block, entity?: string): Promise<Fitted | undefined> {
  const unsaved = designer.draft.unsaved().flatMap(change => change.document ?? [])
  return ask<Fitted>(`/design/${designer.boot.app}/blocks/${block.offers}/${block.key}`, { entity: entity ?? null, unsaved }).catch((error: Refused) => { toast(error.message, 'bad'); return undefined })
}

/** Say what came in and what didn't; what somebody has to look after stays on the screen for a while. */
export function tellPlaced(designer: Designer<unknown>, block: Block, made: Fitted): void {
  const listed = (texts: readonly string[]): string => texts.join(designer.language === 'zh-CN' ? '、' : ', ')
  const parts = [say('designer.blocks.done', { label: designer.read(block.label) })]
  if (made.fields.length && block.offers !== 'fields') parts.push(say('designer.blocks.fields', { fields: listed(made.fields.map(field => designer.read(field.label, field.key))) }))
  const open = made.no_roles.length + made.left_out.length > 0
  if (made.no_roles.length) parts.push(say('designer.blocks.no_role', { roles: listed(made.no_roles.map(role => say(`designer.blocks.role_${role}`))) }))
  if (made.left_out.length) parts.push(say('designer.blocks.left_out', { fields: listed(made.left_out.map(text => designer.read(text))) }))
  const text = parts.join(designer.language === 'zh-CN' ? '' : ' ')
  if (open) toast(text, 'warn')
  else announce(text)
}

interface Props {
  offers: string
  /** The entity that blocks are made to fit; none for whole entities. */
  entity?: string
  onPlaced: (block: Block, made: Fitted) => void
  /** Lets a tile be dragged; gives back how to end that. */
  drag?: (element: HTMLElement, block: Block, label: string) => () => void
  help?: string
  /** Which of them are of use here. */
  only?: (block: Block) => boolean
}

/** The blocks of a kind as tiles: a press puts one in where the author is. */
export function Blocks({ offers, entity, onPlaced, drag, help, only = () => true }: Props): ReactNode {
  const designer = useDesigner()
  const [blocks, setBlocks] = useState<readonly Block[]>()
  const [typed, type] = useState('')
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => { let stays = true; blocksOf(designer.boot.app, offers).then(found => { if (stays) setBlocks(found) }, (error: Error) => toast(error.message, 'bad')); return () => { stays = false } }, [offers])
  const found = fitting(typed, (blocks ?? []).filter(only).map(block => ({ block, value: block.key, label: designer.read(block.label), keywords: block.spelled }))).map(each => each.block)
  const put = async (block: Block): Promise<void> => { const made = await fitted(designer, block, entity); if (made) onPlaced(block, made) }
  const onKeyDown = (event: KeyboardEvent): void => {
    const all = [...place.current!.querySelectorAll<HTMLElement>('.block-tile')]
    const at = all.indexOf(document.activeElement as HTMLElement)
    if (event.key === 'ArrowDown') all[Math.min(at + 1, all.length - 1)]?.focus()
    else if (event.key === 'ArrowUp') { if (at < 1) place.current!.querySelector('input')!.focus(); else all[at - 1]!.focus() }
    else if (event.key === 'Enter' && at < 0 && typed.trim() && found[0]) void put(found[0])
    else if (event.key === 'Escape' && typed && at < 0) type('')
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return <div className="block-list" ref={place} onKeyDown={event => onKeyDown(event as unknown as KeyboardEvent)}>
    <p className="hint">{help ?? say('designer.blocks.help')}</p>
    <input className="input" type="search" data-find-block aria-label={say('designer.blocks.find')} placeholder={say('designer.blocks.find')} value={typed} onInput={event => type(event.currentTarget.value)} />
    {!blocks && <span className="skeleton" />}
    {found.map(block => <Tile key={block.key} block={block} onPut={() => void put(block)} {...(drag ? { drag } : {})} />)}
    {blocks && !found.length && <p className="hint">{say('no_matches')}</p>}
  </div>
}

function Tile({ block, onPut, drag }: { block: Block; onPut: () => void; drag?: NonNullable<Props['drag']> }): ReactNode {
  const designer = useDesigner()
  const place = useRef<HTMLButtonElement>(null)
  const label = designer.read(block.label)
  useEffect(() => drag?.(place.current!, block, label), [block, label])
  return <button type="button" ref={place} className={`block-tile${drag ? ' dragged' : ''}`} data-block={block.key} onClick={onPut}>
    <span className="block-name"><Icon name={block.icon ?? 'puzzle'} /><strong>{label}</strong></span>
    <small>{designer.read(block.description)}</small>
    <BlockPreview block={block} language={designer.language} />
  </button>
}
