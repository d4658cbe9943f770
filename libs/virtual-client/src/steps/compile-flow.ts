import type { Json } from '@squall/load-plan'
import { compileCondition } from '../conditions.ts'
import type { PackFunctions } from '../pack-functions.ts'
import type { ReplyCheck } from '../reply-checks.ts'
import { stepNamed } from './step-table.ts'
import type { CompiledStep, FlowCompiler, FlowRun, StepType } from './step-type.ts'

/**
 * Makes what turns steps into closures, once for all clients of a scenario. Flows must be such that `checkFlow` found nothing wrong with.
 * @param functions of the pack's processor.
 */
export function createFlowCompiler(functions: PackFunctions = {}): FlowCompiler {
  const compiler: FlowCompiler = {
    functions,
    condition: (expression) => compileCondition(expression, functions),
    flow: (steps, checks) => compileSteps(steps, compiler, checks ?? []),
  }
  return compiler
}

/** Steps that look at the last answer become part of the call before them, so that a call counts once, and as what it was found to be. */
function compileSteps(steps: readonly Json[], compiler: FlowCompiler, checks: readonly ReplyCheck[]): CompiledStep {
  const compiled: CompiledStep[] = []
  for (let at = 0; at < steps.length;) {
    const [type, value] = typed(steps[at])
    const behind: ReplyCheck[] = []
    for (at++; at < steps.length; at++) {
      const [next, check] = typed(steps[at])
      if (!next.toChecks) break
      behind.push(...next.toChecks(check))
    }
    compiled.push(type.compile(value, compiler, at < steps.length ? behind : [...behind, ...checks]))
  }
  return inSequence(compiled)
}

function typed(step: Json | undefined): readonly [StepType, unknown] {
  for (const name of Object.keys(step ?? {})) {
    const type = stepNamed(name)
    if (type) return [type, type.schema.parse(step)]
  }
  throw new TypeError(`no step: ${JSON.stringify(step)}`)
}

function inSequence(steps: readonly CompiledStep[]): CompiledStep {
  const [only] = steps
  if (only && steps.length === 1) return only
  return (run) => {
    let at = 0
    for (const step of steps) {
      if (run.isOver) return undefined
      const pending = step(run)
      at++
      // Nothing is promised until a step has something to wait for: the rest costs no turn of the event loop's microtasks.
      if (pending) return at < steps.length ? goOn(pending, steps, at, run) : pending
    }
    return undefined
  }
}

async function goOn(first: Promise<void>, steps: readonly CompiledStep[], from: number, run: FlowRun): Promise<void> {
  await first
  for (let at = from; at < steps.length && !run.isOver; at++) {
    const pending = steps[at]?.(run)
    if (pending) await pending
  }
}
