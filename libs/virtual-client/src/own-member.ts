// oxlint-disable-next-line typescript/unbound-method -- always called with the value as its `this`
const isOwnAndListed = Object.prototype.propertyIsEnumerable

/**
 * Reads one member of a value that came from a file or a server: an array by index, an object by name.
 * Nothing is ever read from a prototype, nor an array's length, since neither was written there.
 */
export function ownMember(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null || !isOwnAndListed.call(value, key)) return undefined
  // The key was just found.
  return (value as Record<PropertyKey, unknown>)[key]
}

const index = /^(?:0|[1-9]\d{0,8})$/

/** As `ownMember` of one key, which is looked at once: for places that are read in every answer. */
export function memberReader(key: string): (value: unknown) => unknown {
  const at = index.test(key) ? Number(key) : -1
  return (value) => {
    if (typeof value !== 'object' || value === null) return undefined
    if (Array.isArray(value)) return at >= 0 && at < value.length ? (value[at] as unknown) : undefined
    // The key was just found.
    return Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined
  }
}
