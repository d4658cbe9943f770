import { CodedError, exitCodes, type ExitCode, type Problem } from '@squall/errors'
import type { LoadPlan } from '@squall/load-plan'
import { GeneratorRecorder } from '@squall/metrics'
import { loadPack, packErrors, type LoadedPack } from '@squall/pack'
import { systemClock } from '@squall/time'
import { createClientFactories } from '@squall/virtual-client'
import { resolvePack } from '../run/resolve-pack.ts'
import type { RunSettings } from '../settings/run-settings.ts'
import { listTools } from '../target/list-tools.ts'
import { withTargetSession } from '../target/target-session.ts'
import { checkToolCalls, type ToolFindings } from './check-tool-calls.ts'
import { describePlan } from './describe-plan.ts'
import { toolCallsOf } from './tool-calls.ts'

/**
 * Finds everything about a pack that can be found without load, and says what a run of it will do. Where the user names a target,
 * its server is asked for its tools too.
 * @throws CodedError with all problems at once; of the target, where it cannot be asked.
 */
export async function checkPack(pack: string, settings: RunSettings, stopping: AbortSignal): Promise<ExitCode> {
  const path = resolvePack(pack)
  const loaded = loadPack({
    path,
    environment: settings.environment,
    processEnvironment: process.env,
    overrides: settings.overrides,
    problems: settings.problems,
  })
  // What the generators do before load, so that they have nothing to object to later.
  createClientFactories(
    { ...loaded.plan, target: loaded.target ?? '' },
    { clock: systemClock, recorder: new GeneratorRecorder(), seed: 1 },
  )
  const isToAsk = settings.overrides.target !== undefined
  const found = isToAsk ? await askTarget(loaded, stopping) : undefined
  if (found && found.problems.length > 0) throw refusal(loaded.plan, found.problems)
  const asked = found ? ', and the server has every tool it calls' : ''
  for (const note of [...loaded.notes, ...(found?.notes ?? [])]) process.stderr.write(`note: ${note}\n`)
  process.stdout.write(`${loaded.plan.name}: nothing is wrong with it${asked}\n\n${describePlan(loaded.plan, loaded.target)}\n`)
  return exitCodes.ok
}

async function askTarget({ plan, target, locate }: LoadedPack, stopping: AbortSignal): Promise<ToolFindings> {
  const whole: LoadPlan = { ...plan, target: target ?? '' }
  return withTargetSession(whole, stopping, async (session) =>
    checkToolCalls(toolCallsOf(plan), await listTools(session), locate),
  )
}

function refusal({ name }: Omit<LoadPlan, 'target'>, problems: readonly Problem[]): CodedError {
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`
  return new CodedError(packErrors.PACK_INVALID, { message: `${name} does not fit the server: ${count}`, problems })
}
