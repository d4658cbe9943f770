import { createRequire } from 'node:module'
import type { Json, LoadPlan } from '@squall/load-plan'
import type { JsonObject } from '@squall/mcp-wire'
import { CodedError, thrownText } from '@squall/errors'
import { virtualClientErrors } from './errors.ts'
import type { Variables } from './templates/template-scope.ts'

/** What a call made by a function came to. */
export interface FunctionCall {
  /** The result; undefined where the call failed, which was recorded like any other failure. */
  readonly result: JsonObject | undefined
}

/** What a `function` step hands to the user's function. */
export interface FunctionContext {
  /** Those of the client: read them, and set what later steps are to find. Values must be JSON. */
  readonly variables: Variables
  /** The same, under Artillery's name. */
  readonly vars: Variables
  /** Calls a tool on the client's session; recorded like any other call. */
  readonly call: (tool: string, args?: Readonly<Record<string, Json>>) => Promise<FunctionCall>
  /** Aborts when the run ends: whatever takes long should heed it. */
  readonly signal: AbortSignal
  /** A number in [0, 1) of the client's own, the same under the same seed. */
  readonly random: () => number
  readonly log: (text: string) => void
}

/**
 * A function of a pack's processor. What it returns is awaited and thrown away; what it throws is the outcome `function.failed`, as
 * is one that is not done after the time a request may take, its own calls not counted.
 */
export type PackFunction = (context: FunctionContext) => unknown

export type PackFunctions = Readonly<Record<string, PackFunction>>

/**
 * Loads the functions of a plan's processor, if it has one.
 * @throws CodedError `CLIENT_PROCESSOR_UNREADABLE` where the module cannot be loaded.
 */
export function loadPackFunctions({ processor }: Pick<LoadPlan, 'processor'>): PackFunctions {
  if (processor === undefined) return {}
  try {
    const module: unknown = createRequire(processor)(processor)
    return isObject(module) ? functionsOf(withDefault(module)) : {}
  } catch (cause) {
    const message = `${processor} cannot be loaded: ${thrownText(cause)}`
    throw new CodedError(virtualClientErrors.CLIENT_PROCESSOR_UNREADABLE, { message, cause })
  }
}

/** As stock Artillery does: what a default export holds counts, too. */
const withDefault = (module: object): Readonly<Record<string, unknown>> => ({
  ...('default' in module && isObject(module.default) ? module.default : {}),
  ...module,
})

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** The function of a name, if there is one; what every object has is none of the pack's. */
export const ownFunction = (functions: PackFunctions, name: string): PackFunction | undefined =>
  Object.hasOwn(functions, name) ? functions[name] : undefined

/** What of a module's exports, or of another host's collection, can be called. */
export function functionsOf(exported: Readonly<Record<string, unknown>>): PackFunctions {
  const entries = Object.entries(exported).filter((entry): entry is [string, PackFunction] => typeof entry[1] === 'function')
  return Object.fromEntries(entries)
}
