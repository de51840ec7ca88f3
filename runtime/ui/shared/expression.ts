/** Expressions in the browser. The server checks the text and ships a JSON tree; nothing here evaluates text.
    The meaning is the server's (docs/reference/expressions.md), held by the vectors of tests/vectors; its answer is final. */
import { Decimal } from './decimal.ts'
import { toLocal } from './zone.ts'

export type Tree = null | boolean | string | [string, ...Tree[]]
export type Json = null | boolean | number | string | Json[]
export interface Given { now: Date, timezone: string }

const DAY = 86_400_000
const [FIRST_DAY, LAST_DAY] = [-719_162, 2_932_896]
const [FIRST, LAST] = [-62_135_596_800_000_000n, 253_402_300_799_999_999n]
const MAX_TEXT = 100_000

/** A date: days since 1970. */
class Day {
  readonly days: number
  constructor(days: number) { this.days = days }
  static read(raw: unknown): Day | null {
    const text = String(raw)
    if (!/^\d{4}-\d\d-\d\d$/.test(text)) return null
    const day = Day.made(Math.floor(Date.parse(`${text}T00:00:00Z`) / DAY))
    return day?.toString() === text ? day : null
  }
  static made(days: number): Day | null { return days >= FIRST_DAY && days <= LAST_DAY ? new Day(days) : null }
  toString(): string { return new Date(this.days * DAY).toISOString().slice(0, 10) }
  /** Year, month and day. */
  parts(): [number, number, number] { return this.toString().split('-').map(Number) as [number, number, number] }
}

/** A moment: microseconds since 1970. */
class Moment {
  readonly at: bigint
  constructor(at: bigint) { this.at = at }
  static read(raw: unknown): Moment | null {
    const found = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,6})\d*)?(Z|[+-]\d\d:\d\d)$/.exec(String(raw))
    const seconds = found ? Date.parse(found[1]! + found[3]!) : NaN
    return Number.isNaN(seconds) ? null : Moment.made(BigInt(seconds) * 1000n + BigInt((found![2] ?? '').padEnd(6, '0')))
  }
  static made(at: bigint): Moment | null { return at >= FIRST && at <= LAST ? new Moment(at) : null }
  get date(): Date { return new Date(Number((this.at - (((this.at % 1000n) + 1000n) % 1000n)) / 1000n)) }
  toString(): string { return `${this.date.toISOString().slice(0, -1)}${String(((this.at % 1000n) + 1000n) % 1000n).padStart(3, '0')}Z` }
}

type Value = null | boolean | string | Decimal | Day | Moment | Value[]
type Run = (...values: Value[]) => Value

const isBlank = (value: Value): boolean => value === null || value === '' || (Array.isArray(value) && !value.length)
const count = (value: number): Decimal => new Decimal(Math.trunc(value))

/** Text by code points, as the server and both databases sort it; UTF-16 would put 😀 before ﬀ. */
function compareTexts(left: string, right: string): number {
  const [one, two] = [[...left], [...right]]
  for (let index = 0; index < one.length && index < two.length; index++) {
    const difference = one[index]!.codePointAt(0)! - two[index]!.codePointAt(0)!
    if (difference) return Math.sign(difference)
  }
  return Math.sign(one.length - two.length)
}

function compare(left: Value, right: Value): number {
  if (left instanceof Decimal && right instanceof Decimal) return left.against(right)
  if (left instanceof Day && right instanceof Day) return Math.sign(left.days - right.days)
  if (left instanceof Moment && right instanceof Moment) return left.at < right.at ? -1 : left.at > right.at ? 1 : 0
  return typeof left === 'string' && typeof right === 'string' ? compareTexts(left, right) : NaN
}

function equal(left: Value, right: Value): boolean {
  if (Array.isArray(left)) return Array.isArray(right) && left.length === right.length && left.every((item, index) => equal(item, right[index]!))
  return left === right || compare(left, right) === 0
}

