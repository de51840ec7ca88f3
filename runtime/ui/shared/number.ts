/** Numbers as people type them: full-width digits from a Chinese keyboard, separators, signs of money. */

const FULL_WIDTH = /[\uFF01-\uFF5E]/g

/** Plain "1234.5" from "１,234.5", "¥ 1 234.50"; what is no number stays as it is, for the server to refuse. */
export function plainNumber(text: string): string {
  const narrow = text.replace(FULL_WIDTH, sign => String.fromCharCode(sign.charCodeAt(0) - 0xFEE0)).replace(/。/g, '.')
  const bare = narrow.replace(/[\s\u00A0¥￥$€£,，']/g, '').replace(/[−–]/g, '-')
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(bare) ? bare.replace(/^\+/, '') : text
}

/** "1234.50" as "1,234.50"; anything else unchanged. */
export function groupedNumber(text: string): string {
  const found = /^(-?)(\d+)(\.\d*)?$/.exec(text)
  return found ? `${found[1]}${found[2]!.replace(/\B(?=(\d{3})+$)/g, ',')}${found[3] ?? ''}` : text
}

/** A decimal text with exactly `scale` decimals, half up as the server rounds. */
export function fixed(text: string, scale: number): string {
  const found = /^(-?)(\d+)(?:\.(\d*))?$/.exec(text)
  if (!found) return text
  const decimals = (found[3] ?? '').padEnd(scale + 1, '0')
  let digits = BigInt(found[2]! + decimals.slice(0, scale))
  if (decimals.charCodeAt(scale) >= 53) digits += 1n
  const whole = digits.toString().padStart(scale + 1, '0')
  const shown = scale ? `${whole.slice(0, -scale)}.${whole.slice(-scale)}` : whole
  return (found[1] && /[1-9]/.test(shown) ? '-' : '') + shown
}

/** "9800" as "9800.00"; more decimals than `scale` stay, for the server to speak about. */
export function padded(text: string, scale: number): string {
  const found = /^-?\d+(?:\.(\d*))?$/.exec(text)
  return found && (found[1] ?? '').length <= scale ? fixed(text, scale) : text
}
