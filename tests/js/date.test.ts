import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isoDate, isoMoment } from '../../runtime/ui/shared/date.ts'
import { toLocal, toUtc } from '../../runtime/ui/shared/zone.ts'

const today = new Date(2026, 10, 24)

test('days are read in the ways people write them', () => {
  for (const typed of ['2026-11-24', '2026/11/24', '20261124', '2026年11月24日', '11-24', '11/24', '２０２６－１１－２４']) {
    assert.equal(isoDate(typed, today), '2026-11-24')
  }
})

test('a day that is not in the calendar stays as it was typed', () => {
  for (const typed of ['2026-02-31', '31.12.2026', '13-40', 'soon', '']) assert.equal(isoDate(typed, today), typed)
})

test('moments are read with their time, and a day alone means its morning', () => {
  assert.equal(isoMoment('2026/1/4 9:05', today), '2026-01-04 09:05')
  assert.equal(isoMoment('11-24 14：05', today), '2026-11-24 14:05')
  assert.equal(isoMoment('2026-11-24', today), '2026-11-24 09:00')
  assert.equal(isoMoment('2026-11-24 25:00', today), '2026-11-24 25:00')
})

test('a wall clock and UTC lead to each other in any zone', () => {
  assert.equal(toUtc('2026-11-24 09:30', 'Asia/Shanghai'), '2026-11-24T01:30:00.000Z')
  assert.equal(toUtc('2026-07-01 09:30', 'Europe/Berlin'), '2026-07-01T07:30:00.000Z')
  assert.equal(toUtc('2026-01-01 09:30', 'Europe/Berlin'), '2026-01-01T08:30:00.000Z')
  assert.equal(toUtc('soon', 'UTC'), null)
  assert.equal(toLocal(new Date('2026-11-24T20:30:00Z'), 'Asia/Shanghai'), '2026-11-25 04:30')
  assert.equal(toLocal(new Date('2026-11-24T20:30:00Z'), 'Mars/Phobos'), '2026-11-24 20:30')
})
