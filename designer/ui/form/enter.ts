/** Where the panel is, and going there from the keyboard. */
export const PANEL = '[data-panel]'
/** Enter on a thing: the first control of the panel. */
export function enterPanel(): void {
  const first = document.querySelector<HTMLElement>(`${PANEL} .panel-lines :is(input, select, textarea):not(:disabled)`) ?? document.querySelector<HTMLElement>(`${PANEL} button`)
  first?.focus()
  if (first instanceof HTMLInputElement && first.type === 'text') first.select()
}
