import { RedisServer, ScriptedServer, type SeenRequest } from '@squall/testing'
import { onTestFinished } from 'vitest'
import { startSquall, type RunningSquall } from './run-squall.ts'

/** A call that arrived at the target, as it is marked by whoever sent it. */
export interface MarkedCall {
  readonly atMs: number
  readonly shard: number
  readonly epoch: number
}

/** A target, a Redis, and agents that are programs of their own; all gone with the test. */
export interface Fleet {
  readonly target: ScriptedServer
  readonly redis: RedisServer
  readonly calls: readonly MarkedCall[]
  startAgent(options?: AgentOptions): Promise<RunningSquall>
  /** @param files of the run's folder: the pack `pack.yml`, and what it needs. */
  run(files: Readonly<Record<string, string>>, ...args: readonly string[]): RunningSquall
}

interface AgentOptions {
  readonly workers?: number
  readonly clockOffsetMs?: number
  readonly url?: string
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
}

/** @param shared environment of agents and controllers. */
export async function startFleet(shared: Readonly<Record<string, string>> = {}): Promise<Fleet> {
  const calls: MarkedCall[] = []
  const target = await ScriptedServer.start({
    fault: (seen) => {
      if (seen.method === 'tools/call') calls.push(toCall(seen))
      return undefined
    },
  })
  onTestFinished(() => target[Symbol.asyncDispose]())
  const redis = await RedisServer.start()
  onTestFinished(() => redis[Symbol.asyncDispose]())
  return {
    target,
    redis,
    calls,
    startAgent: async ({ workers = 1, clockOffsetMs = 0, url = redis.url, env = {}, args = [] } = {}) => {
      const agent = startSquall(['agent', '--fabric', url, '--workers', String(workers), ...args], {
        env: { ...shared, SQUALL_MARK_REQUESTS: '1', ...wrongClock(clockOffsetMs), ...env },
      })
      await agent.said('waits for runs')
      return agent
    },
    run: (files, ...args) =>
      startSquall(['run', 'pack.yml', '--target', target.url, '--fabric', redis.url, '--report', 'report', ...args], {
        files,
        env: shared,
      }),
  }
}

function wrongClock(offsetMs: number): Record<string, string> {
  if (offsetMs === 0) return {}
  const preload = new URL('wrong-clock.ts', import.meta.url)
  return {
    SQUALL_TEST_CLOCK_OFFSET_MS: String(offsetMs),
    NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${preload.href}`,
  }
}

function toCall({ headers }: SeenRequest): MarkedCall {
  const [shard = -1, epoch = -1] = String(headers['x-squall-shard']).split('.').map(Number)
  return { atMs: performance.now(), shard, epoch }
}

/** Six clients that call every tenth of a second, with a text out of a program of their own. */
export const pacedPack = (seconds: number): Record<string, string> => ({
  'pack.yml': `config:
  processor: ./functions.ts
  squall: { clients: 6, spawnRate: 1000, duration: ${seconds}s, thresholds: ['failed<50%'] }
scenarios:
  - engine: mcp
    flow:
      - function: write
      - callTool: { name: echo, arguments: { text: '{{ text }}' } }
      - pace: 0.1
`,
  'functions.ts': `import { greeting } from './words/greeting.ts'
export function write(context: { vars: Record<string, unknown> }): void {
  context.vars['text'] = greeting
}
`,
  'words/greeting.ts': `export const greeting: string = 'hi from afar'\n`,
})
