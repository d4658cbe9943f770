import type { Json } from '@squall/load-plan'
import { systemClock } from '@squall/time'
import { neverEnding, type ClientFactory, type Variables } from '@squall/virtual-client'
import type { Context } from './artillery.ts'

/**
 * Runs one virtual user: opens its session, runs the flow once, leaves. Artillery has no way to end one early.
 * @returns null, or why the user failed as a whole; failed calls alone are counted, and do not fail it.
 */
export async function runUser(factory: ClientFactory, index: number, context: Context): Promise<Error | null> {
  const client = factory.create(index, toVariables(context))
  try {
    if (!(await client.open(neverEnding))) return new Error('the session could not be opened')
    await client.iterate(systemClock.monotonicMs(), neverEnding)
    return null
  } finally {
    await client.close()
  }
}

/** Artillery's variables of this user, without those it adds for its own template functions. */
function toVariables({ vars }: Context): Variables {
  const own = Object.entries(vars).filter(([name, value]) => !name.startsWith('$') && typeof value !== 'function')
  // From YAML and CSV, so plain data.
  return Object.fromEntries(own) as Record<string, Json>
}
