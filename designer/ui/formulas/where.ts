/** The place of an expression in words: the labels of what it stands in, and which part it is. Framework-free. */
import { get, type Path } from '../core/paths.ts'
import { read, type Text } from '../core/documents.ts'

interface Told { field: (entity: string, key: string) => string; part: (key: string) => string }

export function whereIs(document: Record<string, unknown>, path: Path, language: string, told: Told): string {
  const entity = String(document.entity ?? document.key)
  const found: string[] = []
  for (let length = 1; length <= path.length; length++) {
    const step = path[length - 1]!
    const inner = get(document, path.slice(0, length))
    if (inner && typeof inner === 'object' && !Array.isArray(inner)) {
      const held = inner as { label?: Text; field?: string; rows?: string; message?: Text; key?: string }
      const label = held.label ? read(held.label, language) : held.field || held.rows ? told.field(entity, (held.field ?? held.rows)!) : held.message ? read(held.message, language) : document.kind === 'role' && path[length - 2] === 'entities' ? String(step) : ''
      if (label) found.push(label)
      else if (length === path.length - 1) { const part = told.part(String(step)); if (part) found.push(part) }
    } else if (length === path.length) found.push(told.part(String(step)) || told.field(entity, String(step)))
  }
  return found.filter((each, at) => each !== found[at - 1]).join(' › ')
}
