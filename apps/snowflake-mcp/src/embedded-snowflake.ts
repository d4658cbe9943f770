import { randomBytes } from 'node:crypto'
import { CodedError } from '@squall/errors'
import type { Backend } from '@squall/mcp-server'
import { startProgram, type RunningProgram } from '@squall/program'
import type { SnowflakeOptions } from '@squall/snowflake'
import { sleep, type Clock } from '@squall/time'
import { snowflakeMcpErrors } from './errors.ts'
import type { StartingPoint } from './choose-snowflake.ts'

export interface EmbeddedOptions {
  readonly clock: Clock
  readonly start: StartingPoint
  readonly dataDirectory?: string
  /** Told when it ended by itself, and each time it could not be started again. */
  readonly onTrouble: (message: string) => void
  /** Told when it ended, and when it is there again. */
  readonly onChange?: () => void
  /** Gives up starting it. */
  readonly signal: AbortSignal
}

/** How to reach a Snowflake now. */
export interface Access {
  readonly options: SnowflakeOptions
  /** Aborts when it is gone for good and sessions in it are lost; absent where it cannot be. */
  readonly life?: AbortSignal
}

/** The embedded Snowflake as a child of this process, started again whenever it ends by itself. */
export interface EmbeddedSnowflake extends Backend {
  /** How to sign in to it now. Throws SNOWFLAKE_MCP_EMBEDDED_DOWN while it is being started again. */
  readonly access: () => Access
  readonly stop: () => Promise<void>
}

const entry = new URL('../../snowflake-local/src/main.ts', import.meta.url)
const firstRestartDelayMs = 100
const longestRestartDelayMs = 5000
const graceMs = 1000

/**
 * Starts the embedded Snowflake, with a user and a password nobody else knows.
 * @throws CodedError PROGRAM_DID_NOT_START
 */
export async function startEmbeddedSnowflake(options: EmbeddedOptions): Promise<EmbeddedSnowflake> {
  const { clock, start, onTrouble, signal } = options
  const password = randomBytes(24).toString('base64url')
  const stopping = new AbortController()
  const launch = async (until: AbortSignal): Promise<Generation> => toGeneration(await launchProgram(options, password, until))
  let current: Generation | undefined = await launch(signal)

  const supervise = async (): Promise<void> => {
    while (current !== undefined) {
      await current.program.exited
      if (stopping.signal.aborted) return
      onTrouble(`the embedded Snowflake ended by itself and is started again\n${current.program.recentOutput()}`.trimEnd())
      current = undefined
      options.onChange?.()
      current = await restart()
      options.onChange?.()
    }
  }

  const restart = async (): Promise<Generation | undefined> => {
    for (let delayMs = firstRestartDelayMs; ; delayMs = Math.min(2 * delayMs, longestRestartDelayMs)) {
      try {
        await sleep(clock, delayMs, stopping.signal)
        return await launch(stopping.signal)
      } catch (error) {
        if (stopping.signal.aborted) return undefined
        onTrouble((error as Error).message)
      }
    }
  }

  const supervised = supervise()
  const alive = (): Generation | undefined => (current?.life.aborted === false ? current : undefined)
  return {
    kind: 'embedded',
    account,
    state: () => (alive() === undefined ? 'restarting' : 'up'),
    detail() {
      const pid = alive()?.program.pid
      return pid === undefined ? 'being started again' : `embedded Snowflake with sample data, process ${pid}`
    },
    access() {
      const generation = alive()
      if (generation === undefined) throw new CodedError(snowflakeMcpErrors.SNOWFLAKE_MCP_EMBEDDED_DOWN)
      const { program, life } = generation
      return { options: { account, user, authenticator: 'SNOWFLAKE', password, accessUrl: program.url, ...start }, life }
    },
    async stop() {
      stopping.abort(new Error('stopping'))
      await current?.program.stop(graceMs)
      await supervised
    },
  }
}

/** One process, from its start to its end. */
interface Generation {
  readonly program: RunningProgram
  readonly life: AbortSignal
}

function toGeneration(program: RunningProgram): Generation {
  const life = new AbortController()
  // Detached: the process's end is what the signal is for.
  void program.exited.then(() => life.abort(new Error('the embedded Snowflake ended')))
  return { program, life: life.signal }
}

const account = 'LOCAL'
const user = 'SQUALL_MCP'

function launchProgram({ dataDirectory }: EmbeddedOptions, password: string, signal: AbortSignal): Promise<RunningProgram> {
  const data = dataDirectory === undefined ? [] : ['--data', dataDirectory]
  return startProgram({
    name: 'snowflake-local',
    entry,
    args: ['--host', '127.0.0.1', '--port', '0', ...data],
    env: { SNOWFLAKE_LOCAL_USER: user, SNOWFLAKE_LOCAL_PASSWORD: password },
    signal,
  })
}