/** Letters are folded one to one, so that every server, database and browser does the same. */
const small = new Map<string, string>(), capital = new Map<string, string>()
for (const [first, last] of [[0x41, 0x5A], [0xC0, 0x17F], [0x391, 0x3AB], [0x400, 0x42F]] as const) {
  for (let code = first; code <= last; code++) {
    const upper = String.fromCharCode(code), lower = upper.toLowerCase()
    if (lower === upper || lower.length > 1 || lower.toUpperCase() !== upper) continue
    small.set(upper, lower)
    capital.set(lower, upper)
  }
}
const folded = (text: string, table: Map<string, string>): string => text.replace(/./gsu, letter => table.get(letter) ?? letter)

const bounded = (text: string): string | null => text.length > 2 * MAX_TEXT || [...text].length > MAX_TEXT ? null : text

/** A function that answers null as soon as one value is null. */
const strict = (run: (...values: any[]) => Value): Run => (...values) => values.includes(null) ? null : run(...values)
/** A question that null answers with no. */
const asks = (run: (...values: any[]) => boolean): Run => (...values) => !values.includes(null) && run(...values)

const SPACES = /^[ \t\n\r\u00a0\u3000]+|[ \t\n\r\u00a0\u3000]+$/g
const readNumber = (text: string): Decimal | null => /^[+-]?\d{1,18}(\.\d{1,12})?$/.test(text.replace(SPACES, '')) ? Decimal.read(text.replace(SPACES, '')) : null
const within = (number: Decimal, least: number, most: number): number => Math.max(least, Math.min(most, number.cut()))

function textOf(value: Value, ...more: Value[]): Value {
  if (value instanceof Decimal && more.length > 1) return more[0] instanceof Decimal ? value.toString(within(more[0], 0, 12)) : null
  if (value instanceof Moment) return toLocal(value.date, String(more.at(-1)))
  return value === null ? null : String(value)
}

function dateOf(year: number, month: number, day: number): Day | null {
  const two = (part: number) => String(part).padStart(2, '0')
  return Day.read(`${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`)
}

const monthEnd = (year: number, month: number): Day => month === 12 ? dateOf(year, 12, 31)! : new Day(dateOf(year, month + 1, 1)!.days - 1)

function addMonths(date: Day, months: number): Day | null {
  const [year, month, day] = date.parts()
  const sum = year * 12 + month - 1 + months
  const [newYear, newMonth] = [Math.floor(sum / 12), sum - Math.floor(sum / 12) * 12 + 1]
  if (newYear < 1 || newYear > 9999) return null
  const last = monthEnd(newYear, newMonth)
  return day > last.parts()[2] ? last : dateOf(newYear, newMonth, day)
}

const weekday = (date: Day): number => ((date.days + 3) % 7 + 7) % 7 + 1

function week(date: Day): number {
  const thursday = date.days - weekday(date) + 4
  const year = new Date(thursday * DAY).getUTCFullYear()
  return Math.floor((thursday - (dateOf(year, 1, 1)?.days ?? 0)) / 7) + 1
}

const later = (moment: Moment, steps: Decimal, seconds: number): Moment | null => Moment.made(moment.at + BigInt(steps.cut()) * BigInt(seconds) * 1_000_000n)
const elapsed = (start: Moment, end: Moment, seconds: number): Decimal => new Decimal((end.at - start.at) / (BigInt(seconds) * 1_000_000n))
const clock = (moment: Moment, zone: string, from: number): Decimal => count(+toLocal(moment.date, zone).slice(from, from + 2))
const monthNumber = (date: Day): number => { const [year, month, day] = date.parts(); return (year * 12 + month) * 100 + day }
const yearNumber = (date: Day): number => { const [year, month, day] = date.parts(); return year * 10_000 + month * 100 + day }
const workdays = (date: Day): number => { const days = date.days - FIRST_DAY; return Math.floor(days / 7) * 5 + Math.min(days % 7, 5) }
const known = (values: Value[]): Decimal[] => values.filter(value => value !== null) as Decimal[]
const total = (values: Value[]): Decimal => known(values).reduce((sum, value) => sum.plus(value), new Decimal(0))
const extreme = (values: Value[], sign: number): Value => known(values).reduce<Value>((best, value) => best === null || compare(value, best) === sign ? value : best, null)

