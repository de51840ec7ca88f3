/** Wall-clock time of a zone to and from UTC, with what every browser has. */

const parts = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = parts.get(zone)
  if (known) return known
  const options = { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' } as const
  let made: Intl.DateTimeFormat
  try { made = new Intl.DateTimeFormat('en-CA', options) } catch { made = new Intl.DateTimeFormat('en-CA', { ...options, timeZone: 'UTC' }) }
  parts.set(zone, made)
  return made
}

/** "2026-11-24 09:30" as a clock in the zone shows a moment. */
export function toLocal(moment: Date, zone: string): string {
  const found = Object.fromEntries(formatOf(zone).formatToParts(moment).map(part => [part.type, part.value]))
  return `${found.year}-${found.month}-${found.day} ${found.hour}:${found.minute}`
}

/** A zone's "2026-11-24 09:30" as RFC 3339 in UTC; null for what is no moment. */
export function toUtc(text: string, zone: string): string | null {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d$/.test(text)) return null
  const wanted = Date.parse(`${text.replace(' ', 'T')}:00Z`)
  let guess = wanted
  // Twice: the first guess may stand on the other side of a clock change.
  for (let turn = 0; turn < 2; turn++) guess += wanted - Date.parse(`${toLocal(new Date(guess), zone).replace(' ', 'T')}:00Z`)
  return new Date(guess).toISOString()
}
