/** Pure edits of JSON values along a path. What is not touched is shared with the value before, so that
    views may compare by identity. */
export type Path = readonly (string | number)[]

type Node = Record<string, unknown> | unknown[]

export function get(value: unknown, path: Path): unknown {
  let found = value
  for (const step of path) {
    if (found === null || typeof found !== 'object') return undefined
    found = (found as Record<string | number, unknown>)[step]
  }
  return found
}

/** The value with `change` applied at `path`; objects that are missing on the way are made. */
export function update<Value>(value: Value, path: Path, change: (before: unknown) => unknown): Value {
  const [step, ...rest] = path
  if (step === undefined) return change(value) as Value
  const before = (value ?? (typeof step === 'number' ? [] : {})) as Node
  const inner = (before as Record<string | number, unknown>)[step]
  const after = update(inner, rest, change)
  if (after === inner && (after !== undefined || !(step in (before as object)))) return value
  if (Array.isArray(before)) {
    const copy = before.slice()
    if (after === undefined) copy.splice(Number(step), 1)
    else copy[Number(step)] = after
    return copy as Value
  }
  const { [step as string]: _, ...others } = before
  if (after === undefined) return others as Value
  // An existing key keeps its place: the order of keys is what the author reads in a document.
  return (step in before ? { ...before, [step]: after } : { ...before, [step]: after }) as Value
}

/** Set a value; `undefined` removes the key, or the element of the list. */
export const set = <Value>(value: Value, path: Path, to: unknown): Value => update(value, path, () => to)

/** Insert elements into the list at `path`, before `index`. */
export const insert = <Value>(value: Value, path: Path, index: number, ...elements: unknown[]): Value =>
  update(value, path, before => {
    const list = (before ?? []) as unknown[]
    return [...list.slice(0, index), ...elements, ...list.slice(index)]
  })

/** Move an element of the list at `path`; `to` counts the list as it is before the move. */
export const move = <Value>(value: Value, path: Path, from: number, to: number): Value =>
  update(value, path, before => {
    const list = [...(before as unknown[])]
    const [taken] = list.splice(from, 1)
    list.splice(to > from ? to - 1 : to, 0, taken)
    return to === from || to === from + 1 ? before : list
  })

export function same(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true
  if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object') return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const keys = Object.keys(one)
  return keys.length === Object.keys(other).length
    && keys.every(key => Object.hasOwn(other, key) && same((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]))
}
