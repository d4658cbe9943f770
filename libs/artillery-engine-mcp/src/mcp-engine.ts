import { CodedError, exitCodes, renderError } from '@squall/errors'
import { planParsedScenario } from '@squall/pack'
import { systemClock } from '@squall/time'
import { createClientFactories, functionsOf } from '@squall/virtual-client'
import { ArtilleryRecorder } from './artillery-recorder.ts'
import {
  suggestExitCode,
  workerNumber,
  type Context,
  type Events,
  type RunUser,
  type Scenario,
  type Script,
} from './artillery.ts'
import { isLoadUnknown } from './unknown-load.ts'
import { engineErrors } from './errors.ts'
import { runUser } from './run-user.ts'
import { findHooks } from './scenario-hooks.ts'
import { toError } from './to-error.ts'

/** In the numbers, what only a defect of this program can cause. */
const bugCode = 'ENGINE_BUG'

/** Clients of different worker threads differ: more than one thread would ever start in a run. */
const clientsPerWorker = 2 ** 24

/**
 * The engine behind `engines: { mcp: {} }`: Artillery decides when a virtual user arrives, Squall's virtual clients decide what it
 * does on the wire. Nothing rejects or throws into Artillery, since either would end the whole test without a report.
 */
export class McpEngine {
  readonly #script: Script
  #nextIndex = workerNumber() * clientsPerWorker

  constructor(script: Script) {
    this.#script = script
  }

  /** Compiles one scenario; Artillery calls it once for each, at the first arrival. */
  createScenario(scenario: Scenario, events: Events): RunUser {
    const run = this.#compile(scenario, events)
    if (run instanceof Error) return refuse(run, events)
    return (context, callback) => {
      events.emit('started')
      const whenDone = (error: Error | null): void => callback(error, context)
      const whenThrown = (thrown: unknown): void => {
        // No failure of the target or of the user's own: those have names.
        events.emit('error', bugCode)
        whenDone(toError(thrown))
      }
      run(context).then(whenDone, whenThrown)
    }
  }

  #compile(scenario: Scenario, events: Events): ((context: Context) => Promise<Error | null>) | Error {
    try {
      if (isLoadUnknown(this.#script.config)) throw new CodedError(engineErrors.ENGINE_PACK_IS_CLOSED)
      const plan = planParsedScenario({ config: this.#script.config, scenario, processEnvironment: process.env })
      const functions = functionsOf(this.#script.config.processor ?? {})
      const host = { clock: systemClock, recorder: new ArtilleryRecorder(events), seed: plan.seed, functions }
      const [factory] = createClientFactories(plan, host)
      if (!factory) throw new CodedError(engineErrors.ENGINE_NO_SCENARIO)
      const hooks = findHooks(this.#script, scenario, (text) => process.stderr.write(`warning: ${text}\n`))
      const patience = { clock: systemClock, limitMs: plan.requestTimeoutMs }
      const options = { hooks, events, target: plan.target, patience }
      return (context) => runUser(factory, this.#nextIndex++, context, options)
    } catch (error) {
      return toError(error)
    }
  }
}

/** Says once what is wrong, and lets every arrival fail with it: the numbers then tell the truth, and the exit code too. */
function refuse(error: Error, events: Events): RunUser {
  process.stderr.write(`${renderError(error)}\n`)
  const { code, exitCode } = error instanceof CodedError ? error : { code: bugCode, exitCode: exitCodes.internal }
  suggestExitCode(exitCode)
  return (context, callback) => {
    events.emit('started')
    events.emit('error', code)
    callback(error, context)
  }
}
