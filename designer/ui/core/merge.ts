/** Three-way merge of JSON values, the same as engine/definitions/merge.py (tests/js/merge_cases.json holds both to it),
    and the settling of clashes. In the browser it takes in colleagues' work at once, and keeps it out of undo. */
import { same } from './paths.ts'

/** A place both sides changed differently; undefined: not there. `order`: a list both sorted, as the other side has it. */
export interface MergeClash { path: (string | number)[]; base: unknown; mine: unknown; theirs: unknown; order?: number[] }

type Path = (string | number)[]
type Plain = Record<string, unknown>
const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value)

export function merge<Value>(base: Value | undefined, mine: Value | undefined, theirs: Value | undefined): { merged: Value | undefined; clashes: MergeClash[] } {
  const clashes: MergeClash[] = []
  return { merged: both(base, mine, theirs, [], clashes) as Value | undefined, clashes }
}

function both(base: unknown, mine: unknown, theirs: unknown, path: Path, clashes: MergeClash[]): unknown {
  if (same(mine, theirs) || same(theirs, base)) return mine
  if (same(mine, base)) return theirs
  if (isPlain(mine) && isPlain(theirs)) return objects(isPlain(base) ? base : {}, mine, theirs, path, clashes)
  if (Array.isArray(mine) && Array.isArray(theirs)) {
    const before = Array.isArray(base) ? base : []
    if (![before, mine, theirs].every(side => side.every(item => typeof item === 'number'))) return lists(before, mine, theirs, path, clashes)
  }
  clashes.push({ path, base, mine, theirs })
  return mine === undefined ? theirs : mine
}

function objects(base: Plain, mine: Plain, theirs: Plain, path: Path, clashes: MergeClash[]): Plain {
  const found: Plain = {}
  const own = (from: Plain, key: string): unknown => Object.hasOwn(from, key) ? from[key] : undefined
  for (const key of [...Object.keys(mine), ...Object.keys(theirs).filter(key => !Object.hasOwn(mine, key))]) {
    const value = both(own(base, key), own(mine, key), own(theirs, key), [...path, key], clashes)
    if (value !== undefined) found[key] = value
  }
  return found
}

function lists(base: unknown[], mine: unknown[], theirs: unknown[], path: Path, clashes: MergeClash[]): unknown[] {
  const kinds = trusted([...base, ...mine, ...theirs])
  const was = counted(base.map(item => nameOf(item, kinds)))
  const own = paired(was, counted(mine.map(item => nameOf(item, kinds))))
  const other = paired(was, counted(theirs.map(item => nameOf(item, kinds))))
  const sides = [[was, base], [own, mine], [other, theirs]].map(([names, side]) => new Map((names as string[]).map((name, at) => [name, side![at]])))
  const order = mergeOrder(was, own, other)
  const found: unknown[] = []
  const kept: string[] = []
  for (const name of order.names) {
    const value = both(sides[0]!.get(name), sides[1]!.get(name), sides[2]!.get(name), [...path, found.length], clashes)
    if (value !== undefined) { found.push(value); kept.push(name) }
  }
  if (order.theirs) {
    const places = order.theirs.filter(name => kept.includes(name)).map(name => kept.indexOf(name))
    if (places.some((place, at) => place !== at)) clashes.push({ path, base, mine, theirs, order: places })
  }
  return found
}

/** The places at which `after` differs from `before`; what is gone has its place in `before`. */
export function differences(before: unknown, after: unknown, path: Path = []): Path[] {
  if (same(before, after)) return []
  if (isPlain(before) && isPlain(after)) return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap(key => differences(before[key], after[key], [...path, key]))
  if (Array.isArray(before) && Array.isArray(after) && ![before, after].every(side => side.every(item => typeof item === 'number'))) {
    const kinds = trusted([...before, ...after])
    const was = counted(before.map(item => nameOf(item, kinds)))
    const is = paired(was, counted(after.map(item => nameOf(item, kinds))))
    const moved = movedIn(was.filter(name => is.includes(name)), is.filter(name => was.includes(name)))
    return [...is.flatMap((name, at) => {
      const place = was.indexOf(name)
      const inside = place < 0 ? [[...path, at]] : differences(before[place], after[at], [...path, at])
      return inside.length || !moved.has(name) ? inside : [[...path, at]]
    }), ...was.flatMap((name, at) => is.includes(name) ? [] : [[...path, at]])]
  }
  return [path]
}

// Which element is which -------------------------------------------------------------------------
const NAMES = ['uid', 'key', 'field', 'rows', 'view', 'entity']
const NAMELESS = '\u0000'

function trusted(items: unknown[]): string[] {
  for (const name of NAMES.slice(0, 2)) if (items.length && items.every(item => isPlain(item) && typeof item[name] === 'string')) return [name]
  return NAMES.slice(2)
}

function nameOf(item: unknown, kinds: string[]): string {
  if (typeof item === 'string') return JSON.stringify(['field', item])
  if (isPlain(item)) {
    const found = kinds.filter(kind => typeof item[kind] === 'string').flatMap(kind => [kind, item[kind]])
    if (found.length) return JSON.stringify(found)
  }
  return NAMELESS + canonical(item)
}

