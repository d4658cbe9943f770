import type { Json } from '@squall/load-plan'
import type { RandomSource } from '@squall/time'

interface TemplateFunction {
  readonly fewestArguments: number
  readonly mostArguments: number
  readonly given: (numbers: readonly number[]) => (random: RandomSource) => Json
}

/** What a template may call. All randomness is the client's own, so a run repeats under its seed. */
export const templateFunctions: Readonly<Record<string, TemplateFunction>> = {
  /** A whole number from the first to the second, both included; 1 to 100 unless told. */
  $randomNumber: {
    fewestArguments: 0,
    mostArguments: 2,
    given:
      ([from = 1, to = 100]) =>
      (random) =>
        from + Math.floor(random.next() * (to - from + 1)),
  },
  /** Letters and digits, ten unless told. */
  $randomString: {
    fewestArguments: 0,
    mostArguments: 1,
    given:
      ([length = 10]) =>
      (random) =>
        randomText(random, length),
  },
  /** A version 4 UUID. */
  $uuid: { fewestArguments: 0, mostArguments: 0, given: () => uuid },
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

function randomText(random: RandomSource, length: number): string {
  let text = ''
  while (text.length < length) text += alphabet[Math.floor(random.next() * alphabet.length)] ?? ''
  return text
}

const hexWord = (random: RandomSource): string =>
  Math.floor(random.next() * 0x1_0000)
    .toString(16)
    .padStart(4, '0')

/** Source of the layout: RFC 9562, section 5.4. */
function uuid(random: RandomSource): string {
  const words = Array.from({ length: 8 }, () => hexWord(random))
  const [a, b, c, d, e, f, g, h] = words
  const variant = '89ab'[Math.floor(random.next() * 4)] ?? '8'
  return `${a}${b}-${c}-4${d?.slice(1)}-${variant}${e?.slice(1)}-${f}${g}${h}`
}
