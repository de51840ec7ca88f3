/** Dates as people type them, to ISO; what is no date stays as it is, for the server to refuse. */

const two = (part: string): string => part.padStart(2, '0')
const narrow = (text: string): string => text.replace(/[\uFF01-\uFF5E]/g, sign => String.fromCharCode(sign.charCodeAt(0) - 0xFEE0)).replace(/\u3000/g, ' ').trim()

function isDay(year: string, month: string, day: string): boolean {
  const made = new Date(Date.UTC(+year, +month - 1, +day))
  return made.getUTCMonth() === +month - 1 && made.getUTCDate() === +day
}

/** "2026/11/24", "20261124", "2026年11月24日", "11-24" (this year), "today" words left to the picker. */
export function isoDate(text: string, today = new Date()): string {
  const given = narrow(text)
  const whole = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(given) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(given)
  const short = /^(\d{1,2})[-/.月](\d{1,2})日?$/.exec(given)
  const [year, month, day] = whole ? whole.slice(1) : short ? [String(today.getFullYear()), ...short.slice(1)] : []
  return year && month && day && isDay(year, month, day) ? `${year}-${two(month)}-${two(day)}` : text
}

/** The same with a time: "2026-11-24 9:30", "11/24 14：05"; a day alone means its morning. */
export function isoMoment(text: string, today = new Date()): string {
  const given = narrow(text)
  const found = /^(.*?\d日?)(?:[T ,]+(\d{1,2}):(\d{2})(?::\d{2})?)?$/.exec(given)
  if (!found) return text
  const day = isoDate(found[1]!, today)
  const [hour, minute] = [found[2] ?? '9', found[3] ?? '00']
  return /^\d{4}-\d\d-\d\d$/.test(day) && +hour < 24 && +minute < 60 ? `${day} ${two(hour)}:${minute}` : text
}
