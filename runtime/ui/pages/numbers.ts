/** Number boxes: groups of three while nobody types in them. The server takes the groups as they are. */
import { each, on } from '../shared/dom.ts'
import { groupedNumber, padded, plainNumber } from '../shared/number.ts'

/** As a box shows a number that nobody edits. */
export function shownNumber(box: HTMLInputElement, text = box.value): string {
  const plain = plainNumber(text)
  return groupedNumber(box.dataset.scale ? padded(plain, Number(box.dataset.scale)) : plain)
}

on('focusin', 'input[data-number]', found => {
  const box = found as HTMLInputElement
  if (box.readOnly) return
  const value = plainNumber(box.value)
  if (value !== box.value) { box.value = value; box.select() }
})
on('focusout', 'input[data-number]', found => {
  const box = found as HTMLInputElement
  box.value = shownNumber(box)
})
each('input[data-number]', found => {
  const box = found as HTMLInputElement
  if (document.activeElement !== box) box.value = shownNumber(box)
})
