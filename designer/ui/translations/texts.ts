/** The texts of documents: where they are, what they say in each language, and how one is written. Pure.

    Walks documents as the engine does (engine/definitions/texts.py), by the shapes that the server sends. */
import { address, read, written, type Address, type Document, type Language, type Text } from '../core/documents.ts'
import { set, type Path } from '../core/paths.ts'

export interface Shape { texts: string[]; parts: Record<string, Shape>; name: string }
export interface Shapes { kinds: Record<string, Shape>; maps: string[] }

export interface TextPlace {
  /** Its name for locales and tables: entity/quotation/fields/amount/label. */
  path: string
  address: Address
  at: Path
  text: Text
  /** Labels on the way to it, from the outside in; the last part is its own name ("label", "help" …). */
  trail: string[]
  part: string
}

export interface Locale extends Document { kind: 'locale'; language: string; texts: Record<string, string> }

/** Every text that a document holds. */
export function textsOf(document: Document, shapes: Shapes, language: string): TextPlace[] {
  const found: TextPlace[] = []
  const named = (value: Record<string, unknown>, or: string): string => read(value.label as Text | undefined, language) || read(value.subject as Text | undefined, language) || String(value.key ?? value.on ?? or)
  const walk = (shape: Shape, value: Record<string, unknown>, path: string, at: Path, trail: string[]): void => {
    for (const name of shape.texts) if (name in value) found.push({ path: `${path}/${name}`, address: address(document), at: [...at, name], text: value[name] as Text, trail, part: name })
    for (const [name, part] of Object.entries(shape.parts)) {
      const inner = value[name]
      if (Array.isArray(inner)) {
        inner.forEach((item: unknown, index) => {
          if (!item || typeof item !== 'object') return
          const each = item as Record<string, unknown>
          walk(part, each, `${path}/${name}/${String(each[part.name] ?? index)}`, [...at, name, index], [...trail, named(each, String(index + 1))])
        })
      } else if (inner && typeof inner === 'object') {
        if (shapes.maps.includes(name)) {
          for (const [key, item] of Object.entries(inner)) if (item && typeof item === 'object') walk(part, item as Record<string, unknown>, `${path}/${name}/${key}`, [...at, name, key], [...trail, named(item as Record<string, unknown>, key)])
        } else walk(part, inner as Record<string, unknown>, path, [...at, name], trail)
      }
    }
  }
  const shape = shapes.kinds[document.kind]
  if (shape) walk(shape, document, `${document.kind}/${document.key}`, [], [])
  return found
}

/** What a text says in a language: its own words, or a locale's; `isShared`: one text for all languages. */
export function saidIn(place: TextPlace, language: string, locales: ReadonlyMap<string, Locale>, ofDocuments: ReadonlySet<string>): { words: string; isShared: boolean } {
  if (typeof place.text === 'string') {
    const own = locales.get(language)?.texts[place.path]
    return own ? { words: own, isShared: false } : { words: ofDocuments.has(language) ? place.text : '', isShared: ofDocuments.has(language) }
  }
  return { words: place.text?.[language as Language] || locales.get(language)?.texts[place.path] || '', isShared: false }
}

/** The documents after a text got other words in a language: its own document, or the language's locale.

    `undefined`: nothing can hold it (a language that was never added). */
export function withWords(document: Document, place: Pick<TextPlace, 'path' | 'at'>, language: string, words: string, languages: readonly Language[], locale: Locale | undefined): Document | undefined {
  const text = place.at.reduce<unknown>((value, step) => (value as Record<string | number, unknown> | undefined)?.[step], document) as Text | undefined
  const isOwn = languages.includes(language as Language)
  if (!isOwn && !locale) return undefined
  // A language with a locale is kept there, but for texts that the document has in it already.
  if (locale && (typeof text === 'string' || !text?.[language as Language])) {
    const { [place.path]: _, ...others } = locale.texts
    return { ...locale, texts: words ? { ...locale.texts, [place.path]: words } : others }
  }
  if (words) return set(document, place.at, languages.length === 1 && typeof text !== 'object' ? words : written(text, language as Language, words, languages))
  if (typeof text !== 'object') return set(document, place.at, Object.fromEntries(languages.filter(each => each !== language).map(each => [each, text ?? ''])))
  const { [language as Language]: _, ...left } = text
  // Something has to be left: a label without any word would be refused.
  return set(document, place.at, Object.keys(left).length ? left : { [language]: '' })
}

export interface Line extends TextPlace { words: string[]; shared: boolean[]; missing: boolean[]; changed: boolean[]; find: string }

/** Which lines a filter leaves. */
export function filtered(lines: readonly Line[], wanted: { text: string; show: 'all' | 'missing' | 'changed'; address: string }): Line[] {
  const words = wanted.text.trim().toLowerCase().split(/\s+/).filter(Boolean)
  return lines.filter(line => (!wanted.address || line.address === wanted.address || line.address.startsWith(`${wanted.address}/`))
    && (wanted.show === 'all' || (wanted.show === 'missing' ? line.missing : line.changed).some(Boolean))
    && words.every(word => line.find.includes(word)))
}

/** Texts in all, and how many are there, by language. */
export function coverage(lines: readonly Line[], languages: number): { total: number; there: number[] } {
  const there = Array.from({ length: languages }, () => 0)
  for (const line of lines) line.missing.forEach((missing, index) => { if (!missing) there[index]!++ })
  return { total: lines.length, there }
}
