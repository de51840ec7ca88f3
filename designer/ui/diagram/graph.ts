/** Entities and what leads from one to another. Pure. */
import type { EntityDocument, Field } from '../core/documents.ts'

export interface Link { from: string; to: string; field: Field; kind: 'reference' | 'rows' }
export interface Box { id: string; x: number; y: number; width: number; height: number }

/** References and owned rows between entities that are there, retired fields left out. */
export function linksOf(entities: readonly EntityDocument[]): Link[] {
  const known = new Set(entities.map(entity => entity.key))
  return entities.flatMap(entity => entity.fields.flatMap((field): Link[] => {
    const to = field.options?.entity
    if (field.retired || typeof to !== 'string' || !known.has(to) || (field.type !== 'reference' && field.type !== 'rows')) return []
    return [{ from: entity.key, to, field, kind: field.type }]
  }))
}

/** Links between the same two as one, so that their labels don't lie on top of each other. */
export function bundled(links: readonly Link[]): { from: string; to: string; kind: Link['kind']; links: Link[] }[] {
  const found = new Map<string, { from: string; to: string; kind: Link['kind']; links: Link[] }>()
  for (const link of links) {
    const name = `${link.from} ${link.to} ${link.kind}`
    const there = found.get(name)
    if (there) there.links.push(link)
    else found.set(name, { from: link.from, to: link.to, kind: link.kind, links: [link] })
  }
  return [...found.values()]
}

/** The nearest box in a direction: straight ahead counts more than aside. */
export function nextBox(boxes: readonly Box[], from: string, direction: 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight'): string | undefined {
  const start = boxes.find(box => box.id === from)
  if (!start) return boxes[0]?.id
  const centre = (box: Box): [number, number] => [box.x + box.width / 2, box.y + box.height / 2]
  const [x, y] = centre(start)
  let best: string | undefined
  let least = Infinity
  for (const box of boxes) {
    if (box.id === from) continue
    const [otherX, otherY] = centre(box)
    const [ahead, aside] = direction === 'ArrowUp' ? [y - otherY, otherX - x] : direction === 'ArrowDown' ? [otherY - y, otherX - x] : direction === 'ArrowLeft' ? [x - otherX, otherY - y] : [otherX - x, otherY - y]
    const distance = ahead + 2 * Math.abs(aside)
    if (ahead > 1 && distance < least) { best = box.id; least = distance }
  }
  return best
}
