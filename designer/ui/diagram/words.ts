/** What the map says, in the picture and out of it. */
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { Designer } from '../parts/designer.tsx'
import type { Link } from './graph.ts'

export const text = (code: string, values: Record<string, string | number> = {}): string => say(`designer.diagram.${code}`, values)

export const sentence = (link: Link, name: (key: string) => string, designer: Designer): string =>
  text(link.kind === 'rows' ? 'owns' : 'refers', { from: name(link.from), to: link.from === link.to ? text('self') : name(link.to), field: designer.read(link.field.label, link.field.key) })
