import { systemClock } from '@squall/time'
import { neverEnding, type ClientFactory, type EndSignals, type VirtualClient, type Variables } from '@squall/virtual-client'
import type { Context } from './artillery.ts'
import { UserHooks, type UserHooksOptions } from './user-hooks.ts'

/**
 * Runs one virtual user: opens its session, runs the flow once, leaves. Artillery has no way to end one early; a hook that fails does.
 * @returns null, or why the user failed as a whole; failed calls alone are counted, and do not fail it.
 */
export async function runUser(
  factory: ClientFactory,
  index: number,
  context: Context,
  options: UserHooksOptions,
): Promise<Error | null> {
  const hooks = new UserHooks(context, options)
  await hooks.reach('beforeScenario')
  const failure = hooks.ending.aborted ? null : await walk(factory.create(index, variablesOf(context), hooks), hooks.ending)
  if (!hooks.ending.aborted && failure === null) await hooks.reach('afterScenario')
  return hooks.failure ?? failure
}

async function walk(client: VirtualClient, ending: AbortSignal): Promise<Error | null> {
  const end: EndSignals = { ...neverEnding, ending }
  try {
    if (!(await client.open(end))) return new Error('the session could not be opened')
    await client.iterate(systemClock.monotonicMs(), end)
    return null
  } finally {
    await client.close()
  }
}

/**
 * Artillery's variables of this user. The client works on the same object, so that hooks see what steps capture and steps see what
 * hooks set. It is plain data from YAML and CSV, but for entries of Artillery's own, whose names templates cannot write.
 */
const variablesOf = ({ vars }: Context): Variables => vars as Variables
