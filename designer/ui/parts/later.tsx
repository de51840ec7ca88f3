/** Parts of the page that are fetched when they are needed; `warm` ones also while nothing else is to do, so that they
    are there when the connection isn't. */
import { useEffect, useState, type ReactNode } from 'react'
import { fetching } from '../core/fetching.ts'

type Part<Props> = (props: Props) => ReactNode

export function later<Module, Props extends object>(load: () => Promise<Module>, pick: (module: Module) => Part<Props>, warm = true): Part<Props> {
  let loaded: Part<Props> | undefined
  let loading: Promise<void> | undefined
  const fetched = (): Promise<void> => loading ??= fetching(load).then(found => { loaded = pick(found) })
  if (warm && typeof window !== 'undefined') addEventListener('load', () => setTimeout(() => void fetched(), 1500))
  return function Later(props: Props): ReactNode {
    const [, again] = useState(0)
    useEffect(() => {
      if (loaded) return
      let wanted = true
      void fetched().then(() => { if (wanted) again(1) })
      return () => { wanted = false }
    }, [])
    const Found = loaded
    return Found ? <Found {...props} /> : null
  }
}
