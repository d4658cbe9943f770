import { memberReader } from './own-member.ts'

/** Reads one place in an answer; undefined where it does not exist. */
export type JsonPath = (root: unknown) => unknown

const wholePattern = /^\$(?:\.[\w$-]+|\[(?:\d+|'[^']*'|"[^"]*")\])*$/
const keyPattern = /\.([\w$-]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/g

export const expectedJsonPath = 'a path to one place, such as $.content[0].text or $["a name"].id'

/**
 * Compiles the part of JSONPath (RFC 9535) that names exactly one place: members and indexes, no wildcards or filters.
 * @returns undefined where the text is no such path.
 */
export function compileJsonPath(path: string): JsonPath | undefined {
  if (!wholePattern.test(path)) return undefined
  const readers = [...path.matchAll(keyPattern)].map(([, member, index, single, double]) =>
    memberReader(member ?? index ?? single ?? double ?? ''),
  )
  return (root) => {
    let value = root
    for (const read of readers) value = read(value)
    return value
  }
}
