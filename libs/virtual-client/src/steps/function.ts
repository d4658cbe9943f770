import { z } from 'zod'
import type { FunctionContext, PackFunction } from '../pack-functions.ts'
import { type CallSite, defineStep, type FlowRun } from './step-type.ts'

const expected = 'the name of a function of config.processor'
const schema = z.strictObject({ function: z.string({ error: expected }).min(1, { error: expected }) })

/** Calls a function of the user's own. One that throws is the outcome `function.failed`, and ends the iteration. */
export const functionStep = defineStep<z.output<typeof schema>>({
  name: 'function',
  schema,
  compile: ({ function: name }, { functions }) => {
    const own = functions[name]
    if (!own) throw new TypeError(`no function ${name}`)
    const site: CallSite = { method: 'tools/call', params: { fixed: '{}', render: () => '{}' }, checks: [] }
    return (run) => runFunction(own, name, run, site)
  },
})

function runFunction(own: PackFunction, name: string, run: FlowRun, site: CallSite): Promise<void> | undefined {
  try {
    const returned = own(toContext(run, site))
    if (!isThenable(returned)) return undefined
    return Promise.resolve(returned).then(
      () => run.wasBusy(),
      (error: unknown) => run.functionFailed(name, error),
    )
  } catch (error) {
    run.functionFailed(name, error)
    return undefined
  }
}

function toContext(run: FlowRun, site: CallSite): FunctionContext {
  const { variables, signal } = run
  return {
    variables,
    vars: variables,
    signal,
    random: () => run.random.next(),
    log: (text) => run.log(text),
    call: async (tool, args = {}) => ({ result: await run.callTool(site, tool, args) }),
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
