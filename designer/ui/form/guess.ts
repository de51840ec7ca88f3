/** What kind of field a name suggests: "Delivery date" is a date, 联系电话 a phone number. */
import type { FieldTypeShape } from '../parts/designer.tsx'

/** Words that say nothing about the kind. */
const VAGUE = new Set(['number', 'name', 'text', 'code', 'id', 'value', 'from', 'to', 'key', '名称', '文字', '数字', '标题', '说明', '行', '是否'])
/** Kinds that need more than a name. */
const NEVER = new Set(['reference', 'rows', 'rollup', 'mirror', 'formula', 'number', 'choice', 'choices', 'department'])

export function guessType(words: string, types: readonly Pick<FieldTypeShape, 'key' | 'keywords' | 'is_system'>[], or = 'text'): string {
  const text = words.toLowerCase()
  let best = or
  let longest = 0
  for (const type of types) {
    if (type.is_system || NEVER.has(type.key)) continue
    for (const word of type.keywords.split(/\s+/)) {
      if (word.length < 2 || word.length <= longest || VAGUE.has(word)) continue
      // Latin words count whole: "dated" is no date. Pinyin is for finding, not for reading.
      const found = /^[\x20-\x7e]+$/.test(word) ? new RegExp(`\\b${word.replace(/[^\w]/g, '\\$&')}\\b`).test(text) : text.includes(word)
      if (found) { best = type.key; longest = word.length }
    }
  }
  return best
}
