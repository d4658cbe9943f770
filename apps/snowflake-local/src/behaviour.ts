import type { Problem } from '@squall/errors'
import { durationExpected, parseDuration } from '@squall/time'
import { findFaultProblems, type WarehouseSettings } from '@squall/warehouse'
import type { RawOptions } from './command-line.ts'

/** How the service behaves, as far as options say. */
export interface Behaviour {
  readonly warehouses: Partial<WarehouseSettings>
  /** Options by kind of fault. */
  readonly faults: Readonly<Record<string, unknown>>
  readonly chunkRows: number | undefined
}

type Report = (option: keyof RawOptions, problem: Omit<Problem, 'where'>) => void

/** Reads the options that make the warehouse slow, small or faulty. */
export function readBehaviour(raw: RawOptions, report: Report): Behaviour {
  const slots = readCount(raw, 'slots', report)
  const resumeDelayMs = readDelay(raw, report)
  const latency = readLatency(raw, report)
  return {
    warehouses: { ...(slots !== undefined && { slots }), ...(resumeDelayMs !== undefined && { resumeDelayMs }) },
    faults: { ...(latency && { latency: { rules: [{ delay: latency }] } }), ...readFaults(raw, report) },
    chunkRows: readCount(raw, 'chunkRows', report),
  }
}

function readCount(raw: RawOptions, option: 'slots' | 'chunkRows', report: Report): number | undefined {
  const value = raw[option]
  if (value === undefined) return undefined
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value)
  report(option, { value, expected: 'a whole number from 1 to 999999' })
  return undefined
}

function readDelay({ resumeDelay: value }: RawOptions, report: Report): number | undefined {
  if (value === undefined) return undefined
  const delayMs = parseDuration(value)
  if (delayMs === undefined) report('resumeDelay', { value, expected: durationExpected })
  return delayMs
}

/** `100ms`, `50ms..200ms`, `100ms~0.5`. */
function readLatency({ latency: value }: RawOptions, report: Report): object | undefined {
  if (value === undefined) return undefined
  const [first = '', operator, second = ''] = value.split(/(\.\.|~)/)
  const [ms, maxMs, sigma] = [parseDuration(first), parseDuration(second), Number(second)]
  if (ms !== undefined && operator === undefined) return { ms }
  if (ms !== undefined && operator === '..' && maxMs !== undefined && maxMs >= ms) return { minMs: ms, maxMs }
  if (ms !== undefined && operator === '~' && second !== '' && sigma >= 0 && sigma <= 5) return { medianMs: ms, sigma }
  report('latency', {
    value,
    expected: 'a duration such as 100ms, two as in 50ms..200ms, or a median and sigma (0 to 5) as in 100ms~0.5',
  })
  return undefined
}

function readFaults({ faults: value }: RawOptions, report: Report): Record<string, unknown> {
  if (value === undefined) return {}
  const faults = parseObject(value)
  if (!faults) {
    report('faults', { value, expected: 'a JSON object such as { "throttle": { "ratio": 0.1 } }' })
    return {}
  }
  for (const problem of findFaultProblems(faults)) report('faults', { expected: problem })
  return faults
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
