/** Where a use is, in words: the names of document parts that a business user never sees are said or left out. */
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { Address } from '../core/documents.ts'
import type { Designer } from '../parts/designer.tsx'
import { placeName } from '../parts/values.tsx'

/** Parts that add nothing to the name before them. */
const SILENT = new Set(['field', 'fields', 'rows', 'items', 'entity', 'key', 'label', 'states', 'entities', 'options', 'texts', 'do', 'participants'])

export function placeWords(designer: Designer, address: Address, path: readonly (string | number)[]): string {
  let end = path.length
  while (end > 0 && SILENT.has(String(path[end - 1]))) end--
  const words = placeName(designer, address, path.slice(0, end)).split(' › ').flatMap(part => {
    if (SILENT.has(part)) return []
    const said = say(`designer.entity.part_${part}`)
    return said === `designer.entity.part_${part}` ? [part] : [said]
  })
  return words.filter((word, at) => word !== words[at - 1]).join(' › ')
}
