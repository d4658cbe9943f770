/**
 * JSON text of what came from a server; undefined where that is nested too deep: parsing takes any depth, writing does not.
 * @param space as `JSON.stringify` takes it.
 */
export function writtenJson(value: unknown, space?: number): string | undefined {
  try {
    return JSON.stringify(value, undefined, space)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
