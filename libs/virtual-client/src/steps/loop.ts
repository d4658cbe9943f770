import type { Json } from '@squall/load-plan'
import { z } from 'zod'
import type { Pending } from '../later.ts'
import { nextTurn } from '../next-turn.ts'
import { compileText } from '../templates/text-template.ts'
import { conditionSchema } from './condition-schema.ts'
import { type CompiledStep, defineStep, type FlowRun } from './step-type.ts'
import { Stretches } from './stretches.ts'

const expectedCount = 'a whole number of at least 1, -1 for no end, a range such as "1-15", or a template'
const variable = z.string().regex(/^(?!__proto__$)[A-Za-z_$][\w$-]*$/, { error: 'the name of a variable' })

const schema = z
  .strictObject({
    loop: z.array(z.json(), { error: 'a list of steps' }).min(1, { error: 'at least one step' }),
    count: z
      .union([z.int(expectedCount).min(1, expectedCount), z.literal(-1), z.string().regex(/^(?:\d+|\d+-\d+|.*\{\{.*\}\}.*)$/)], {
        error: expectedCount,
      })
      .optional(),
    over: z.union([z.string(), z.array(z.json())], { error: 'a list, or the name of a variable that holds one' }).optional(),
    whileTrue: conditionSchema.optional(),
    loopValue: variable.optional(),
    loopElement: variable.optional(),
  })
  .refine(({ count, over, whileTrue }) => [count, over, whileTrue].some((key) => key !== undefined), {
    error: 'one of count, over and whileTrue',
  })
  .refine(({ count, over, whileTrue }) => count === undefined || (over === undefined && whileTrue === undefined), {
    error: 'no count beside over or whileTrue, which say how often',
    path: ['count'],
  })
  .refine(({ count }) => !isBackwards(count), { error: 'a range that goes up', path: ['count'] })

type Loop = z.output<typeof schema>

function isBackwards(count: number | string | undefined): boolean {
  const [, from, to] = /^(\d+)-(\d+)$/.exec(String(count)) ?? []
  return from !== undefined && Number(from) >= Number(to)
}

/**
 * Repeats its steps as Artillery does: `count` times, once for each element `over` a list, or for as long as `whileTrue` holds after a
 * round. `$loopCount` counts from 0, or from where a range begins; `$loopElement` is the element.
 */
export const loop = defineStep<Loop>({
  name: 'loop',
  schema,
  nested: ({ loop: steps }) =>
    Array.isArray(steps) ? steps.map((step: unknown, index) => ({ place: `.loop[${index}]`, step })) : [],
  compile: ({ loop: flow, count, over, whileTrue, loopValue = '$loopCount', loopElement = '$loopElement' }, compiler) => {
    const body = compiler.flow(flow)
    const goesOn = whileTrue === undefined ? undefined : compiler.condition(whileTrue)
    const toRounds = over === undefined ? countedRounds(goesOn ? -1 : count) : (run: FlowRun) => listed(over, run)
    return (run) => new Rounds(run, { body, goesOn, loopValue, loopElement, ...toRounds(run) }).begin()
  },
})

interface Span {
  readonly from: number
  /** The first number that is not run any more. */
  readonly to: number
  readonly elements?: readonly Json[]
}

interface RoundParts extends Span {
  readonly body: CompiledStep
  readonly goesOn: ((variables: FlowRun['variables']) => boolean) | undefined
  readonly loopValue: string
  readonly loopElement: string
}

function countedRounds(count: Loop['count'] = -1): (run: FlowRun) => Span {
  if (typeof count === 'number') return () => ({ from: 0, to: count === -1 ? Number.POSITIVE_INFINITY : count })
  const text = compileText(count)
  return (run) => toSpan(text.render(run))
}

function toSpan(text: string): Span {
  const [, from, to] = /^\s*(\d+)-(\d+)\s*$/.exec(text) ?? []
  if (from !== undefined && to !== undefined) return { from: Number(from), to: Number(to) }
  const count = Number(text)
  return { from: 0, to: count === -1 ? Number.POSITIVE_INFINITY : Number.isFinite(count) ? count : 0 }
}

function listed(over: string | readonly Json[], { variables }: FlowRun): Span {
  const elements = typeof over === 'string' ? variables[over] : over
  return isList(elements) ? { from: 0, to: elements.length, elements } : { from: 0, to: 0 }
}

// Array.isArray does not narrow a readonly array.
const isList = (value: unknown): value is readonly Json[] => Array.isArray(value)

// So many rounds, and for so long where none waits for anything, are let run before the end of the run, and everybody else, gets a turn.
const roundsInOneTurn = 1000
const longestTurnMs = 10

/** One client's walk through a loop. */
class Rounds extends Stretches {
  readonly #run: FlowRun
  readonly #parts: RoundParts
  readonly #outer: readonly [Json | undefined, Json | undefined]
  #round: number
  #left = roundsInOneTurn

  constructor(run: FlowRun, parts: RoundParts) {
    super()
    this.#run = run
    this.#parts = parts
    this.#round = parts.from
    this.#outer = [run.variables[parts.loopValue], run.variables[parts.loopElement]]
  }

  protected stretch(): Pending | undefined {
    let beganMs: number | undefined
    while (this.#isWanted) {
      const pending = this.#hasTimeLeft(beganMs) ? this.#next() : this.#takeTurn()
      if (pending) return pending
      beganMs ??= this.#run.nowMs
    }
    this.#restore()
    return undefined
  }

  // Rounds that wait are counted as well: a function's promise may be one that waits for nothing.
  #hasTimeLeft(beganMs: number | undefined): boolean {
    return this.#left-- > 0 && (beganMs === undefined || this.#run.nowMs - beganMs < longestTurnMs)
  }

  #takeTurn(): Promise<void> {
    this.#left = roundsInOneTurn
    return nextTurn()
  }

  get #isWanted(): boolean {
    const { from, to, goesOn } = this.#parts
    if (this.#run.isOver || this.#round >= to) return false
    return goesOn === undefined || this.#round === from || goesOn(this.#run.variables)
  }

  #next(): Pending | undefined {
    const { variables } = this.#run
    const { body, loopValue, loopElement, elements } = this.#parts
    variables[loopValue] = this.#round
    if (elements) variables[loopElement] = elements[this.#round]
    this.#round++
    return body(this.#run)
  }

  #restore(): void {
    const { variables } = this.#run
    const { loopValue, loopElement, elements } = this.#parts
    variables[loopValue] = this.#outer[0]
    if (elements) variables[loopElement] = this.#outer[1]
  }
}
