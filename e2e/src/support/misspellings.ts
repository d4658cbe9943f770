/** A value with one field too many, of a kind that no field, and no entry of a map of texts or numbers, may have. */
export interface Misspelling<T> {
  /** Where the field was added, such as `/spec/template`. */
  readonly path: string
  readonly value: T
}

const extra = { surelyNoField: { nor: ['this'] } }

/** For every object in a value, a copy with a field that nobody knows: what a strict check has to find, all of them. */
export function misspellings<T>(value: T, path = ''): Misspelling<T>[] {
  if (typeof value !== 'object' || value === null) return []
  const deeper = Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    misspellings(inner, `${path}/${key}`).map((found) => ({ path: found.path, value: replaced(value, key, found.value) })),
  )
  return Array.isArray(value) ? deeper : [{ path, value: { ...value, ...extra } }, ...deeper]
}

function replaced<T extends object>(value: T, key: string, inner: unknown): T {
  // A copy of the same shape; only the one entry differs.
  return (
    Array.isArray(value) ? value.map((old: unknown, index) => (String(index) === key ? inner : old)) : { ...value, [key]: inner }
  ) as T
}