const canonical = (value: unknown): string => JSON.stringify(value, (_, inner: unknown) => isPlain(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => a < b ? -1 : 1)) : inner)

function counted(names: string[]): string[] {
  const seen = new Map<string, number>()
  return names.map(name => { const count = (seen.get(name) ?? 0) + 1; seen.set(name, count); return `${name}#${count}` })
}

function paired(base: string[], side: string[]): string[] {
  const gone = gaps(base, new Set(side))
  const come = gaps(side, new Set(base))
  const again = new Map<string, string>()
  for (const [gap, names] of come) names.forEach((name, at) => { const old = gone.get(gap)?.[at]; if (old !== undefined) again.set(name, old) })
  return side.map(name => again.get(name) ?? name)
}

function gaps(names: string[], others: Set<string>): Map<string, string[]> {
  const found = new Map<string, string[]>()
  let last = ''
  for (const name of names) {
    if (others.has(name)) last = name
    else if (name.startsWith(NAMELESS)) found.set(last, [...found.get(last) ?? [], name])
  }
  return found
}

// Order ------------------------------------------------------------------------------------------
function mergeOrder(base: string[], mine: string[], theirs: string[]): { names: string[]; theirs?: string[] } {
  const common = new Set(base.filter(name => mine.includes(name) && theirs.includes(name)))
  const [before, own, other] = [base, mine, theirs].map(side => side.filter(name => common.has(name))) as [string[], string[], string[]]
  if (same(own, before)) return { names: withNew(theirs, mine) }
  if (same(other, before) || same(other, own)) return { names: withNew(mine, theirs) }
  const moved = movedIn(before, other)
  const ours = movedIn(before, own)
  if ([...moved].some(name => ours.has(name))) return { names: withNew(mine, theirs), theirs: withNew(theirs, mine) }
  return { names: withNew(placed(mine.filter(name => !moved.has(name)), theirs.filter(name => moved.has(name)), theirs), theirs) }
}

const withNew = (first: string[], second: string[]): string[] => placed([...first], second.filter(name => !first.includes(name)), second)

function placed(order: string[], names: string[], like: string[]): string[] {
  for (const name of names) {
    const before = like.slice(0, like.indexOf(name)).reverse().find(each => order.includes(each))
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, name)
  }
  return order
}

/** The fewest elements that had to move to make one order of the other: all but a longest rising run. */
function movedIn(before: string[], after: string[]): Set<string> {
  const place = new Map(before.map((name, at) => [name, at]))
  const numbers = after.map(name => place.get(name)!)
  const ends: number[] = []
  const lengths = numbers.map(number => {
    let length = ends.findIndex(end => end >= number)
    if (length < 0) length = ends.length
    ends[length] = number
    return length
  })
  const stays = new Set<number>()
  let wanted = ends.length - 1
  let limit = numbers.length
  for (let at = numbers.length - 1; at >= 0; at--) {
    if (lengths[at] === wanted && numbers[at]! < limit) { stays.add(numbers[at]!); wanted--; limit = numbers[at]! }
  }
  return new Set(after.filter(name => !stays.has(place.get(name)!)))
}

// Settling ---------------------------------------------------------------------------------------
const GONE = Symbol('gone')

/** The merged value with the author's choice at each clash. Chosen removals and orders don't shift the other clashes' places. */
export function settle<Value>(merged: Value, clashes: readonly MergeClash[], choices: readonly ('mine' | 'theirs')[]): Value | undefined {
  let found: unknown = structuredClone(merged)
  clashes.forEach((clash, index) => {
    if (clash.order) return
    const value = clash[choices[index]!]
    found = put(found, clash.path, value === undefined || value === null && clash.path.length === 0 ? GONE : structuredClone(value))
  })
  // The deepest lists first: sorting an outer list moves what is inside of it.
  const orders = clashes.map((clash, index) => ({ clash, choice: choices[index] })).filter(({ clash, choice }) => clash.order && choice === 'theirs')
  for (const { clash } of orders.sort((a, b) => b.clash.path.length - a.clash.path.length)) {
    const list = clash.path.reduce<any>((value, step) => value?.[step], found)
    if (Array.isArray(list)) list.splice(0, list.length, ...clash.order!.map(place => list[place] as unknown))
  }
  return swept(found) as Value | undefined
}

function put(value: unknown, path: Path, to: unknown): unknown {
  if (!path.length) return to
  const inside = path.slice(0, -1).reduce<any>((inner, step) => inner?.[step], value)
  if (inside !== null && typeof inside === 'object') inside[path.at(-1)!] = to
  return value
}

function swept(value: unknown): unknown {
  if (value === GONE) return undefined
  if (Array.isArray(value)) return value.filter(item => item !== GONE).map(swept)
  if (isPlain(value)) return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== GONE).map(([key, inner]) => [key, swept(inner)]))
  return value
}
