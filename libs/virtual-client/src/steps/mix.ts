import type { Json } from '@squall/load-plan'
import { z } from 'zod'
import { type CompiledStep, defineStep, type NestedStep } from './step-type.ts'

const expectedWeight = 'a number above 0'
// It may come out of an environment variable, as text.
const weight = z.preprocess(
  (value) => (typeof value === 'string' && value.trim() !== '' ? Number(value) : value),
  z.number({ error: expectedWeight }).positive({ error: expectedWeight }).max(1_000_000, { error: 'at most 1,000,000' }),
)
const alternative = z
  .looseObject({ weight: weight.optional() })
  // What is left once the weight is gone is a step, which the nested check has looked at.
  .transform(({ weight = 1, ...step }) => ({ weight, step: step as Json }))
const schema = z.strictObject({
  mix: z.array(alternative, { error: 'a list of steps, each with a weight' }).min(1, { error: 'at least one step' }),
})

/** Runs one of its steps, drawn by weight; a step without weight counts 1. */
export const mix = defineStep<z.output<typeof schema>>({
  name: 'mix',
  schema,
  makesCall: true,
  hasBranches: true,
  nested: ({ mix }) => (Array.isArray(mix) ? mix.map(toNested) : []),
  compile: ({ mix: alternatives }, compiler, checks) => {
    const total = alternatives.reduce((sum, { weight }) => sum + weight, 0)
    let reached = 0
    const choices = alternatives.map(({ weight, step }) => ({
      upTo: (reached += weight) / total,
      run: compiler.flow([step], checks),
    }))
    return (run) => pick(choices, run.random.next())(run)
  },
})

function toNested(alternative: unknown, index: number): NestedStep {
  const place = `.mix[${index}]`
  if (typeof alternative !== 'object' || alternative === null || Array.isArray(alternative)) return { place, step: alternative }
  const step: Record<string, unknown> = { ...alternative }
  delete step['weight']
  return { place, step }
}

const pick = (choices: readonly { readonly upTo: number; readonly run: CompiledStep }[], drawn: number): CompiledStep => {
  for (const { upTo, run } of choices) if (drawn < upTo) return run
  return nothing
}

const nothing: CompiledStep = () => undefined
