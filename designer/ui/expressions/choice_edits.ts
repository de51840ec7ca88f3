/** Lists of choices, edited: keys that stay, lines that are pasted. Framework-free. */
import { freeKey, keyFrom, type ChoiceOption, type Language, type Text } from '../core/documents.ts'

export const COLOURS = ['grey', 'blue', 'cyan', 'teal', 'green', 'lime', 'yellow', 'amber', 'orange', 'red', 'pink', 'purple', 'violet'] as const
export const LIMIT = 1000

/** A new choice with a key of its own. */
export function newChoice(list: readonly ChoiceOption[], label: Text = '', words = ''): ChoiceOption {
  return { key: freeKey(keyFrom(words, `option_${list.length + 1}`), list.map(each => each.key)), label }
}

/** Lines as choices: "label", "key = label", or columns (tab) "key, 中文, English" in the app's languages' order.
    What is there already (same key or same words) is left alone. Returns the new list and what was skipped. */
export function pasted(list: readonly ChoiceOption[], text: string, languages: readonly Language[]): { list: ChoiceOption[]; added: number; skipped: number } {
  const made = [...list]
  const words = new Set(list.flatMap(each => typeof each.label === 'string' ? [each.label] : Object.values(each.label ?? {})).filter(Boolean))
  const keys = new Set(list.map(each => each.key))
  let skipped = 0
  for (const line of text.split(/\r?\n/)) {
    const parts = line.split('\t').map(part => part.trim())
    const cells = parts.length > 1 ? parts : (/^([a-z0-9][a-z0-9_]{0,62})\s*[=＝]\s*(.+)$/.exec(line.trim())?.slice(1) ?? [line.trim()])
    if (!cells.some(Boolean)) continue
    const hasKey = cells.length > 1 && /^[a-z0-9][a-z0-9_]{0,62}$/.test(cells[0]!)
    const labels = (hasKey ? cells.slice(1) : cells).map(each => each.slice(0, 200))
    const label: Text = labels.length > 1 ? Object.fromEntries(languages.map((language, at) => [language, labels[at] ?? '']).filter(([, said]) => said)) : labels[0]!
    const key = hasKey ? cells[0]! : freeKey(keyFrom(labels.at(-1)!, keyFrom(labels[0]!, `option_${made.length + 1}`)), keys)
    if (keys.has(key) || labels.every(each => words.has(each)) || made.length >= LIMIT) { skipped++; continue }
    made.push({ key, label })
    keys.add(key)
    for (const each of labels) words.add(each)
  }
  return { list: made, added: made.length - list.length, skipped }
}

/** An element moved; `to` is its place afterwards. */
export function moved<Each>(list: readonly Each[], from: number, to: number): Each[] {
  const made = [...list]
  made.splice(to, 0, ...made.splice(from, 1))
  return made
}
