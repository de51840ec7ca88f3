/** How the Chinese words of the app are spelled in Latin letters; the server tells for every label of the draft. */
import type { Text } from './documents.ts'

const known = new Map<string, string>()

export function learn(spellings: Readonly<Record<string, string>> | undefined): void {
  for (const [text, spelling] of Object.entries(spellings ?? {})) known.set(text, spelling)
}

/** What a text may be found by besides itself: its words in every language, pinyin and initials. */
export function keywordsOf(...texts: (Text | undefined)[]): string {
  const found: string[] = []
  for (const text of texts) {
    if (!text) continue
    for (const words of typeof text === 'string' ? [text] : Object.values(text)) {
      if (!words) continue
      found.push(words, known.get(words) ?? '')
    }
  }
  return found.join(' ')
}
