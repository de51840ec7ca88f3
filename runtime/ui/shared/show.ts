/** Computed values as a person reads them; the same as engine/rendering/formats.py writes. */
import { fixed, groupedNumber } from './number.ts'
import { language, say } from './texts.ts'
import type { Json } from './values.ts'
import { toLocal } from './zone.ts'

export interface Format { widget?: string, scale?: number, prefix?: string, suffix?: string }

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const isChinese = (): boolean => language().startsWith('zh')

function day(text: string): string {
  const [year, month, date] = text.split('-')
  return isChinese() ? text : `${Number(date)} ${MONTHS[Number(month) - 1]} ${year}`
}

function number(text: string, { scale, prefix = '', suffix = '' }: Format): string {
  let shown = scale === undefined ? text : fixed(text, scale)
  if (suffix === '%' && shown.includes('.')) shown = shown.replace(/\.?0+$/, '')
  const grouped = groupedNumber(shown)
  const sign = grouped.startsWith('-') ? '-' : ''
  return `${sign}${prefix}${grouped.slice(sign.length)}${suffix}`
}

export function showValue(value: Json, format: Format, timezone = 'UTC'): string {
  if (value === null || value === '') return ''
  if (typeof value === 'boolean') return say(value ? 'yes' : 'no')
  if (Array.isArray(value)) return value.map(each => showValue(each, format, timezone)).join(isChinese() ? '、' : ', ')
  const text = String(value)
  if (format.widget === 'date') return day(text.slice(0, 10))
  if (format.widget === 'datetime') {
    const [date, time] = toLocal(new Date(text), timezone).split(' ')
    return `${day(date!)}${isChinese() ? ' ' : ', '}${time}`
  }
  return 'scale' in format ? number(text, format) : text
}
