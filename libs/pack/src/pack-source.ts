import { CodedError, type Problem } from '@squall/errors'
import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node, type Pair } from 'yaml'
import { packErrors } from './errors.ts'
import { toKeyPath, type KeyPath } from './key-path.ts'

/** A pack's text with the place of every key, for messages. YAML 1.2, of which JSON is a part. */
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
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false })
    const problems = this.#document.errors.map(({ pos: [offset], message }): Problem => ({
      where: this.#at(offset),
      expected: 'well-formed YAML or JSON',
      hint: message,
    }))
    if (problems.length > 0) throw new CodedError(packErrors.PACK_UNREADABLE, { message: `${file} is not well-formed`, problems })
  }

  /**
   * The whole pack as plain data, aliases and merges resolved.
   * @throws CodedError PACK_UNREADABLE where an alias names nothing, or aliases within aliases grow beyond measure.
   */
  toValue(): unknown {
    try {
      return this.#document.toJS()
    } catch (cause) {
      const message = `${this.#file} is not well-formed: ${(cause as Error).message}`
      throw new CodedError(packErrors.PACK_UNREADABLE, { message, cause })
    }
  }

  has(path: KeyPath): boolean {
    return this.#document.hasIn(path)
  }

  /** `pack.yml:12:5 config.squall.clients`: the key itself, or the nearest thing around it where it is missing. */
  locate(path: KeyPath): string {
    const position = this.#at(this.#offset(path))
    return path.length === 0 ? position : `${position} ${toKeyPath(path)}`
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
