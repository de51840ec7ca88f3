/** From inputs to the JSON values that expressions read: decimals as text, dates ISO, lists of texts. */
import { isoDate, isoMoment } from './date.ts'
import { plainNumber } from './number.ts'
import { toUtc } from './zone.ts'

export type Json = null | boolean | number | string | Json[]

type Held = Element | RadioNodeList

const isNumber = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text)

/** What the controls of one name hold, as a value of a kind; what can't be read counts as empty. */
export function readValue(held: Held | null, kind: string, timezone: string): Json {
  const controls = held === null ? [] : (held instanceof RadioNodeList ? [...held] : [held]) as HTMLInputElement[]
  if (kind === 'yes_no') return controls.some(control => control.type === 'checkbox' && control.checked)
  if (kind === 'list' || kind === 'file') {
    const isOn = (control: HTMLInputElement) => control.type === 'hidden' || control.checked
    return controls.filter(isOn).map(control => control.value).filter(Boolean)
  }
  const control = controls.find(each => each.type !== 'radio' || each.checked)
  const text = control?.value ?? ''
  if (!text.trim()) return null
  if (kind === 'number') return isNumber(plainNumber(text)) ? plainNumber(text) : null
  if (kind === 'date') return /^\d{4}-\d\d-\d\d$/.test(isoDate(text)) ? isoDate(text) : null
  if (kind === 'datetime') return toUtc(isoMoment(text.replace('T', ' ')), timezone)
  return text
}
