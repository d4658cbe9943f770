import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { descendants, isAlive } from './support/processes.ts'
import { start } from './support/programs.ts'
import { hasWholeReport, readSummary, reportWrittenAtMs } from './support/reports.ts'

/** Matches the progress line of a run that makes load, not the lines before. */
const underLoad = /calls\/s/

interface Stopped {
  readonly code: number | null
  readonly secondsToStop: number
  readonly secondsToReport: number
  readonly leftOver: readonly number[]
}

interface Interruption {
  readonly command: 'squall' | 'nx'
  readonly signal: 'SIGINT' | 'SIGTERM'
  /** The whole process group, as Ctrl-C does, or the command alone. */
  readonly to: 'group' | 'command'
}

/** Starts a minute of load in a process group of its own, signals it when load is under way, and looks at what is left. */
async function stopInMidRun(args: readonly string[], report: string, { command, signal, to }: Interruption): Promise<Stopped> {
  const started = start(command, args, { ownGroup: true })
  await started.printed(underLoad)
  const family = [started.pid, ...descendants(started.pid)]
  onTestFinished(() => family.filter(isAlive).forEach((pid) => process.kill(pid, 'SIGKILL')))
  expect(family.length).toBeGreaterThan(3)
  const signalledAtMs = Date.now()
  if (to === 'group') started.kill(signal)
  else process.kill(started.pid, signal)
  const { code } = await started.ended
  const secondsSince = (atMs: number): number => (atMs - signalledAtMs) / 1000
  return {
    code,
    secondsToStop: secondsSince(Date.now()),
    secondsToReport: secondsSince(reportWrittenAtMs(report)),
    leftOver: family.filter(isAlive),
  }
}

test.each([
  ['SIGINT', 'group'],
  ['SIGINT', 'command'],
  ['SIGTERM', 'command'],
] as const)(
  '%s to the %s of squall leaves a whole report within four seconds, exit code 130 and no process',
  async (signal, to) => {
    const report = temporaryDirectory(onTestFinished)
    const args = ['run', 'light', '--duration', '60s', '--report', report]
    const stopped = await stopInMidRun(args, report, { command: 'squall', signal, to })
    expect(stopped).toMatchObject({ code: 130, leftOver: [] })
    expect(stopped.secondsToStop).toBeLessThan(4)
    expect(hasWholeReport(report)).toBe(true)
    expect(readSummary(report)).toMatchObject({ verdict: 'stopped', totals: { failed: 0 } })
  },
  90_000,
)

test.each([
  ['SIGINT', 'group'],
  ['SIGTERM', 'command'],
] as const)(
  '%s to the %s of Nx leaves a whole report within four seconds and no process',
  async (signal, to) => {
    const report = temporaryDirectory(onTestFinished)
    const args = ['run', 'load:light', '--duration=60s', `--report=${report}`]
    const stopped = await stopInMidRun(args, report, { command: 'nx', signal, to })
    expect(stopped.leftOver).toEqual([])
    // Nx itself takes its time to end; what counts is that the run is over before Nx kills what is left of it.
    expect(stopped.secondsToReport).toBeLessThan(4)
    expect(hasWholeReport(report)).toBe(true)
    expect(readSummary(report)).toMatchObject({ verdict: 'stopped', totals: { failed: 0 } })
  },
  90_000,
)
