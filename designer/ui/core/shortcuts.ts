/** One table of shortcuts drives the handler and the help dialog. */
import { isTyping } from '../../../runtime/ui/shared/dom.ts'

export interface Shortcut {
  /** As it is shown, parts joined by "+": "Ctrl+Z", "Alt+ArrowUp", "F2". Ctrl stands for ⌘ on a Mac. */
  keys: string
  label: string
  group: string
  act: (event: KeyboardEvent) => void
  /** Works while the author types in a field as well. */
  always?: boolean
  when?: () => boolean
}

const IS_MAC = typeof navigator !== 'undefined' && /Mac|iP(hone|ad)/.test(navigator.platform)

export function matches(keys: string, event: KeyboardEvent): boolean {
  const parts = keys.split('+')
  const key = parts.at(-1)!
  const wants = (name: string): boolean => parts.slice(0, -1).includes(name)
  const control = IS_MAC ? event.metaKey : event.ctrlKey
  const pressed = event.key.length === 1 ? event.key.toUpperCase() : event.key
  return pressed === (key.length === 1 ? key.toUpperCase() : key) && control === wants('Ctrl') && event.altKey === wants('Alt')
    && (event.shiftKey === wants('Shift') || key === '?')
}

/** Let `event` do what the table says; true when it did something. */
export function dispatch(table: readonly Shortcut[], event: KeyboardEvent): boolean {
  if (event.isComposing) return false
  const typing = isTyping(event)
  const found = table.find(entry => matches(entry.keys, event) && (entry.always || !typing) && (entry.when?.() ?? true))
  if (!found) return false
  event.preventDefault()
  found.act(event)
  return true
}

/** The keys as people know them. */
export const shownKeys = (keys: string): string[] => keys.split('+').map(part => ({
  Ctrl: IS_MAC ? '⌘' : 'Ctrl', Alt: IS_MAC ? '⌥' : 'Alt', Shift: IS_MAC ? '⇧' : 'Shift',
  ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', Delete: 'Del', Escape: 'Esc', ' ': '␣',
}[part] ?? part))
