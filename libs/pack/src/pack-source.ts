import { CodedError, type Problem } from '@squall/errors'
import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, visit, type Document, type Node, type Pair } from 'yaml'
import { packErrors } from './errors.ts'
import { isInexactInteger } from './inexact-integer.ts'
import { toKeyPath, type KeyPath } from './key-path.ts'

/** A pack's text with the place of every key, for messages. YAML 1.2, of which JSON is a part, with the merge keys that Artillery's reader knows. */
export class PackSource {
  readonly #file: string
  readonly #document: Document
  readonly #lines: LineCounter

  /**
   * @param file its name in messages.
   * @throws CodedError PACK_UNREADABLE with every place that is not well-formed.
   */
  constructor(file: string, text: string) {
    this.#file = file
    this.#lines = new LineCounter()
    // Without the types of YAML 1.1, whatever the text says of itself: a set or a date is nothing that could be sent.
    const options = { merge: true, schema: 'core', resolveKnownTags: false, prettyErrors: false } as const
    this.#document = parseDocument(text, { ...options, lineCounter: this.#lines })
    const { errors, warnings } = this.#document
    const problems = [...errors, ...warnings].map(({ pos: [offset], message }): Problem => ({
      where: this.#at(offset),
      expected: 'well-formed YAML or JSON',
      hint: inPlainWords(message),
    }))
    problems.push(...this.#oddKeys())
    if (problems.length > 0) throw new CodedError(packErrors.PACK_UNREADABLE, { message: `${file} is not well-formed`, problems })
  }

  /**
   * The whole pack as plain data, aliases and merges resolved.
   * @throws CodedError PACK_UNREADABLE where an alias names nothing or itself, or aliases within aliases grow beyond measure.
   */
  toValue(): unknown {
    const refusal = (why: string, cause?: unknown): CodedError =>
      new CodedError(packErrors.PACK_UNREADABLE, { message: `${this.#file} is not well-formed: ${why}`, cause })
    let value: unknown
    try {
      value = this.#document.toJS()
    } catch (cause) {
      throw refusal((cause as Error).message, cause)
    }
    if (isCircular(value)) throw refusal('an alias stands within what it stands for')
    return value
  }

  /** Where whole numbers were written that no number can hold. */
  inexactIntegers(): readonly { readonly path: KeyPath; readonly source: string }[] {
    const found: { path: KeyPath; source: string }[] = []
    visit(this.#document, {
      Scalar: (_, scalar, ancestors) => {
        const { value, source = '' } = scalar
        if (typeof value !== 'number' || !isInexactInteger(value, source)) return
        const way = [...ancestors, scalar]
        found.push({ path: way.flatMap((node, at) => keyWithin(node, way[at + 1]) ?? []), source })
      },
    })
    return found
  }

  has(path: KeyPath): boolean {
    return this.#document.hasIn(path)
  }

  /** `pack.yml:12:5 config.squall.clients`: the key itself, or the nearest thing around it where it is missing. */
  locate(path: KeyPath): string {
    const position = this.#at(this.#offset(path))
    return path.length === 0 ? position : `${position} ${toKeyPath(path)}`
  }

  #oddKeys(): Problem[] {
    const problems: Problem[] = []
    visit(this.#document, {
      Pair: (_, { key }) => {
        if (!isMap(key) && !isSeq(key)) return
        problems.push({ where: this.#at(startOf(key) ?? 0), expected: 'a text as key', hint: 'lists and mappings are no keys' })
      },
    })
    return problems
  }

  #at(offset: number): string {
    const { line, col } = this.#lines.linePos(offset)
    return `${this.#file}:${line}:${col}`
  }

  #offset(path: KeyPath): number {
    let node: unknown = this.#document.contents
    let offset = startOf(this.#document.contents) ?? 0
    for (const key of path) {
      const found = memberOf(node, key)
      if (found === undefined) break
      offset = found.offset ?? offset
      node = found.node
    }
    return offset
  }
}

/** The key under which a node stands in what holds it: a pair in a mapping, or an item of a list. */
function keyWithin(holder: unknown, inner: unknown): string | number | undefined {
  if (isSeq(holder)) return holder.items.indexOf(inner)
  return isPair(holder) && isScalar(holder.key) ? String(holder.key.value) : undefined
}

interface Member {
  readonly offset: number | undefined
  readonly node: unknown
}

function memberOf(node: unknown, key: string | number): Member | undefined {
  if (isMap(node)) {
    const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key)) as
      | Pair<Node, Node>
      | undefined
    return pair && { offset: startOf(pair.key), node: pair.value }
  }
  const item = isSeq(node) && typeof key === 'number' ? node.items[key] : undefined
  return item === undefined ? undefined : { offset: startOf(item as Node), node: item }
}

const startOf = (node: Node | null): number | undefined => node?.range?.[0]

function isCircular(value: unknown, within: ReadonlySet<unknown> = new Set()): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (within.has(value)) return true
  const inside = new Set(within).add(value)
  return Object.values(value).some((member) => isCircular(member, inside))
}

/** What the parser says to those who write programs with it. */
function inPlainWords(message: string): string {
  if (message.includes('call stack')) return 'it is nested too deeply'
  return message.startsWith('Source contains multiple documents') ? 'a pack is one document, without a second "---"' : message
}
