/** What could be written at the caret of an expression. Framework-free. */
import { rank } from '../core/search.ts'

export interface Candidate { text: string; label: string; note: string; keywords: string; sort: 'name' | 'function' | 'choice'; help?: string | undefined; signature?: string | undefined; icon?: string | undefined }
export interface Word { from: number; to: number; typed: string; inText: boolean; quote: string }

/** The word that the caret is in or after; inside quotes it is the text so far. */
export function wordAt(text: string, caret: number): Word {
  let quote = ''
  let from = 0
  for (let at = 0; at < caret; at++) {
    const sign = text[at]!
    if (quote) { if (sign === '\\') at++; else if (sign === quote) quote = '' } else if (sign === '"' || sign === "'") { quote = sign; from = at + 1 }
  }
  if (quote) {
    let to = caret
    while (to < text.length && text[to] !== quote) to++
    return { from, to, typed: text.slice(from, caret), inText: true, quote }
  }
  const typed = /[\p{L}\p{N}_.]*$/u.exec(text.slice(0, caret))![0]
  const after = /^[\p{L}\p{N}_.]*/u.exec(text.slice(caret))![0]
  return { from: caret - typed.length, to: caret + after.length, typed, inText: false, quote: '' }
}

/** The name compared with the text at the caret (`region = "…`), so that its options can be offered. */
export function comparedName(text: string, from: number): string | undefined {
  const before = text.slice(0, from - 1)
  return /([A-Za-z_][\w.]*)\s*(?:=|<>|!=|==)\s*$/.exec(before)?.[1] ?? /([A-Za-z_][\w.]*)\s+(?:not\s+)?in\s*[([][^()[\]]*$/.exec(before)?.[1]
    ?? /(?:has_any|has_all)\s*\(\s*([A-Za-z_][\w.]*)\s*,[^()]*$/.exec(before)?.[1]
}

/** The call around the caret and which argument the caret is in. */
export function callAt(text: string, caret: number): { name: string; argument: number } | undefined {
  const open: { name: string; argument: number }[] = []
  let quote = ''
  for (let at = 0; at < caret; at++) {
    const sign = text[at]!
    if (quote) { if (sign === '\\') at++; else if (sign === quote) quote = '' } else if (sign === '"' || sign === "'") quote = sign
    else if (sign === '(' || sign === '[') open.push({ name: /([A-Za-z_]\w*)\s*$/.exec(text.slice(0, at))?.[1] ?? '', argument: 0 })
    else if (sign === ')' || sign === ']') open.pop()
    else if (sign === ',' && open.length) open.at(-1)!.argument++
  }
  const found = open.at(-1)
  return found?.name ? { name: found.name.toLowerCase(), argument: found.argument } : undefined
}

/** Those that fit what was typed, the best first: by key, label, other languages and pinyin. */
export function fit(typed: string, candidates: readonly Candidate[], most = 50): Candidate[] {
  const found: [Candidate, number][] = []
  for (const each of candidates) {
    const place = rank(typed, { label: each.label, value: each.text, keywords: each.keywords })
    if (place !== undefined) found.push([each, place + (each.sort === 'function' ? 0.5 : 0)])
  }
  return (typed ? found.sort((a, b) => a[1] - b[1]) : found).slice(0, most).map(([each]) => each)
}

/** The text with a candidate in the place of the word; where the caret goes. */
export function completed(text: string, word: Word, chosen: Candidate): { text: string; caret: number } {
  const after = text.slice(word.to)
  if (word.inText) {
    const closed = after.startsWith(word.quote) ? '' : word.quote
    return { text: text.slice(0, word.from) + chosen.text + closed + after, caret: word.from + chosen.text.length + 1 }
  }
  if (chosen.sort === 'function') {
    const brackets = /^\s*\(/.test(after) ? '' : '()'
    const inside = chosen.signature?.endsWith('()') ? 2 : 1
    return { text: text.slice(0, word.from) + chosen.text + brackets + after, caret: word.from + chosen.text.length + inside }
  }
  return { text: text.slice(0, word.from) + chosen.text + after, caret: word.from + chosen.text.length }
}
