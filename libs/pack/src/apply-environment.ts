import type { Json } from '@squall/load-plan'

export type JsonObject = { readonly [key: string]: Json }

/** The pack's configuration with one of its environments laid over it: objects are merged, everything else is replaced. */
export function applyEnvironment(config: JsonObject, environment: JsonObject): JsonObject {
  const laid = Object.entries(environment).map(([key, value]) => {
    const below = Object.hasOwn(config, key) ? config[key] : undefined
    return [key, isObject(below) && isObject(value) ? applyEnvironment(below, value) : value] as const
  })
  return Object.fromEntries([...Object.entries(config), ...laid])
}

/** A mapping, not a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
