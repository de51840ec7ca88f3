import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { showValue } from '../../runtime/ui/shared/show.ts'

const page = { documentElement: { lang: 'en' }, getElementById: () => null }
;(globalThis as unknown as { document: unknown }).document = page
beforeEach(() => { page.documentElement.lang = 'en' })

test('numbers, money and percents read as the server writes them', () => {
  assert.equal(showValue('1234.5', { widget: 'number', scale: 2 }), '1,234.50')
  assert.equal(showValue('-620000', { widget: 'money', scale: 2, prefix: '¥' }), '-¥620,000.00')
  assert.equal(showValue('12.50', { widget: 'percent', scale: 2, suffix: '%' }), '12.5%')
  assert.equal(showValue('100', { widget: 'percent', scale: 2, suffix: '%' }), '100%')
  assert.equal(showValue(3, { widget: 'number', scale: 0 }), '3')
  assert.equal(showValue(null, { widget: 'number', scale: 2 }), '')
})

test('days and moments are in the order of the language', () => {
  assert.equal(showValue('2026-01-04', { widget: 'date' }), '4 Jan 2026')
  assert.equal(showValue('2026-11-24T20:30:00Z', { widget: 'datetime' }, 'Asia/Shanghai'), '25 Nov 2026, 04:30')
  page.documentElement.lang = 'zh-CN'
  assert.equal(showValue('2026-01-04', { widget: 'date' }), '2026-01-04')
  assert.equal(showValue('2026-11-24T20:30:00Z', { widget: 'datetime' }, 'Asia/Shanghai'), '2026-11-25 04:30')
})

test('text that looks like a number stays text', () => {
  assert.equal(showValue('0012', { widget: 'text' }), '0012')
})
