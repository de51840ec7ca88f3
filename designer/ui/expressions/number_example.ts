/** What a running number's pattern gives; the rules are engine/fields/auto_numbers.py's. */
const TOKEN = /\{([A-Z]+|0+)\}|([^{}]+)/g
const PATTERN = /^(?:[^{}\x00-\x1f\x7f-\x9f]|\{(?:YYYY|YY|MM|DD)\})*\{0{1,12}\}(?:[^{}\x00-\x1f\x7f-\x9f]|\{(?:YYYY|YY|MM|DD)\})*$/

export function numberExample(pattern: string, day: Date, count = 1): { shown: string } | { problem: 'unreadable' | 'ambiguous' } {
  if ([...pattern].length > 60 || !PATTERN.test(pattern)) return { problem: 'unreadable' }
  const has = (part: string): boolean => pattern.includes(`{${part}}`)
  if ((has('DD') && !has('MM')) || (has('MM') && !has('YYYY') && !has('YY'))) return { problem: 'ambiguous' }
  const year = String(day.getFullYear())
  const parts: Record<string, string> = { YYYY: year, YY: year.slice(-2), MM: String(day.getMonth() + 1).padStart(2, '0'), DD: String(day.getDate()).padStart(2, '0') }
  return { shown: pattern.replace(TOKEN, (whole, token: string | undefined) => token === undefined ? whole : parts[token] ?? String(count).padStart(token.length, '0')) }
}
