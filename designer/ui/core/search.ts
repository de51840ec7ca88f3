/** Finding things by what people type: a part of the name, another language's name, pinyin, initials, the key. */

export interface Findable { label: string; value?: string; keywords?: string | undefined }

const folded = (text: string): string => text.normalize('NFKC').toLowerCase()

/** How well a thing fits what was typed; lower is better, undefined: not at all. Every word must be found somewhere. */
export function rank(typed: string, thing: Findable): number | undefined {
  const words = folded(typed).split(/\s+/).filter(Boolean)
  if (!words.length) return 0
  const label = folded(thing.label)
  const key = folded(thing.value ?? '')
  const more = folded(thing.keywords ?? '')
  let total = 0
  for (const word of words) {
    const found = one(word, label, key, more)
    if (found === undefined) return undefined
    total += found
  }
  // Of two that fit alike, the shorter name is the likelier one.
  return total + Math.min(label.length, 99) / 1000
}

function one(word: string, label: string, key: string, more: string): number | undefined {
  if (label === word || key === word) return 0
  if (label.startsWith(word)) return 1
  if (key.startsWith(word) || starts(label, word)) return 2
  if (starts(more, word)) return 3
  if (label.includes(word)) return 4
  if (key.includes(word)) return 5
  return more.includes(word) ? 6 : undefined
}

/** Does a word of the text begin so? */
function starts(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) if (at === 0 || /[\s_.·,/()（）-]/.test(text[at - 1]!)) return true
  return false
}

/** Those that fit, the best first; in their own order while nothing is typed. */
export function fitting<Thing extends Findable>(typed: string, things: readonly Thing[]): Thing[] {
  if (!typed.trim()) return [...things]
  const ranked: [Thing, number][] = []
  for (const thing of things) {
    const found = rank(typed, thing)
    if (found !== undefined) ranked.push([thing, found])
  }
  return ranked.sort((a, b) => a[1] - b[1]).map(([thing]) => thing)
}
