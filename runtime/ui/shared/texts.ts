/** Sentences for scripts, from the page's boot script (`parts.boot()`); plural forms stand apart by "|". */
type Values = Record<string, string | number>

let texts: Record<string, string> | undefined

function load(): Record<string, string> {
  // Designers bring sentences of their own beside those of every page.
  const boots = ['browser-texts', 'designer-texts'].map(id => document.getElementById(id)?.textContent)
  return Object.assign({}, ...boots.map(text => text ? JSON.parse(text) : {}))
}

// Making plural rules takes longer than using them: once for the page.
let plurals: Intl.PluralRules | undefined

export const language = (): string => document.documentElement.lang || 'en'

/** The sentence for a code; the code itself where the page brought none. */
export function say(code: string, values: Values = {}): string {
  texts ??= load()
  const forms = (texts[code] ?? code).split('|')
  const count = values.count
  const one = forms.length > 1 && typeof count === 'number' && (plurals ??= new Intl.PluralRules(language())).select(count) === 'one'
  const sentence = (one ? forms[0] : forms.at(-1)) ?? code
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}
