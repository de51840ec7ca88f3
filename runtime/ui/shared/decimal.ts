/** Decimals without floats: a whole number and how many of its digits stand after the point. */

export const DECIMALS = 12
const power = (exponent: number): bigint => 10n ** BigInt(exponent)
const size = (whole: bigint): bigint => whole < 0n ? -whole : whole

export class Decimal {
  readonly whole: bigint
  readonly scale: number

  constructor(whole: bigint | number, scale = 0) {
    this.whole = BigInt(whole)
    this.scale = scale
  }

  /** From "-12.50" or 12.5; null for what is no plain number. */
  static read(raw: unknown): Decimal | null {
    const found = /^([+-]?\d+)(?:\.(\d+))?$/.exec(String(raw))
    return found ? new Decimal(BigInt(found[1]! + (found[2] ?? '')), found[2]?.length ?? 0) : null
  }

  /** The whole number that it is with so many decimals, which are no fewer than its own. */
  at(scale: number): bigint { return this.whole * power(scale - this.scale) }

  /** Half up, away from zero, to so many decimals; negative ones are tens, hundreds … */
  rounded(scale: number): Decimal {
    if (scale >= this.scale) return new Decimal(this.at(scale), scale)
    const whole = divided(this.whole, power(this.scale - scale))
    return scale < 0 ? new Decimal(whole * power(-scale)) : new Decimal(whole, scale)
  }

  plus(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale)
    return new Decimal(this.at(scale) + other.at(scale), scale)
  }

  times(other: Decimal): Decimal {
    const product = new Decimal(this.whole * other.whole, this.scale + other.scale)
    return product.scale > DECIMALS ? product.rounded(DECIMALS) : product
  }

  over(other: Decimal): Decimal | null {
    if (!other.whole) return null
    return new Decimal(divided(this.whole * power(other.scale + DECIMALS), other.whole * power(this.scale)), DECIMALS)
  }

  rest(other: Decimal): Decimal | null {
    const scale = Math.max(this.scale, other.scale)
    return other.whole ? new Decimal(this.at(scale) % other.at(scale), scale) : null
  }

  negated(): Decimal { return new Decimal(-this.whole, this.scale) }

  /** -1, 0 or 1. */
  against(other: Decimal): number {
    const scale = Math.max(this.scale, other.scale)
    const [left, right] = [this.at(scale), other.at(scale)]
    return left < right ? -1 : left > right ? 1 : 0
  }

  /** Decimals cut off, toward zero, as an ordinary number within a million millions. */
  cut(): number { return Math.max(-1e12, Math.min(1e12, Number(this.whole / power(this.scale)))) }

  /** The greatest whole number that is not above. */
  floor(): Decimal {
    const whole = this.whole / power(this.scale)
    return new Decimal(this.whole < 0n && whole * power(this.scale) !== this.whole ? whole - 1n : whole)
  }

  /** With exactly so many decimals, or as few as it needs. */
  toString(decimals?: number): string {
    const { whole, scale } = decimals === undefined ? this : this.rounded(decimals)
    const digits = size(whole).toString().padStart(scale + 1, '0')
    const text = scale ? `${digits.slice(0, -scale)}.${digits.slice(-scale)}` : digits
    return (whole < 0n ? '-' : '') + (decimals === undefined && scale ? text.replace(/\.?0+$/, '') : text)
  }
}

function divided(whole: bigint, by: bigint): bigint {
  const found = (2n * size(whole) + size(by)) / (2n * size(by))
  return whole < 0n !== by < 0n ? -found : found
}
