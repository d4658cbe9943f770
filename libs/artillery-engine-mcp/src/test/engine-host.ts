import { EventEmitter } from 'node:events'
import type { Context, Scenario } from '../artillery.ts'
import { McpEngine } from '../mcp-engine.ts'

/** What one virtual user left behind. */
export interface UserRun {
  readonly error: Error | null
  readonly context: Context
  readonly started: number
  readonly counters: Readonly<Record<string, number>>
  /** Codes of `error` events. */
  readonly errors: readonly string[]
}

export interface Trial extends Partial<Scenario> {
  readonly flow: readonly unknown[]
  readonly processor?: Readonly<Record<string, unknown>>
  readonly vars?: Record<string, unknown>
  readonly mcp?: object
}

/** Does with the engine what Artillery does with any engine, in this process: one virtual user of one scenario. */
export function runOneUser(target: string, { processor = {}, vars = {}, mcp = {}, ...scenario }: Trial): Promise<UserRun> {
  const events = new EventEmitter()
  const counters: Record<string, number> = {}
  const errors: string[] = []
  let started = 0
  events.on('counter', (name: string, value: number) => (counters[name] = (counters[name] ?? 0) + value))
  events.on('error', (code: string) => errors.push(code))
  events.on('started', () => started++)
  const whole = { name: 'one', engine: 'mcp', ...scenario }
  const engine = new McpEngine({ config: { target, mcp, processor }, scenarios: [whole] })
  const user = engine.createScenario(whole, events)
  return new Promise((resolve) => {
    user({ vars }, (error, context) => resolve({ error, context, started, counters, errors }))
  })
}
