import type { JsonObject } from '../call-outcome.ts'
import type { McpRequest } from '../mcp-connection.ts'
import { isObject } from '../rpc/message.ts'
import { headerText } from './header-text.ts'

/** An argument that travels in a header as well. */
interface Mirrored {
  /** Where it lies within the arguments. */
  readonly path: readonly string[]
  /** In small letters, with its prefix. */
  readonly header: string
}

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const mirrorable: ReadonlySet<unknown> = new Set(['string', 'integer', 'boolean'])

/**
 * The arguments of tools that a server wants to see in headers, as its tool list annotates them.
 * Source: MCP 2026-07-28, "Transports", custom headers from tool parameters.
 */
export class ToolHeaders {
  readonly #byTool = new Map<string, readonly Mirrored[]>()

  /**
   * Reads the annotations of a tool list.
   * @returns the list without the tools whose annotations break the rules: clients must not call those.
   */
  learn(result: JsonObject): JsonObject {
    const tools: readonly unknown[] = Array.isArray(result['tools']) ? result['tools'] : []
    const valid = tools.filter((tool) => this.#learnTool(tool))
    return valid.length === tools.length ? result : { ...result, tools: valid }
  }

  /** The headers that one call adds, as names and values in turn; undefined where its tool asks for none. */
  headersFor({ method, name = '', paramsJson }: McpRequest): readonly string[] | undefined {
    const mirrored = method === 'tools/call' ? this.#byTool.get(name) : undefined
    if (mirrored === undefined) return undefined
    const params: unknown = JSON.parse(paramsJson)
    const args = isObject(params) ? params['arguments'] : undefined
    return mirrored.flatMap(({ path, header }) => {
      const value = path.reduce<unknown>((outer, key) => (isObject(outer) ? outer[key] : undefined), args)
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? [header, headerText(String(value))]
        : []
    })
  }

  #learnTool(tool: unknown): boolean {
    if (!isObject(tool) || typeof tool['name'] !== 'string') return true
    this.#byTool.delete(tool['name'])
    const mirrored = readAnnotations(tool['inputSchema'])
    if (mirrored === undefined) return false
    if (mirrored.length > 0) this.#byTool.set(tool['name'], mirrored)
    return true
  }
}

/** @returns undefined where an annotation breaks the rules: not a token, not on a plain value, or given twice. */
function readAnnotations(schema: unknown): readonly Mirrored[] | undefined {
  const found = [...annotationsIn(schema, [])]
  const names = new Set(found.map(({ name }) => String(name).toLowerCase()))
  const areValid = found.every(({ name, type }) => typeof name === 'string' && token.test(name) && mirrorable.has(type))
  if (!areValid || names.size < found.length) return undefined
  return found.map(({ path, name }) => ({ path, header: `mcp-param-${String(name).toLowerCase()}` }))
}

interface Annotation {
  readonly path: readonly string[]
  readonly name: unknown
  readonly type: unknown
}

/** No tool has arguments within so many others; what a server nests deeper than that is not looked at. */
const deepestPath = 64

/** Only properties within properties: what lies in a list or behind a reference has no one value. */
function* annotationsIn(schema: unknown, path: readonly string[]): Generator<Annotation> {
  if (path.length >= deepestPath) return
  const properties = isObject(schema) ? schema['properties'] : undefined
  for (const [key, property] of isObject(properties) ? Object.entries(properties) : []) {
    if (!isObject(property)) continue
    const inside = [...path, key]
    if ('x-mcp-header' in property) yield { path: inside, name: property['x-mcp-header'], type: property['type'] }
    yield* annotationsIn(property, inside)
  }
}
