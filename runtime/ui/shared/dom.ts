/** The few things that plain DOM makes too long to write. */

type Child = Node | string | null | undefined | false

/** An element with attributes and children. `true` gives a bare attribute; false, null and undefined none. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name, given: Record<string, string | number | boolean | null | undefined> = {}, ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(given)) {
    if (value === true) made.setAttribute(key, '')
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, String(value))
  }
  made.append(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false))
  return made
}

const SVG = 'http://www.w3.org/2000/svg'
let sprite: string | undefined

/** An icon of the page's sprite; its address is read off any icon that the server drew. */
export function icon(name: string): SVGSVGElement {
  sprite ??= document.querySelector('use')?.getAttribute('href')?.split('#')[0] ?? ''
  const made = document.createElementNS(SVG, 'svg')
  made.setAttribute('class', 'icon')
  made.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS(SVG, 'use')
  use.setAttribute('href', `${sprite}#${name}`)
  made.append(use)
  return made
}

/** Listen on the document for events of elements that match, whenever they come to the page. */
export function on<Name extends keyof DocumentEventMap>(
  name: Name, selector: string, act: (found: HTMLElement, event: DocumentEventMap[Name]) => void, capture = false,
): void {
  document.addEventListener(name, event => {
    const found = event.target instanceof Element ? event.target.closest<HTMLElement>(selector) : null
    if (found) act(found, event)
  }, capture)
}

const starters: [string, (found: HTMLElement) => void][] = []
const started = new WeakMap<HTMLElement, Set<(found: HTMLElement) => void>>()

/** Run once for every element that matches, now and after each swap. */
export function each(selector: string, act: (found: HTMLElement) => void): void {
  starters.push([selector, act])
}

const lazy: [string, () => Promise<unknown>][] = []

/** Fetch a part of the scripts when an element that needs it comes to the page. */
export function lazily(selector: string, load: () => Promise<unknown>): void {
  lazy.push([selector, load])
}

/** Start what came to the page; called at load and after every swap. */
export function start(root: ParentNode = document): void {
  for (const part of [...lazy]) {
    if (!document.querySelector(part[0])) continue
    lazy.splice(lazy.indexOf(part), 1)
    void part[1]().then(() => start())
  }
  for (const [selector, act] of starters) {
    for (const found of root.querySelectorAll<HTMLElement>(selector)) {
      const done = started.get(found) ?? new Set<(found: HTMLElement) => void>()
      if (done.has(act)) continue // several modules may care for the same elements
      started.set(found, done.add(act))
      act(found)
    }
  }
}

/** Is the person typing, so that a letter is a letter and no shortcut? */
export function isTyping(event: Event): boolean {
  const target = event.target
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio], [type=button]), textarea, select'))
}

export type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

export const controls = (root: ParentNode): Control[] => [...root.querySelectorAll<Control>('input, select, textarea')]
