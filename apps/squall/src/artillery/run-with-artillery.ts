import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { toRunInfo, type RunOutcome } from '@squall/controller'
import { CodedError } from '@squall/errors'
import { planDurationMs, type LoadPlan } from '@squall/load-plan'
import { writeReport } from '@squall/report'
import { systemClock } from '@squall/time'
import { squallErrors } from '../errors.ts'
import { squallVersion } from '../squall-version.ts'
import { readArtilleryReport, type ArtilleryReport } from './artillery-report.ts'
import { locateArtillery } from './locate-artillery.ts'
import { runProgramToEnd, type EndedProgram } from './run-program-to-end.ts'
import { toArtilleryPhases } from './to-artillery-phases.ts'
import { summariseArtillery } from './to-summary.ts'

export interface ArtilleryRequest {
  readonly packFile: string
  readonly environment: string | undefined
  readonly plan: LoadPlan
  readonly reportDirectory: string
  readonly signal: AbortSignal
  /** Artillery's own progress, as it prints it. */
  readonly onOutput: (text: string) => void
}

/** Nobody who checks a pack before a run has to start anything for this. @throws CodedError SQUALL_RUNNER_CANNOT, SQUALL_NO_ARTILLERY */
export function checkArtillery({ packFile, model }: { readonly packFile: string; readonly model: LoadPlan['model'] }): void {
  toArtilleryPhases(model)
  locateArtillery(packFile)
}

/**
 * Runs a pack under the stock Artillery that is installed, and reports its numbers as Squall's own.
 * @throws CodedError SQUALL_RUNNER_CANNOT, SQUALL_NO_ARTILLERY, SQUALL_ARTILLERY_FAILED; SQUALL_ARTILLERY_STOPPED where the signal aborts while
 * Artillery runs, which leaves no report then, and the signal's reason where it has aborted before.
 */
export async function runWithArtillery(request: ArtilleryRequest): Promise<RunOutcome> {
  const { plan, signal } = request
  const startAtWallMs = systemClock.wallMs()
  const scratch = mkdtempSync(join(tmpdir(), 'squall-artillery-'))
  try {
    const output = join(scratch, 'report.json')
    const ended = await runProgramToEnd(process.execPath, argumentsFor(request, output), { env: environmentOf(), ...request })
    if (signal.aborted) throw new CodedError(squallErrors.SQUALL_ARTILLERY_STOPPED)
    const report = readReport(output, ended)
    const info = toRunInfo({
      runId: randomUUID(),
      plan,
      workers: Math.max(1, availableParallelism() - 1),
      fabric: 'local',
      squallVersion,
      startAtWallMs: report.aggregate.firstMetricAt ?? startAtWallMs,
      loadSeconds: planDurationMs(plan) / 1000,
      planSeconds: planDurationMs(plan) / 1000,
    })
    const { summary, exitCode } = summariseArtillery({
      plan,
      run: { ...info, runner: 'artillery' },
      report,
      exitCode: ended.code,
    })
    return { summary, exitCode, notes, files: await writeReport(request.reportDirectory, summary) }
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

const notes = [
  'run by stock Artillery: times are service times, in windows of ten seconds; it tells nothing of client kinds, phases and its own load',
]

function argumentsFor({ packFile, environment, plan }: ArtilleryRequest, output: string): string[] {
  const overrides = JSON.stringify({ config: { phases: toArtilleryPhases(plan.model) } })
  const named = environment === undefined ? [] : ['--environment', environment]
  return [
    locateArtillery(packFile),
    'run',
    '--target',
    plan.target,
    '--output',
    output,
    '--overrides',
    overrides,
    ...named,
    packFile,
  ]
}

/** In the workspace the engine runs from its sources, as Squall itself does. */
function environmentOf(): NodeJS.ProcessEnv {
  const conditions = process.execArgv.filter((argument) => argument.startsWith('--conditions='))
  const options = [process.env['NODE_OPTIONS'] ?? '', ...conditions].join(' ').trim()
  return { ...process.env, ARTILLERY_DISABLE_TELEMETRY: 'true', ...(options !== '' && { NODE_OPTIONS: options }) }
}

function readReport(path: string, { code, recentOutput }: EndedProgram): ArtilleryReport {
  try {
    return readArtilleryReport(path)
  } catch (cause) {
    const message = `Artillery ended with exit code ${code} and left no report: ${recentOutput.trim()}`
    throw new CodedError(squallErrors.SQUALL_ARTILLERY_FAILED, { message, cause })
  }
}