const FUNCTIONS: Record<string, Run> = {
  '+': strict((left, right) => left.plus(right)),
  '-': strict((left, right) => left.plus(right.negated())),
  '*': strict((left, right) => left.times(right)),
  '/': strict((left, right) => left.over(right)),
  neg: strict(value => value.negated()),
  not: value => value !== true,
  '=': (left, right) => equal(left!, right!),
  '<>': (left, right) => !equal(left!, right!),
  '<': (left, right) => compare(left!, right!) < 0,
  '<=': (left, right) => compare(left!, right!) <= 0,
  '>': (left, right) => compare(left!, right!) > 0,
  '>=': (left, right) => compare(left!, right!) >= 0,
  in: (item, values) => Array.isArray(values) && values.some(value => equal(item!, value)),
  'not in': (item, values) => !Array.isArray(values) || !values.some(value => equal(item!, value)),
  list: (...values) => values,
  is_blank: value => isBlank(value!),
  if_blank: (value, instead) => isBlank(value!) ? instead! : value!,
  case: (value, ...pairs) => {
    for (let index = 0; index + 1 < pairs.length; index += 2) if (equal(pairs[index]!, value!)) return pairs[index + 1]!
    return pairs.length % 2 ? pairs.at(-1)! : null
  },
  text: textOf,
  len: value => count([...String(value ?? '')].length),
  upper: strict(text => folded(text, capital)),
  lower: strict(text => folded(text, small)),
  trim: strict(text => text.replace(SPACES, '')),
  left: strict((text, size) => [...text].slice(0, within(size, 0, MAX_TEXT)).join('')),
  right: strict((text, size) => { const keep = within(size, 0, MAX_TEXT); return keep ? [...text].slice(-keep).join('') : '' }),
  mid: strict((text, start, size) => { const begin = within(start, 1, MAX_TEXT) - 1; return [...text].slice(begin, begin + within(size, 0, MAX_TEXT)).join('') }),
  contains: asks((text, part) => folded(text, small).includes(folded(part, small))),
  starts_with: asks((text, part) => text.startsWith(part)),
  ends_with: asks((text, part) => text.endsWith(part)),
  find: strict((text, part) => { const at = text.indexOf(part); return count(at < 0 ? 0 : [...text.slice(0, at)].length + 1) }),
  replace: strict((text, old, fresh) => old === '' ? text : bounded(text.split(old).join(fresh))),
  concat: (...values) => bounded(values.map(value => value ?? '').join('')),
  pad_left: strict((text, size, fill) => {
    const missing = within(size, 0, 1000) - [...text].length, letters = [...fill]
    return missing > 0 && letters.length ? Array.from({ length: missing }, (_, index) => letters[index % letters.length]).join('') + text : text
  }),
  is_number: asks(text => readNumber(text) !== null),
  to_number: strict(readNumber),
  abs: strict(value => value.whole < 0n ? value.negated() : value),
  round: strict((value, decimals) => value.rounded(decimals ? within(decimals, -12, 12) : 0)),
  floor: strict(value => value.floor()),
  ceiling: strict(value => value.negated().floor().negated()),
  mod: strict((value, divisor) => value.rest(divisor)),
  min: (...values) => extreme(values, -1),
  max: (...values) => extreme(values, 1),
  sum: (...values) => total(values),
  average: (...values) => total(values).over(count(known(values).length)),
  date: strict((year, month, day) => dateOf(year.cut(), month.cut(), day.cut())),
  to_date: strict((value, zone) => Day.read(value instanceof Moment ? toLocal(value.date, zone).slice(0, 10) : value)),
  year: strict(date => count(date.parts()[0])),
  quarter: strict(date => count((date.parts()[1] + 2) / 3)),
  month: strict(date => count(date.parts()[1])),
  week: strict(date => count(week(date))),
  day: strict(date => count(date.parts()[2])),
  weekday: strict(date => count(weekday(date))),
  hour: strict((moment, zone) => clock(moment, zone, 11)),
  minute: strict((moment, zone) => clock(moment, zone, 14)),
  add_days: strict((value, days) => value instanceof Moment ? later(value, days, 86_400) : Day.made(value.days + days.cut())),
  add_hours: strict((moment, hours) => later(moment, hours, 3_600)),
  add_minutes: strict((moment, minutes) => later(moment, minutes, 60)),
  add_months: strict((date, months) => addMonths(date, months.cut())),
  add_years: strict((date, years) => addMonths(date, years.cut() * 12)),
  days_between: strict((start, end) => start instanceof Moment ? elapsed(start, end, 86_400) : count(end.days - start.days)),
  hours_between: strict((start, end) => elapsed(start, end, 3_600)),
  minutes_between: strict((start, end) => elapsed(start, end, 60)),
  months_between: strict((start, end) => count((monthNumber(end) - monthNumber(start)) / 100)),
  years_between: strict((start, end) => count((yearNumber(end) - yearNumber(start)) / 10_000)),
  workdays_between: strict((start, end) => count(workdays(end) - workdays(start))),
  start_of_month: strict(date => { const [year, month] = date.parts(); return dateOf(year, month, 1) }),
  end_of_month: strict(date => { const [year, month] = date.parts(); return monthEnd(year, month) }),
  count: value => count(Array.isArray(value) ? value.length : 0),
  join: strict((values, separator) => bounded(values.join(separator))),
  has_any: (values, ...items) => Array.isArray(values) && items.some(item => values.includes(item)),
  has_all: (values, ...items) => Array.isArray(values) && values.length > 0 && items.every(item => values.includes(item)),
}

