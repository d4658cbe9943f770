import type { Json } from '@squall/load-plan'
import { stepNamed } from './step-table.ts'
import type { CompiledStep } from './step-type.ts'

/**
 * Turns steps into closures, once for all clients of a scenario.
 * @param flow one that `checkFlow` found nothing wrong with.
 */
export function compileFlow(flow: readonly Json[]): CompiledStep {
  const steps = flow.map(compileStep)
  const [only] = steps
  if (only && steps.length === 1) return only
  return async (run) => {
    for (const step of steps) {
      if (run.isOver) return
      const pending = step(run)
      // Most steps that do not wait return nothing, which saves a turn of the event loop's microtasks each.
      if (pending) await pending
    }
  }
}

function compileStep(step: Json): CompiledStep {
  for (const name of Object.keys(step ?? {})) {
    const type = stepNamed(name)
    if (type) return type.compile(type.schema.parse(step), compileFlow)
  }
  throw new TypeError(`no step: ${JSON.stringify(step)}`)
}
