import { expect, test } from 'vitest'
import { descendants, isAlive } from './support/processes.ts'
import { start } from './support/programs.ts'
import { hasWholeReport, readSummary, scratchDirectory } from './support/reports.ts'

/** Matches the progress line of a run that makes load, not the lines before. */
const underLoad = /calls\/s/

interface Stopped {
  readonly code: number | null
  readonly secondsToStop: number
  readonly leftOver: readonly number[]
}

/** Starts a minute of load in a process group of its own, signals it when load is under way, and looks at what is left. */
async function stopInMidRun(
  command: string,
  args: readonly string[],
  signal: 'SIGINT' | 'SIGTERM',
  whole: boolean,
): Promise<Stopped> {
  const started = start(command, args, { ownGroup: true })
  await started.printed(underLoad)
  const family = [started.pid, ...descendants(started.pid)]
  expect(family.length).toBeGreaterThan(3)
  const signalledAt = performance.now()
  if (whole) started.kill(signal)
  else process.kill(started.pid, signal)
  const { code } = await started.ended
  return { code, secondsToStop: (performance.now() - signalledAt) / 1000, leftOver: family.filter(isAlive) }
}

test.each([
  ['SIGINT', 'the whole group, as Ctrl-C does', true],
  ['SIGINT', 'squall alone', false],
  ['SIGTERM', 'squall alone', false],
] as const)(
  '%s to %s leaves a whole report within four seconds, exit code 130 and no process',
  async (signal, _to, whole) => {
    const report = scratchDirectory()
    const stopped = await stopInMidRun('squall', ['run', 'light', '--duration', '60s', '--report', report], signal, whole)
    expect(stopped).toMatchObject({ code: 130, leftOver: [] })
    expect(stopped.secondsToStop).toBeLessThan(4)
    expect(hasWholeReport(report)).toBe(true)
    expect(readSummary(report)).toMatchObject({ verdict: 'stopped', totals: { failed: 0 } })
  },
  90_000,
)

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s to Nx leaves a whole report and no process',
  async (signal) => {
    const report = scratchDirectory()
    const args = ['run', 'load:light', '--duration=60s', `--report=${report}`]
    const stopped = await stopInMidRun('nx', args, signal, signal === 'SIGINT')
    expect(stopped.leftOver).toEqual([])
    expect(stopped.secondsToStop).toBeLessThan(5)
    expect(hasWholeReport(report)).toBe(true)
    expect(readSummary(report)).toMatchObject({ verdict: 'stopped', totals: { failed: 0 } })
  },
  90_000,
)
