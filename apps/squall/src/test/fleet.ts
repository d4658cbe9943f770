import { type LabNetwork, PartitionProxy, RedisServer, ScriptedServer, type SeenRequest } from '@squall/testing'
import { onTestFinished } from 'vitest'
import { startSquall, type RunningSquall } from './run-squall.ts'

/** A request that arrived at the target, as it is marked by whoever sent it. */
export interface MarkedCall {
  /** As `performance.now()` of this process tells it. */
  readonly atMs: number
  readonly shard: number
  readonly epoch: number
}

/** A target, a Redis, and agents that are programs of their own; all gone with the test. */
export interface Fleet {
  readonly target: ScriptedServer
  readonly redis: RedisServer
  /** The tool calls that the target was asked for. */
  readonly calls: readonly MarkedCall[]
  startAgent(options?: AgentOptions): Promise<FleetAgent>
  /** @param files of the run's folder: the pack `pack.yml`, and what it needs. */
  run(files: Readonly<Record<string, string>>, ...args: readonly string[]): RunningSquall
}

export interface FleetAgent extends RunningSquall {
  /** Lets nothing through to this agent and from it; on loopback, behind a proxy, nothing from Redis and to it. Connections stay open and silent. */
  readonly cut: () => void
  readonly heal: () => void
}

interface AgentOptions {
  readonly workers?: number
  readonly clockOffsetMs?: number
  /** Whether it can be cut off on loopback too. */
  readonly behindProxy?: boolean
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
}

interface FleetOptions {
  /** Environment of agents and controllers. */
  readonly env?: Readonly<Record<string, string>>
  /** Where each agent has a machine of its own; all are on loopback unless given. */
  readonly lab?: LabNetwork | undefined
}

export async function startFleet({ env: shared = {}, lab }: FleetOptions = {}): Promise<Fleet> {
  const host = lab?.address ?? '127.0.0.1'
  const target = await ScriptedServer.start({ host })
  onTestFinished(() => target[Symbol.asyncDispose]())
  const bind = lab === undefined ? [] : ['--bind', '127.0.0.1', host, '--protected-mode', 'no']
  const redis = await RedisServer.start(...bind)
  onTestFinished(() => redis[Symbol.asyncDispose]())
  const url = `redis://${host}:${redis.port}`
  return {
    target,
    redis,
    get calls() {
      return target.seen.filter(({ method }) => method === 'tools/call').map(toCall)
    },
    startAgent: async ({ workers = 1, clockOffsetMs = 0, behindProxy = false, env = {}, args = [] } = {}) => {
      const place = lab !== undefined ? onMachine(lab, url, host) : behindProxy ? await proxied(redis.port) : onLoopback(url)
      const agent = startSquall(['agent', '--fabric', place.url, '--workers', String(workers), ...place.args, ...args], {
        env: { ...shared, SQUALL_MARK_REQUESTS: '1', ...wrongClock(clockOffsetMs), ...env },
        through: place.through,
      })
      await agent.said('waits for runs')
      return { ...agent, cut: place.cut, heal: place.heal }
    },
    run: (files, ...args) =>
      startSquall(['run', 'pack.yml', '--target', target.url, '--fabric', url, '--report', 'report', ...args], {
        files,
        env: shared,
      }),
  }
}

interface Place extends Pick<FleetAgent, 'cut' | 'heal'> {
  readonly url: string
  readonly args: readonly string[]
  readonly through: readonly string[]
}

function cannot(): never {
  throw new Error('there is nothing to cut')
}

function onLoopback(url: string): Place {
  return { url, args: [], through: [], cut: cannot, heal: cannot }
}

async function proxied(redisPort: number): Promise<Place> {
  const proxy = await PartitionProxy.start(redisPort)
  onTestFinished(() => proxy[Symbol.asyncDispose]())
  const url = `redis://127.0.0.1:${proxy.port}`
  return { url, args: [], through: [], cut: () => proxy.cut(), heal: () => proxy.heal() }
}

function onMachine(lab: LabNetwork, url: string, host: string): Place {
  const { through, cut, heal } = lab.addMachine()
  return { url, args: ['--allow-target', host], through, cut, heal }
}

function wrongClock(offsetMs: number): Record<string, string> {
  if (offsetMs === 0) return {}
  const preload = new URL('wrong-clock.ts', import.meta.url)
  return {
    SQUALL_TEST_CLOCK_OFFSET_MS: String(offsetMs),
    NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${preload.href}`,
  }
}

/** Reads the mark of a request that came from an agent's generator. */
export function toCall({ headers, atMs }: SeenRequest): MarkedCall {
  const [shard = -1, epoch = -1] = String(headers['x-squall-shard']).split('.').map(Number)
  return { atMs, shard, epoch }
}

/** Six clients that call every tenth of a second, with a text out of a program of their own. */
export const pacedPack = (seconds: number): Record<string, string> => ({
  ...packWithProgram(`squall: { clients: 6, spawnRate: 1000, duration: ${seconds}s, thresholds: ['failed<50%'] }`, {
    imports: `{ greeting } from './words/greeting.ts'`,
    text: 'greeting',
  }),
  'words/greeting.ts': `export const greeting: string = 'hi from afar'\n`,
})

/**
 * A pack whose clients call every tenth of a second, with a text that a function of its processor makes.
 * @param config lines of `config`, beside the processor.
 * @param program what the processor imports, and the expression that makes the text of `vars`.
 */
export const packWithProgram = (
  config: string,
  program: { readonly imports: string; readonly text: string },
): Record<string, string> => ({
  'pack.yml': `config:
  processor: ./functions.ts
  ${config}
scenarios:
  - engine: mcp
    flow:
      - function: write
      - callTool: { name: echo, arguments: { text: '{{ text }}' } }
      - pace: 0.1
`,
  'functions.ts': `import ${program.imports}
export function write({ vars }: { vars: Record<string, unknown> }): void {
  vars['text'] = ${program.text}
}
`,
})
