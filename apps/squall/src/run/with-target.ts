import type { LoadPlan } from '@squall/load-plan'
import type { LoadedPack } from '@squall/pack'
import { startEmbeddedServer } from './embedded-server.ts'

/** A stopped run has four seconds in all, and load is over by now. */
const serverGraceMs = 1_000

/** What came of it, and what a person should know of the server that was started for it. */
export interface Used<T> {
  readonly result: T
  readonly notes: readonly string[]
}

/**
 * Uses the target that is named, or a server that is started for this and stopped after it.
 * @param say told what is being done meanwhile.
 * @throws CodedError SQUALL_SERVER_DID_NOT_START; whatever `use` throws.
 */
export async function withTarget<T>(
  { plan, target }: Pick<LoadedPack, 'plan' | 'target'>,
  say: (text: string) => void,
  stopping: AbortSignal,
  use: (plan: LoadPlan) => Promise<T>,
): Promise<Used<T>> {
  if (target !== undefined) return { result: await use({ ...plan, target }), notes: [] }
  say('no target is named: starting the Snowflake MCP server')
  const server = await startEmbeddedServer(stopping)
  say(`started ${server.url}`)
  try {
    const result = await use({ ...plan, target: server.url })
    return { result, notes: server.hasExited() ? [`the server ended during the run: ${server.recentOutput().trim()}`] : [] }
  } finally {
    await server.stop(serverGraceMs)
  }
}
