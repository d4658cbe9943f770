import { seededRandom, type RandomSource } from '@squall/time'

/** So many are drawn and sorted at once, at the leaves of the tree. */
const leafSize = 128

interface Span {
  /** Number of the node in the tree, as in a binary heap: the root is 1, the children of n are 2n and 2n + 1. */
  readonly node: number
  readonly firstIndex: number
  readonly count: number
  readonly from: number
  readonly to: number
}

/**
 * `count` independent uniform numbers in [0, 1) in ascending order, any of them found by its index without the others: the middle one of n
 * uniforms is drawn from its Beta distribution, and those on either side of it are again uniform.
 * Source: Devroye, "Non-Uniform Random Variate Generation", 1986, section V.3 (order statistics by recursive splitting).
 */
export class UniformOrder {
  readonly #count: number
  readonly #seed: number
  #leaf: { readonly firstIndex: number; readonly values: readonly number[] } = { firstIndex: 0, values: [] }

  constructor(count: number, seed: number) {
    this.#count = count
    this.#seed = seed
  }

  /** @param index a whole number from 0 to `count` - 1. */
  at(index: number): number {
    const known = this.#leaf.values[index - this.#leaf.firstIndex]
    if (known !== undefined) return known
    let span: Span = { node: 1, firstIndex: 0, count: this.#count, from: 0, to: 1 }
    while (span.count > leafSize) {
      const middle = this.#middleOf(span)
      if (index === span.firstIndex + middle.offset) return middle.value
      span = index < span.firstIndex + middle.offset ? leftOf(span, middle) : rightOf(span, middle)
    }
    this.#leaf = { firstIndex: span.firstIndex, values: this.#valuesOf(span) }
    return this.#leaf.values[index - span.firstIndex] ?? span.to
  }

  #middleOf(span: Span): { readonly offset: number; readonly value: number } {
    const offset = Math.floor(span.count / 2)
    const share = beta(seededRandom(this.#seed, span.node), offset + 1, span.count - offset)
    return { offset, value: span.from + (span.to - span.from) * share }
  }

  #valuesOf(span: Span): number[] {
    const random = seededRandom(this.#seed, span.node)
    const values = Array.from({ length: span.count }, () => span.from + (span.to - span.from) * random.next())
    return values.toSorted((a, b) => a - b)
  }
}

const leftOf = (span: Span, middle: { readonly offset: number; readonly value: number }): Span => ({
  ...span,
  node: span.node * 2,
  count: middle.offset,
  to: middle.value,
})

const rightOf = (span: Span, middle: { readonly offset: number; readonly value: number }): Span => ({
  node: span.node * 2 + 1,
  firstIndex: span.firstIndex + middle.offset + 1,
  count: span.count - middle.offset - 1,
  from: middle.value,
  to: span.to,
})

function beta(random: RandomSource, a: number, b: number): number {
  const x = gamma(random, a)
  return x / (x + gamma(random, b))
}

/**
 * A number of the Gamma distribution with scale 1.
 * Source: Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 26(3), 2000.
 * @param shape at least 1.
 */
function gamma(random: RandomSource, shape: number): number {
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal(random)
    const v = (1 + c * x) ** 3
    if (v > 0 && Math.log(1 - random.next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}

/** Source: Box and Muller, "A note on the generation of random normal deviates", 1958. */
function normal(random: RandomSource): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}
