import { z } from 'zod'
import { ownFunction, type FunctionContext, type PackFunction } from '../pack-functions.ts'
import { isThenable } from '../thenable.ts'
import { FunctionWatch } from './function-watch.ts'
import { type CallSite, defineStep, type FlowRun } from './step-type.ts'

const expected = 'the name of a function of config.processor'
const schema = z.strictObject({ function: z.string({ error: expected }).min(1, { error: expected }) })

/** Calls a function of the user's own. One that throws, or is never done, is the outcome `function.failed`, and ends the iteration. */
export const functionStep = defineStep<z.output<typeof schema>>({
  name: 'function',
  schema,
  compile: ({ function: name }, { functions }) => {
    const own = ownFunction(functions, name)
    if (!own) throw new TypeError(`no function ${name}`)
    const site: CallSite = { method: 'tools/call', params: { fixed: '{}', render: () => '{}' }, checks: [] }
    return (run) => runFunction(own, name, run, site)
  },
})

function runFunction(own: PackFunction, name: string, run: FlowRun, site: CallSite): Promise<void> | undefined {
  const time = new FunctionTime(run)
  const watch = new FunctionWatch(run)
  const ended = (): undefined => {
    run.dueMs = time.dueMs
  }
  try {
    const returned = own(toContext({ run, site, time, watch }))
    if (!isThenable(returned)) return ended()
    return watch.until(returned).then(ended, (error: unknown) => run.functionFailed(name, error))
  } catch (error) {
    run.functionFailed(name, error)
    return undefined
  }
}

/** When a function's calls are due: what it does between them is its own time, and not the server's. */
class FunctionTime {
  readonly #run: FlowRun
  /** How late the client was when it came to the function, which its first call is to show. */
  #lateMs: number

  constructor(run: FlowRun) {
    this.#run = run
    this.#lateMs = run.nowMs - run.dueMs
  }

  get dueMs(): number {
    return this.#run.nowMs - this.#lateMs
  }

  called(): void {
    this.#lateMs = 0
  }
}

interface RunningFunction {
  readonly run: FlowRun
  readonly site: CallSite
  readonly time: FunctionTime
  readonly watch: FunctionWatch
}

function toContext({ run, site, time, watch }: RunningFunction): FunctionContext {
  const { variables, signal } = run
  return {
    variables,
    vars: variables,
    signal,
    random: () => run.random.next(),
    log: (text) => run.log(text),
    call: async (tool, args = {}) => {
      // Several may be under way together.
      const walker = run.fork()
      walker.dueMs = time.dueMs
      const result = await watch.during(walker.callTool(site, tool, args))
      time.called()
      return { result }
    },
  }
}
