import { parseArgs } from 'node:util'

export interface BenchmarkSettings {
  readonly rounds: number
  /** Of each contender in each round, warm-up aside. */
  readonly measuredSeconds: number
  /** Only what is named so, or in part so: a client of the generator benchmark, a tool of the server's. */
  readonly only: string
}

/** Reads `--rounds N --seconds N --only NAME`. @throws Error for anything else. */
export function readSettings(defaults: Omit<BenchmarkSettings, 'only'>): BenchmarkSettings {
  const { values } = parseArgs({ options: { rounds: { type: 'string' }, seconds: { type: 'string' }, only: { type: 'string' } } })
  return {
    rounds: atLeastOne('--rounds', values.rounds) ?? defaults.rounds,
    measuredSeconds: atLeastOne('--seconds', values.seconds) ?? defaults.measuredSeconds,
    only: values.only ?? '',
  }
}

function atLeastOne(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`${option} ${text}: expected a whole number from 1`)
  return value
}
