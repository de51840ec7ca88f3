/** Suggestions for a JSON text from its JSON Schema: keys of the object the caret is in, values of the key it is at.
    The text may be unfinished; the reader below only needs to know where it is, not whether all is well. */
export type Schema = { [key: string]: any }
type Step = string | number
export type Place = { path: Step[]; at: 'key' | 'value'; typed: string; from: number; keys: string[] }

/** Where the caret stands: the path of the object or value, what has been typed of it, and the keys that are there. */
export function placeAt(text: string, caret: number): Place {
  const stack: { kind: 'object' | 'array'; key: Step; keys: string[]; next: 'key' | 'value' }[] = []
  let at = 0
  while (at < caret) {
    const sign = text[at]
    const top = stack[stack.length - 1]
    if (sign === '"') {
      let end = at + 1
      while (end < caret && text[end] !== '"') end += text[end] === '\\' ? 2 : 1
      if (end >= caret) return place(stack, text.slice(at + 1, caret), at)
      if (top?.kind === 'object' && top.next === 'key') { top.key = JSON.parse(text.slice(at, end + 1)) as string; top.keys.push(String(top.key)) }
      at = end + 1
      continue
    }
    if (sign === '{') stack.push({ kind: 'object', key: '', keys: [], next: 'key' })
    else if (sign === '[') stack.push({ kind: 'array', key: 0, keys: [], next: 'value' })
    else if (sign === '}' || sign === ']') stack.pop()
    else if (sign === ':' && top) top.next = 'value'
    else if (sign === ',' && top) { if (top.kind === 'array') top.key = Number(top.key) + 1; else top.next = 'key' }
    at++
  }
  const word = /[\w.-]*$/.exec(text.slice(0, caret))![0]
  return place(stack, word, caret - word.length)
}

function place(stack: { kind: string; key: Step; keys: string[]; next: 'key' | 'value' }[], typed: string, from: number): Place {
  const top = stack[stack.length - 1]
  const isKey = top?.kind === 'object' && top.next === 'key'
  return { path: (isKey ? stack.slice(0, -1) : stack).map(each => each.key), at: isKey ? 'key' : 'value', typed, from, keys: top?.keys ?? [] }
}

/** All schemas that may hold at a path: unions are followed into each of their parts. */
export function schemasAt(root: Schema, path: Step[]): Schema[] {
  let found = expand(root, root)
  for (const step of path) found = found.flatMap(each => next(each, step)).flatMap(each => expand(root, each))
  return found
}

function next(schema: Schema, step: Step): Schema[] {
  if (typeof step === 'number') return [schema.prefixItems?.[step] ?? schema.items].filter(Boolean)
  if (schema.properties?.[step]) return [schema.properties[step]]
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []
}

function expand(root: Schema, schema: Schema, depth = 0): Schema[] {
  if (depth > 12 || !schema) return []
  const found: Schema[] = [schema]
  if (schema.$ref?.startsWith('#/')) {
    const target = schema.$ref.slice(2).split('/').reduce((each: Schema, part: string) => each?.[part.replace(/~1/g, '/').replace(/~0/g, '~')], root)
    found.push(...expand(root, target, depth + 1))
  }
  for (const word of ['oneOf', 'anyOf', 'allOf']) for (const part of schema[word] ?? []) found.push(...expand(root, part, depth + 1))
  for (const word of ['then', 'else']) if (schema[word]) found.push(...expand(root, schema[word], depth + 1))
  return found
}

export type Suggestion = { text: string; note: string }

/** What could stand at a place, the fitting ones first. */
export function suggest(root: Schema, where: Place): Suggestion[] {
  const found = new Map<string, string>()
  for (const schema of schemasAt(root, where.path)) {
    if (where.at === 'key') {
      for (const [key, each] of Object.entries<Schema>(schema.properties ?? {})) if (!where.keys.includes(key) || key === where.typed) found.set(key, each.description ?? each.title ?? '')
      continue
    }
    if (schema.const !== undefined) found.set(JSON.stringify(schema.const), '')
    for (const value of schema.enum ?? []) found.set(JSON.stringify(value), '')
    if (schema.type === 'boolean') for (const value of ['true', 'false']) found.set(value, '')
  }
  const typed = where.typed.toLowerCase()
  return [...found].filter(([text]) => text.toLowerCase().includes(typed)).map(([text, note]) => ({ text, note }))
    .sort((a, b) => Number(b.text.replace('"', '').startsWith(typed)) - Number(a.text.replace('"', '').startsWith(typed)) || a.text.localeCompare(b.text))
}

/** Attach the list of suggestions to a box with a textarea, a list and a schema. */
export function complete(box: HTMLElement): void {
  const area = box.querySelector('textarea')!
  const list = box.querySelector<HTMLElement>('[role=listbox]')!
  const schema = JSON.parse(box.querySelector('[data-schema]')!.textContent!) as Schema
  let shown: Suggestion[] = []
  let chosen = 0
  list.id ||= 'completions'
  area.setAttribute('aria-controls', list.id)

  const close = () => { list.hidden = true; area.removeAttribute('aria-activedescendant') }
  const mark = () => {
    for (const [index, item] of [...list.children].entries()) item.setAttribute('aria-selected', String(index === chosen))
    const item = list.children[chosen]
    if (item) { area.setAttribute('aria-activedescendant', item.id); item.scrollIntoView({ block: 'nearest' }) }
  }
  const open = () => {
    shown = suggest(schema, placeAt(area.value, area.selectionStart)).slice(0, 40)
    chosen = 0
    list.replaceChildren(...shown.map((each, index) => {
      const item = document.createElement('li')
      item.role = 'option'
      item.id = `${list.id}-${index}`
      item.append(Object.assign(document.createElement('code'), { textContent: each.text }), Object.assign(document.createElement('small'), { textContent: each.note }))
      item.addEventListener('mousedown', event => { event.preventDefault(); chosen = index; take() })
      return item
    }))
    list.hidden = !shown.length
    mark()
  }
  const take = () => {
    const where = placeAt(area.value, area.selectionStart)
    const pick = shown[chosen]
    if (!pick) return
    const quoted = area.value[where.from] === '"'
    const word = where.at === 'key' ? `"${pick.text}": ` : pick.text
    let end = area.selectionStart
    if (quoted && area.value[end] === '"') end++
    area.setRangeText(word, where.from, end, 'end')
    area.dispatchEvent(new Event('input', { bubbles: true }))
    close()
  }
  area.addEventListener('keydown', event => {
    if (event.key === ' ' && event.ctrlKey) { event.preventDefault(); open(); return }
    if (list.hidden) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') { event.preventDefault(); chosen = (chosen + (event.key === 'ArrowDown' ? 1 : -1) + shown.length) % shown.length; mark() }
    else if (event.key === 'Enter' || event.key === 'Tab') { event.preventDefault(); take() }
    else if (event.key === 'Escape') { event.stopPropagation(); close() }
  })
  area.addEventListener('input', () => { if (!list.hidden) open() })
  area.addEventListener('blur', close)
}
