/** <fw-date>: a text box in ISO form with a calendar button. A native date input would show the browser's
    own order of day and month, whatever the page's language; on a phone its wheel is better than typing. */
import { isoDate, isoMoment } from './date.ts'
import { make } from './dom.ts'

class DateInput extends HTMLElement {
  connectedCallback(): void {
    const box = this.querySelector<HTMLInputElement>('.input')
    const button = this.querySelector('button')
    if (!box || !button || this.classList.contains('native')) return
    const isMoment = this.dataset.kind === 'datetime'
    const type = isMoment ? 'datetime-local' : 'date'
    if (matchMedia('(pointer: coarse)').matches) {
      const value = box.value
      box.type = type
      box.value = value.replace(' ', 'T')
      this.classList.add('native')
      return
    }
    const tidy = () => {
      const value = isMoment ? isoMoment(box.value) : isoDate(box.value)
      if (value === box.value) return
      box.value = value
      box.dispatchEvent(new Event('input', { bubbles: true }))
    }
    const pick = () => {
      tidy()
      const picker = this.querySelector<HTMLInputElement>('.picker') ?? make('input', { class: 'picker', type, tabindex: -1, 'aria-hidden': 'true' })
      picker.value = box.value.replace(' ', 'T')
      picker.onchange = () => {
        box.value = picker.value.replace('T', ' ')
        box.dispatchEvent(new Event('input', { bubbles: true }))
        box.dispatchEvent(new Event('change', { bubbles: true }))
        box.focus()
      }
      this.append(picker)
      picker.showPicker()
    }
    box.addEventListener('change', tidy)
    box.addEventListener('keydown', event => {
      if (event.altKey && event.key === 'ArrowDown' && !this.closest('[data-row]')) { event.preventDefault(); pick() }
    })
    button.addEventListener('click', pick)
  }
}

customElements.define('fw-date', DateInput)
