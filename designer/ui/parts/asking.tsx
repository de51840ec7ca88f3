/** The small dialogs for new things, other names, copies and removal, opened from anywhere in a designer. */
import { useEffect, useState, type ReactNode } from 'react'
import type { Address } from '../core/documents.ts'
import { later } from './later.tsx'

export type Part = 'entity' | 'form' | 'view' | 'workflow'
export type Asked = { what: 'new'; kind: Part; entity?: string | undefined } | { what: 'rename' | 'copy' | 'remove'; place: Address }

const NewThing = later(() => import('./making.tsx'), part => part.NewThing)
const Rename = later(() => import('./making.tsx'), part => part.Rename)
const Remove = later(() => import('./making.tsx'), part => part.Remove)

/** Open one of the dialogs, from anywhere in the page. */
export const asking = (asked: Asked): void => { dispatchEvent(new CustomEvent('formwork-ask', { detail: asked })) }

/** The dialog that was asked for. It stands beside the designer, not in the navigator, which may be a closed drawer. */
export function Asking(): ReactNode {
  const [asked, ask] = useState<Asked | null>(null)
  useEffect(() => {
    const onAsk = (event: Event): void => ask((event as CustomEvent<Asked>).detail)
    addEventListener('formwork-ask', onAsk)
    return () => removeEventListener('formwork-ask', onAsk)
  }, [])
  if (!asked) return null
  const end = (): void => ask(null)
  if (asked.what === 'new') return <NewThing kind={asked.kind} entity={asked.entity} onClose={end} />
  if (asked.what === 'remove') return <Remove place={asked.place} onClose={end} />
  return <Rename place={asked.place} isCopy={asked.what === 'copy'} onClose={end} />
}

