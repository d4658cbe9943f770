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
