/** Every decimal of up to 15 significant digits comes back from a double as it was (IEEE 754 binary64, DBL_DIG). */
const alwaysExactDigits = 15

/** The number a decimal text stands for, or the text itself where a double cannot give the same decimal back. */
export function exactNumber(text: string): number | string {
  const value = Number(text)
  if (!Number.isFinite(value)) return text
  const digits = significantDigits(text)
  return digits.length <= alwaysExactDigits || isSameDecimal(text, value) ? value : text
}

function significantDigits(text: string): string {
  const mantissa = text.replace(/e.*$/i, '').replace(/^[-+]/, '')
  const digits = mantissa.includes('.') ? mantissa.replace('.', '').replace(/0+$/, '') : mantissa
  return digits.replace(/^0+/, '')
}

function isSameDecimal(text: string, value: number): boolean {
  const shortest = String(value)
  // Where JavaScript would write an exponent the number is beyond 2^53 anyway, or not the text of a NUMBER.
  if (/e/i.test(shortest) || /e/i.test(text)) return false
  return normalized(shortest) === normalized(text)
}

function normalized(decimal: string): string {
  const withoutZeros = decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal
  return withoutZeros.replace(/^(-?)\+?0+(?=\d)/, '$1')
}
