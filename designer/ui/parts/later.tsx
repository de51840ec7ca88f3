/** Parts of the page that are fetched when they are needed; `warm` ones also while nothing else is to do, so that they
    are there when the connection isn't. */
import { useEffect, useState, type ReactNode } from 'react'

// A part that can't be fetched is no error of the page: it is asked for again, and saving says that the connection is gone.
if (typeof window !== 'undefined') addEventListener('vite:preloadError', event => event.preventDefault())

type Part<Props> = (props: Props) => ReactNode

export function later<Props extends object>(load: () => Promise<Part<Props>>, warm = true): Part<Props> {
  let loaded: Part<Props> | undefined
  let loading: Promise<void> | undefined
  const fetched = (): Promise<void> => loading ??= load().then(found => { loaded = found }, () => { loading = undefined })
  if (warm && typeof window !== 'undefined') addEventListener('load', () => setTimeout(() => void fetched(), 1500))
  return function Later(props: Props): ReactNode {
    const [, again] = useState(0)
    useEffect(() => {
      if (loaded) return
      let wanted = true
      const attempt = (): void => { void fetched().then(() => { if (!wanted) return; if (loaded) again(1); else setTimeout(attempt, 2000) }) }
      attempt()
      return () => { wanted = false }
    }, [])
    const Found = loaded
    return Found ? <Found {...props} /> : null
  }
}
