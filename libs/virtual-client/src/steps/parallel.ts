import { z } from 'zod'
import { type CompiledStep, defineStep, type FlowRun } from './step-type.ts'

const expectedLimit = 'a whole number of at least 1'

const schema = z.strictObject({
  parallel: z.array(z.json(), { error: 'a list of steps' }).min(1, { error: 'at least one step' }),
  limit: z.int({ error: expectedLimit }).min(1, { error: expectedLimit }).optional(),
})

/**
 * Makes its steps at once, each call on a socket of its own, and goes on when all are done. No more are under way than its limit and
 * the client's kind allow; a step that waits for its turn is due once the one before it is done.
 */
export const parallel = defineStep<z.output<typeof schema>>({
  name: 'parallel',
  schema,
  hasBranches: true,
  nested: ({ parallel: steps }) =>
    Array.isArray(steps) ? steps.map((step: unknown, index) => ({ place: `.parallel[${index}]`, step })) : [],
  compile: ({ parallel: steps, limit = Number.POSITIVE_INFINITY }, compiler) => {
    const branches = steps.map((step) => compiler.flow([step]))
    return async (run) => {
      const waiting = branches.values()
      const lanes = Math.min(branches.length, limit, run.parallelCalls)
      const ended = await Promise.allSettled(Array.from({ length: lanes }, () => drive(waiting, run.fork())))
      run.dueMs = Math.max(...ended.map(dueMsOf))
    }
  },
})

/** @returns when the lane's next call would be due. */
async function drive(waiting: Iterator<CompiledStep>, lane: FlowRun): Promise<number> {
  try {
    for (let next = waiting.next(); next.done !== true && !lane.isOver; next = waiting.next()) {
      const pending = next.value(lane)
      if (pending) await pending
    }
    return lane.dueMs
  } catch (error) {
    // The other lanes finish the calls they are at, and begin no other.
    lane.breakOff()
    throw error
  }
}

function dueMsOf(lane: PromiseSettledResult<number>): number {
  if (lane.status === 'fulfilled') return lane.value
  // Whatever a lane threw.
  throw lane.reason as Error
}
