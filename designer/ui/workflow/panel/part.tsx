import type { ComponentChildren } from 'preact'
import type { ReactNode } from 'react'

/** A part of a panel that opens and closes. */
export function Part({ title, open, count, children }: { title: string; open?: boolean; count?: number | undefined; children: ComponentChildren }): ReactNode {
  return <details className="panel-part" open={open}><summary><span>{title}</span>{!!count && <span className="chip">{count}</span>}</summary><div className="stack">{children}</div></details>
}
