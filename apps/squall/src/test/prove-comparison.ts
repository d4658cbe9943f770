// `npm run prove`: real comparisons whose answer is known, three of each kind; the machine should be free, for the last kind is loaded on purpose.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Comparison } from '@squall/report'
import { LimitedServer, temporaryDirectory } from '@squall/testing'

type Verdict = Comparison['verdict']

interface Kind {
  readonly name: string
  /** How long the tool `work` takes at the candidate; it takes 50 ms at the base, and `rest` 20 ms at both. */
  readonly candidateMs: number
  readonly isLoaded: boolean
  readonly right: readonly Verdict[]
}

const kinds: readonly Kind[] = [
  { name: 'no change', candidateMs: 50, isLoaded: false, right: ['same'] },
  { name: 'one tool 10 % slower', candidateMs: 55, isLoaded: false, right: ['slower'] },
  { name: 'no change, machine loaded on purpose', candidateMs: 50, isLoaded: true, right: ['inconclusive', 'same'] },
]

const timesEach = 3
const program = fileURLToPath(new URL('../../bin/squall', import.meta.url))
using cleanUp = new DisposableStack()
const directory = temporaryDirectory((remove) => cleanUp.defer(remove))

const pack = `config:
  target: http://127.0.0.1:1/mcp
  engines: { mcp: {} }
  squall: { model: closed, clients: 10, spawnRate: 100, duration: 5s }
scenarios:
  - engine: mcp
    mcp: { clientKind: http_client }
    flow: [{ callTool: { name: work } }, { callTool: { name: rest } }]
`

writeFileSync(join(directory, 'pack.yml'), pack)
for (const kind of kinds) for (let time = 1; time <= timesEach; time += 1) await proveOne(kind, time)

async function proveOne({ name, candidateMs, isLoaded, right }: Kind, time: number): Promise<void> {
  await using base = await LimitedServer.start({ slots: 1000, serviceMs: 50, restMs: 20 })
  await using candidate = await LimitedServer.start({ slots: 1000, serviceMs: candidateMs, restMs: 20 })
  using _neighbours = isLoaded ? busyNeighbours() : undefined
  const { verdict, metrics, setAside } = await compare(base.url, candidate.url, `${candidateMs}-${isLoaded}-${time}`)
  const slower = metrics.filter((metric) => metric.verdict === 'slower')
  // A slower tool may not blame the other one.
  const holds = right.includes(verdict) && slower.every(({ tool }) => candidateMs > 50 && tool === 'work')
  const told = slower.map(({ tool, metric, effect }) => `${tool} ${metric} ${(effect * 100).toFixed(1)} %`)
  const asides = setAside > 0 ? [`${setAside} runs set aside`] : []
  console.log(`${name}, ${time}: ${[verdict, ...told, ...asides].join(', ')}: ${holds ? 'holds' : 'DOES NOT HOLD'}`)
  if (!holds) process.exitCode = 1
}

async function compare(base: string, candidate: string, name: string): Promise<Comparison> {
  const place = join(directory, name)
  const args = ['compare', join(directory, 'pack.yml'), '--base', base, '--candidate', candidate, '--quiet', '--report', place]
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  await once(child, 'exit')
  return JSON.parse(readFileSync(join(place, 'comparison.json'), 'utf8')) as Comparison
}

/** Two programs for each core that compute for a while and rest for a while, of unequal lengths, so that runs meet different weather. */
function busyNeighbours(): Disposable {
  const work = `setInterval(() => { const end = Date.now() + 400 * Math.random(); while (Date.now() < end); }, 500); setTimeout(process.exit, 600_000)`
  const children: ChildProcess[] = Array.from({ length: 2 * availableParallelism() }, () =>
    spawn(process.execPath, ['-e', work], { stdio: 'ignore' }),
  )
  return { [Symbol.dispose]: () => children.forEach((child) => child.kill('SIGKILL')) }
}
