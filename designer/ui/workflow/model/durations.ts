/** ISO 8601 durations of days, hours and minutes, as deadlines use them. */
export interface Span { amount: number; unit: 'days' | 'hours' | 'minutes' }

export function minutesOf(text: string): number {
  const found = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(text)
  if (!found) return 0
  const [days, hours, minutes] = found.slice(1).map(part => Number(part ?? 0))
  return (days! * 24 + hours!) * 60 + minutes!
}

/** In the largest unit that divides it: P1D → 1 day, PT36H → 36 hours, PT90M → 90 minutes. */
export function spanOf(text: string): Span {
  const minutes = minutesOf(text)
  if (minutes && minutes % 1440 === 0) return { amount: minutes / 1440, unit: 'days' }
  if (minutes % 60 === 0) return { amount: minutes / 60, unit: 'hours' }
  return { amount: minutes, unit: 'minutes' }
}

export function durationOf({ amount, unit }: Span): string {
  const whole = Math.max(0, Math.min(99999, Math.round(amount) || 0))
  return unit === 'days' ? `P${whole}D` : unit === 'hours' ? `PT${whole}H` : `PT${whole}M`
}
