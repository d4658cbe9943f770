import type { Json } from '@squall/load-plan'

export type JsonObject = { readonly [key: string]: Json }

/** The pack's configuration with one of its environments laid over it: objects are merged, everything else is replaced. */
export function applyEnvironment(config: JsonObject, environment: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...config }
  for (const [key, value] of Object.entries(environment)) {
    const below = merged[key]
    merged[key] = isObject(below) && isObject(value) ? applyEnvironment(below, value) : value
  }
  return merged
}

/** A mapping, not a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
