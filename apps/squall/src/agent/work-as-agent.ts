import { exitCodes, type ExitCode } from '@squall/errors'
import { runAgent } from '@squall/fabric'
import { shownTarget } from '@squall/load-plan'
import type { AgentSettings } from '../settings/agent-settings.ts'
import { squallVersion } from '../squall-version.ts'

const generator = new URL('../generator.ts', import.meta.url)
const say = (text: string): void => void process.stderr.write(`${text}\n`)

/**
 * Makes load for whoever asks through Redis, until the program is stopped.
 * @throws CodedError where that Redis cannot be used.
 */
export async function workAsAgent(settings: AgentSettings, stopping: AbortSignal): Promise<ExitCode> {
  const { url, secret, workers, allowTargets } = settings
  const onReady = (agent: string): void => {
    const open = secret === undefined ? '; without SQUALL_FABRIC_SECRET it obeys whoever can write there' : ''
    say(`agent ${agent} waits for runs at ${shownTarget(url)}, with ${workers} worker${workers === 1 ? '' : 's'}${open}`)
  }
  await runAgent({ url, secret, workers, allowTargets, squallVersion, generator, say, onReady, stopping })
  return exitCodes.stopped
}
