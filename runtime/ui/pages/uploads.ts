/** Files go up as soon as they are chosen or dropped, with progress; the form then holds their ids. */
import { announce, toast } from '../shared/announce.ts'
import { icon, make, on } from '../shared/dom.ts'
import { csrf, sentence } from '../shared/http.ts'
import { say } from '../shared/texts.ts'

interface Stored { id: string, name: string, size?: number, href?: string }

const size = (bytes: number): string => {
  const step = bytes < 1000 ? 0 : bytes < 1e6 ? 1 : bytes < 1e9 ? 2 : 3
  const amount = bytes / 1000 ** step
  return `${amount < 10 && step ? amount.toFixed(1) : Math.round(amount)} ${['B', 'KB', 'MB', 'GB'][step]}`
}

function send(address: string, file: File, progress: (part: number) => void): Promise<Stored> {
  return new Promise((resolve, reject) => {
    // fetch can't tell how much of a body has gone; XMLHttpRequest can.
    const request = new XMLHttpRequest()
    request.open('POST', address)
    request.setRequestHeader('Accept', 'application/json')
    request.setRequestHeader('X-CSRF-Token', csrf())
    request.upload.addEventListener('progress', event => { if (event.lengthComputable) progress(event.loaded / event.total) })
    request.addEventListener('load', () => {
      const answer = parse(request.responseText)
      if (request.status < 300 && answer.id) resolve(answer as Stored)
      else reject(new Error(answer.errors?.[0]?.message ?? answer.detail ?? sentence(request.status)))
    })
    request.addEventListener('error', () => reject(new Error(sentence(0))))
    const body = new FormData()
    body.append('file', file)
    request.send(body)
  })
}

interface Answer extends Partial<Stored> { detail?: string, errors?: { message: string }[] }

function parse(text: string): Answer {
  try { return JSON.parse(text) as Answer } catch { return {} }
}

function listOf(drop: HTMLElement): HTMLElement {
  return drop.closest('.field')!.querySelector<HTMLElement>('[data-files]')!
}

async function take(drop: HTMLElement, file: File): Promise<void> {
  const input = drop.querySelector<HTMLInputElement>('input[type=file]')!
  const list = listOf(drop)
  const maximum = Number(drop.dataset.maximum || Infinity)
  const endings = input.accept.split(',').map(part => part.trim().toLowerCase()).filter(Boolean)
  if (endings.length && !endings.some(ending => file.name.toLowerCase().endsWith(ending))) {
    toast(say('file_ending', { accepted: endings.join(' ') }), 'bad')
    return
  }
  if (list.children.length >= maximum) {
    if (maximum > 1) { toast(say('file_count', { count: maximum }), 'bad'); return }
    list.replaceChildren() // the one file is replaced
  }
  const bar = make('progress', { max: 1, value: 0, 'aria-label': say('uploading', { label: file.name }) })
  const line = make('li', {}, icon('paperclip'), make('span', { class: 'clip' }, file.name), bar)
  list.append(line)
  announce(say('uploading', { label: file.name }))
  try {
    const stored = await send(drop.dataset.upload!, file, part => { bar.value = part })
    line.replaceChildren(
      make('input', { type: 'hidden', name: drop.dataset.name, value: stored.id }), icon('paperclip'),
      stored.href ? make('a', { href: stored.href }, stored.name) : make('span', { class: 'clip' }, stored.name),
      make('small', {}, size(stored.size ?? file.size)), removeButton(stored.name))
    announce(say('uploaded', { label: stored.name }))
    line.dispatchEvent(new Event('change', { bubbles: true }))
  } catch (error) {
    line.dataset.failed = ''
    bar.replaceWith(removeButton(file.name))
    toast(say('upload_failed', { label: file.name, problem: error instanceof Error ? error.message : say('upload_unknown') }), 'bad')
  }
}

const removeButton = (label: string): HTMLElement =>
  make('button', { type: 'button', class: 'button plain square small', 'data-file-remove': true, 'aria-label': say('remove', { label }) }, icon('x'))

on('change', '[data-upload] input[type=file]', (found, event) => {
  const input = found as HTMLInputElement
  event.stopPropagation()
  for (const file of [...input.files ?? []]) void take(found.closest<HTMLElement>('[data-upload]')!, file)
  input.value = ''
}, true)

on('click', '[data-file-remove]', button => {
  const line = button.closest('li')!
  const field = line.closest<HTMLElement>('.field')!
  line.remove()
  field.querySelector<HTMLElement>('input[type=file]')?.focus()
  field.dispatchEvent(new Event('change', { bubbles: true }))
})

on('dragover', '[data-upload]', (drop, event) => { event.preventDefault(); drop.classList.add('over') })
on('dragleave', '[data-upload]', drop => drop.classList.remove('over'))
on('drop', '[data-upload]', (drop, event) => {
  event.preventDefault()
  drop.classList.remove('over')
  if (drop.querySelector<HTMLInputElement>('input[type=file]')!.disabled) return
  for (const file of [...event.dataTransfer?.files ?? []]) void take(drop, file)
})
