/** Ctrl+K, from anywhere in a designer. */
import { useEffect, useState, type ReactNode } from 'react'
import { matches } from '../core/shortcuts.ts'
import { later } from './later.tsx'

const SearchBox = later(() => import('./search_box.tsx'), part => part.SearchBox)

export const openSearch = (): void => { dispatchEvent(new Event('formwork-search')) }

export function Search(): ReactNode {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const show = (): void => setOpen(true)
    const onKey = (event: KeyboardEvent): void => { if (matches('Ctrl+K', event) && !document.querySelector('dialog[open]')) { event.preventDefault(); setOpen(true) } }
    addEventListener('formwork-search', show)
    document.addEventListener('keydown', onKey)
    return () => { removeEventListener('formwork-search', show); document.removeEventListener('keydown', onKey) }
  }, [])
  return open ? <SearchBox onClose={() => setOpen(false)} /> : null
}
