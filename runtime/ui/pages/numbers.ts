/** Number boxes: groups of three while nobody types in them. The server takes the groups as they are. */
import { each, on } from '../shared/dom.ts'
import { groupedNumber, plainNumber } from '../shared/number.ts'

on('focusin', 'input[data-number]', found => {
  const box = found as HTMLInputElement
  if (box.readOnly) return
  const value = plainNumber(box.value)
  if (value !== box.value) { box.value = value; box.select() }
})
on('focusout', 'input[data-number]', found => {
  const box = found as HTMLInputElement
  box.value = groupedNumber(plainNumber(box.value))
})
each('input[data-number]', found => {
  const box = found as HTMLInputElement
  if (document.activeElement !== box) box.value = groupedNumber(box.value)
})
