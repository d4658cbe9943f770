import { thrownText } from '@squall/errors'
import type { Json } from '@squall/load-plan'

/** A variable holds what cannot be sent, such as a BigInt or a circle. Packs cannot write such a thing; a function of the user's can set it. */
export class UnwritableValue extends Error {}

/**
 * @param template where the value stands, for the message.
 * @throws UnwritableValue where it is no JSON after all.
 */
export function writeJson(value: Json | undefined, template: string): string {
  let reason = `it holds a ${typeof value}`
  try {
    // Of a function, and of what else is no JSON, it makes nothing, whatever its type says.
    const text = JSON.stringify(value ?? null) as string | undefined
    if (text !== undefined) return text
  } catch (error) {
    reason = thrownText(error)
  }
  throw new UnwritableValue(`${template} is no JSON: ${reason.split('\n')[0]}`)
}
