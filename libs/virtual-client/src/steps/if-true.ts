import { z } from 'zod'
import { conditionSchema } from './condition-schema.ts'
import { defineStep, type NestedStep } from './step-type.ts'

const list = z.array(z.json(), { error: 'a list of steps' }).min(1, { error: 'at least one step' })
const schema = z.strictObject({ ifTrue: conditionSchema, steps: list, else: list.optional() })

/** Runs one list of steps where a condition on the variables holds, and the other, if there is one, where it does not. */
export const ifTrue = defineStep<z.output<typeof schema>>({
  name: 'ifTrue',
  schema,
  makesCall: true,
  nested: (step) => [...nestedIn(step, 'steps'), ...nestedIn(step, 'else')],
  compile: ({ ifTrue: expression, steps: whenHolds, else: otherwise }, compiler, checks) => {
    const holds = compiler.condition(expression)
    const whenTrue = compiler.flow(whenHolds, checks)
    const whenFalse = otherwise && compiler.flow(otherwise, checks)
    return (run) => (holds(run.variables) ? whenTrue(run) : whenFalse?.(run))
  },
})

function nestedIn(step: Readonly<Record<string, unknown>>, key: 'steps' | 'else'): readonly NestedStep[] {
  const inside = step[key]
  return Array.isArray(inside) ? inside.map((inner: unknown, index) => ({ place: `.${key}[${index}]`, step: inner })) : []
}