/** A value from outside as its kind; what doesn't fit the kind is null. */
function read(raw: unknown, kind: unknown): Value {
  if (raw === null || raw === undefined) return null
  if (kind === 'number') return Decimal.read(raw)
  if (kind === 'date') return Day.read(raw)
  if (kind === 'datetime') return Moment.read(raw)
  if (kind === 'list' || kind === 'file' || kind === 'rows') return Array.isArray(raw) ? raw as Value[] : null
  return typeof raw === 'boolean' || typeof raw === 'string' ? raw : String(raw)
}

function value(tree: Tree, get: (name: string) => unknown, given: Given): Value {
  if (!Array.isArray(tree)) return tree
  const [head, ...rest] = tree
  const at = (index: number): Value => value(rest[index] ?? null, get, given)
  switch (head) {
    case 'f': return read(get(rest[0] as string), rest[1])
    case 'n': return read(rest[0], 'number')
    case 'd': return read(rest[0], 'date')
    case 't': return read(rest[0], 'datetime')
    case 'id': return read(rest[0], 'reference')
    case '@now': return new Moment(BigInt(given.now.getTime()) * 1000n)
    case '@today': return Day.read(toLocal(given.now, given.timezone).slice(0, 10))
    case '@zone': return given.timezone
    case 'if': return at(0) === true ? at(1) : at(2)
    case 'and': return rest.every((_, index) => at(index) === true)
    case 'or': return rest.some((_, index) => at(index) === true)
  }
  return Object.hasOwn(FUNCTIONS, head) ? FUNCTIONS[head]!(...rest.map((_, index) => at(index))) : null
}

function written(result: Value): Json {
  if (Array.isArray(result)) return result.map(written)
  return result === null || typeof result === 'boolean' ? result : String(result)
}

/** The value of a tree as JSON: numbers as plain text ("12.5"), dates ISO, moments in UTC.
    `get` answers the names with JSON values; a name that it doesn't know is null. */
export function run(tree: Tree, get: (name: string) => unknown, given: Given): Json {
  return written(value(tree, get, given))
}
