import { CodedError, renderError } from '@squall/errors'
import { planParsedScenario } from '@squall/pack'
import { systemClock } from '@squall/time'
import { createClientFactories, type ClientFactory } from '@squall/virtual-client'
import { ArtilleryRecorder } from './artillery-recorder.ts'
import { suggestExitCode, type Events, type RunUser, type Scenario, type Script } from './artillery.ts'
import { isClosedWithoutPhases } from './closed-pack.ts'
import { engineErrors } from './errors.ts'
import { RequestHooks } from './request-hooks.ts'
import { runUser } from './run-user.ts'

/**
 * The engine behind `engines: { mcp: {} }`: Artillery decides when a virtual user arrives, Squall's virtual clients decide what it
 * does on the wire. Nothing rejects or throws into Artillery, since either would end the whole test without a report.
 */
export class McpEngine {
  readonly #script: Script
  #nextIndex = 0

  constructor(script: Script) {
    this.#script = script
  }

  /** Compiles one scenario; Artillery calls it once for each, at the first arrival. */
  createScenario(scenario: Scenario, events: Events): RunUser {
    const factory = this.#compile(scenario, events)
    if (factory instanceof Error) return refuse(factory, events)
    return (context, callback) => {
      events.emit('started')
      const whenDone = (error: Error | null): void => callback(error, context)
      // Every VU ends by its flow: Artillery has no way to stop one.
      runUser(factory, this.#nextIndex++, context).then(whenDone, whenDone)
    }
  }

  #compile(scenario: Scenario, events: Events): ClientFactory | Error {
    try {
      if (isClosedWithoutPhases(this.#script.config)) throw new CodedError(engineErrors.ENGINE_PACK_IS_CLOSED)
      const plan = planParsedScenario({ config: this.#script.config, scenario, processEnvironment: process.env })
      const hooks = new RequestHooks(this.#script, scenario, events, plan.target)
      const host = { clock: systemClock, recorder: new ArtilleryRecorder(events, hooks), seed: plan.seed }
      const [factory] = createClientFactories(plan, host)
      return factory ?? new CodedError(engineErrors.ENGINE_NO_SCENARIO)
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  }
}

/** Says once what is wrong, and lets every arrival fail with it: the numbers then tell the truth, and the exit code too. */
function refuse(error: Error, events: Events): RunUser {
  process.stderr.write(`${renderError(error)}\n`)
  const { code, exitCode } = error instanceof CodedError ? error : { code: 'ENGINE_BUG', exitCode: 1 }
  suggestExitCode(exitCode)
  return (context, callback) => {
    events.emit('started')
    events.emit('error', code)
    callback(error, context)
  }
}
