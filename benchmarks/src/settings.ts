import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

export interface BenchmarkSettings {
  readonly rounds: number
  /** Of each contender in each round, warm-up aside. */
  readonly measuredSeconds: number
  /** Only what is named so, or in part so: a comparison of the generator's benchmarks, a tool of the server's. */
  readonly only: string
  /** How many clients to measure memory with. */
  readonly clients?: number
  /** Contenders to leave out. */
  readonly without: readonly string[]
  /** File to write the figures and verdicts to, as JSON. */
  readonly save?: string
}

const options = {
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  clients: { type: 'string' },
  only: { type: 'string' },
  without: { type: 'string' },
  save: { type: 'string' },
  profile: { type: 'string' },
} as const

/**
 * Reads `--rounds N --seconds N --clients N --only NAME --without NAME,NAME --save FILE --profile DIRECTORY`.
 * With the last, all programs started from here on write a CPU profile when they end.
 * @throws Error for anything else.
 */
export function readSettings(defaults: Pick<BenchmarkSettings, 'rounds' | 'measuredSeconds'>): BenchmarkSettings {
  const { values } = parseArgs({ options })
  if (values.profile !== undefined) profileProgramsInto(values.profile)
  return {
    rounds: atLeastOne('--rounds', values.rounds) ?? defaults.rounds,
    measuredSeconds: atLeastOne('--seconds', values.seconds) ?? defaults.measuredSeconds,
    only: values.only ?? '',
    without: values.without?.split(',') ?? [],
    ...(values.clients !== undefined && { clients: Number(values.clients) }),
    ...(values.save !== undefined && { save: resolve(values.save) }),
  }
}

function atLeastOne(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`${option} ${text}: expected a whole number from 1`)
  return value
}

function profileProgramsInto(directory: string): void {
  const { NODE_OPTIONS = '' } = process.env
  process.env['NODE_OPTIONS'] = `${NODE_OPTIONS} --cpu-prof --cpu-prof-dir=${resolve(directory)}`
}
