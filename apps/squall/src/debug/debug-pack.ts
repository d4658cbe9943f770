import { CodedError, exitCodes, nearestName, type ExitCode } from '@squall/errors'
import type { LoadPlan, ScenarioPlan } from '@squall/load-plan'
import { GeneratorRecorder } from '@squall/metrics'
import { loadPack, packErrors } from '@squall/pack'
import { sleep, systemClock } from '@squall/time'
import { createClientFactories, type CallObserver, type ObservedCall, type VirtualClient } from '@squall/virtual-client'
import { hasColor } from '../run/console.ts'
import { resolvePack } from '../run/resolve-pack.ts'
import { withTarget } from '../run/with-target.ts'
import type { DebugSettings, RunSettings } from '../settings/run-settings.ts'
import { createWirePrinter, formatSeconds } from './wire-printer.ts'

const write = (text: string): void => void process.stdout.write(text)

/** What came of the calls of one client. */
interface Tally {
  calls: number
  failed: number
  /** Whether the target was ever heard of. */
  isReached: boolean
}

/**
 * Runs a scenario with a single client and prints every message; there is no load, no report and no judgement.
 * @returns 3 where a call failed, 6 where the target could not even be reached.
 * @throws CodedError of the pack, and of the server that is started where no target is named.
 */
export async function debugPack(
  pack: string,
  settings: RunSettings,
  debug: DebugSettings,
  stopping: AbortSignal,
): Promise<ExitCode> {
  const loaded = loadPack({
    path: resolvePack(pack),
    environment: settings.environment,
    processEnvironment: process.env,
    overrides: settings.overrides,
    problems: settings.problems,
  })
  const scenario = chooseScenario(loaded.plan.scenarios, debug.scenario)
  const { result } = await withTarget(
    loaded,
    (text) => process.stderr.write(`${text}\n`),
    stopping,
    (plan) => runClient({ ...plan, scenarios: [scenario] }, debug.iterations, stopping),
  )
  write(`\n${result.calls} call${result.calls === 1 ? '' : 's'}, ${result.failed} failed\n`)
  if (stopping.aborted) return exitCodes.stopped
  if (!result.isReached) return exitCodes.targetUnreachable
  return result.failed > 0 ? exitCodes.thresholdBroken : exitCodes.ok
}

/** @throws CodedError PACK_INVALID where none has this name. */
function chooseScenario(scenarios: readonly ScenarioPlan[], name: string | undefined): ScenarioPlan {
  const chosen = name === undefined ? scenarios[0] : scenarios.find((scenario) => scenario.name === name)
  if (chosen !== undefined) return chosen
  const names = scenarios.map((scenario) => scenario.name)
  const nearest = name === undefined ? undefined : nearestName(name, names)
  const problem = { where: '--scenario', value: name, expected: `one of the scenarios ${names.join(', ')}` }
  throw new CodedError(packErrors.PACK_INVALID, {
    message: 'the pack has no such scenario',
    problems: [nearest === undefined ? problem : { ...problem, hint: `did you mean ${nearest}?` }],
  })
}

async function runClient(plan: LoadPlan, iterations: number, stopping: AbortSignal): Promise<Tally> {
  const startMs = systemClock.monotonicMs()
  const say = (text: string): void => write(`${formatSeconds(systemClock.monotonicMs() - startMs)} ${text}\n`)
  const tally: Tally = { calls: 0, failed: 0, isReached: false }
  const tap = createWirePrinter({ startMs, color: hasColor(process.stdout), write })
  const [factory] = createClientFactories(plan, {
    clock: systemClock,
    recorder: new GeneratorRecorder(),
    seed: plan.seed,
    tap,
    log: (line) => say(`· log: ${line}`),
  })
  if (factory === undefined) throw new Error('a plan has at least one scenario')
  const client = factory.create(0, {}, tallyCalls(tally, say))
  say(`· a ${client.clientKind} client of scenario "${factory.scenario}" opens`)
  try {
    await iterate(client, { iterations, say, stopping })
  } finally {
    await client.close()
    say('· the client has left')
  }
  return tally
}

interface Iterations {
  readonly iterations: number
  readonly say: (text: string) => void
  readonly stopping: AbortSignal
}

async function iterate(client: VirtualClient, { iterations, say, stopping }: Iterations): Promise<void> {
  const end = { ending: stopping, cutting: stopping }
  if (!(await client.open(end))) return
  let dueMs = systemClock.monotonicMs()
  for (let iteration = 1; iteration <= iterations && !stopping.aborted; iteration++) {
    say(`· iteration ${iteration} of ${iterations}`)
    const nextMs = (await client.iterate(dueMs, end)) ?? systemClock.monotonicMs()
    const waitMs = nextMs - systemClock.monotonicMs()
    // The wait ends early where the user does not want to go on.
    if (waitMs > 0 && iteration < iterations) await sleep(systemClock, waitMs, stopping).catch(() => undefined)
    dueMs = nextMs
  }
}

function tallyCalls(tally: Tally, say: (text: string) => void): CallObserver {
  return {
    callEnded: ({ request, outcome, errorCode }: ObservedCall) => {
      tally.calls++
      tally.isReached ||= outcome.ok || !/^(?:transport|auth)\./.test(outcome.code)
      const what = request.name === undefined ? request.method : `${request.method} ${request.name}`
      const tookMs = (outcome.doneMs - outcome.sentMs).toFixed(1)
      if (errorCode === undefined) say(`✓ ${what} in ${tookMs} ms`)
      else {
        tally.failed++
        say(`✗ ${what} in ${tookMs} ms: ${errorCode}${outcome.ok ? '' : `, ${outcome.message}`}`)
      }
      return undefined
    },
  }
}
