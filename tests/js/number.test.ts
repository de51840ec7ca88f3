import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixed, groupedNumber, plainNumber } from '../../runtime/ui/shared/number.ts'

test('a number is read as people type it, full-width and with signs of money', () => {
  for (const [typed, plain] of [
    ['1,234.50', '1234.50'], ['１２３４．５', '1234.5'], ['¥ 620，000', '620000'], ['−5', '-5'], ['+7', '7'], ['.5', '.5'], ['3。14', '3.14'], [' 12 ', '12'],
  ]) assert.equal(plainNumber(typed!), plain)
})

test('what is no number stays as it was typed', () => {
  for (const typed of ['ten', '1.2.3', '', '-', '1e5', '12abc']) assert.equal(plainNumber(typed), typed)
})

test('groups of three are set and no digit is lost', () => {
  for (const [plain, grouped] of [
    ['1234567.891', '1,234,567.891'], ['-1000', '-1,000'], ['999', '999'], ['12345678901234567890', '12,345,678,901,234,567,890'], ['abc', 'abc'], ['0.12345', '0.12345'],
  ]) assert.equal(groupedNumber(plain!), grouped)
})

test('rounding is half up and exact beyond what a float holds', () => {
  for (const [number, scale, shown] of [
    ['1.005', 2, '1.01'], ['-1.005', 2, '-1.01'], ['2.5', 0, '3'], ['0.004', 2, '0.00'], ['-0.004', 2, '0.00'], ['9999999999999999.995', 2, '10000000000000000.00'], ['7', 2, '7.00'],
  ] as const) assert.equal(fixed(number, scale), shown)
})
