import type { Json } from '@squall/load-plan'
import { compileCondition } from '../conditions.ts'
import type { Pending } from '../later.ts'
import type { PackFunctions } from '../pack-functions.ts'
import type { ReplyCheck } from '../reply-checks.ts'
import { Stretches } from './stretches.ts'
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
  return only && steps.length === 1 ? only : (run) => new Walk(steps, run).begin()
}

/** One client's walk through a list of steps. */
class Walk extends Stretches {
  readonly #steps: readonly CompiledStep[]
  readonly #run: FlowRun
  #at = 0

  constructor(steps: readonly CompiledStep[], run: FlowRun) {
    super()
    this.#steps = steps
    this.#run = run
  }

  protected stretch(): Pending | undefined {
    while (this.#at < this.#steps.length && !this.#run.isOver) {
      const pending = this.#steps[this.#at++]?.(this.#run)
      if (pending) return pending
    }
    return undefined
  }
}
