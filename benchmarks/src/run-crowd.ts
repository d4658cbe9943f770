import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryDirectory } from '@squall/testing'
import { Client } from 'undici'
import { cores, onCore } from './cores.ts'
import { cpuSecondsOf, descendantOf, residentBytesOf } from './process-table.ts'
import { squallCommand } from './run-squall.ts'
import { toCrowdPack } from './squall-pack.ts'

/** Clients that open a session each, and then do nothing. */
export interface Crowd {
  readonly url: string
  readonly clients: number
  readonly spawnRatePerSecond: number
  readonly clientKind: string
  /** Whether each holds the stream on which the server may speak first. */
  readonly holdsStream: boolean
  /** How long all are idle before memory is read. */
  readonly idleSeconds: number
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>
}

export interface CrowdMeasures {
  /** Resident memory of the generator process while all clients are there and idle. */
  readonly residentBytes: number
  /** User plus system time of the generator from its start until the last client had its session. */
  readonly cpuSeconds: number
}

interface TargetCounts {
  readonly sessions: number
  readonly streams: number
}

const longestStartSeconds = 300
const graceMs = 20_000
/** Runs `squall` with a crowd of idle clients, looks at its generator from outside, and ends it. */
export async function runCrowd(crowd: Crowd): Promise<CrowdMeasures> {
  using cleanUp = new DisposableStack()
  const directory = temporaryDirectory((remove) => cleanUp.defer(remove))
  const counter = openCounter(crowd.url)
  const before = await countsOf(counter)
  const squall = startSquall(crowd, directory)
  try {
    const cpuSeconds = await untilAllAreThere(crowd, { counter, before }, squall)
    await sleep(crowd.idleSeconds * 1000)
    return { cpuSeconds, residentBytes: residentBytesOf(generatorOf(squall) ?? 0) }
  } finally {
    await stop(squall)
    await counter.close()
  }
}

function startSquall(crowd: Crowd, directory: string): ChildProcess {
  const pack = join(directory, 'pack.yml')
  writeFileSync(pack, toCrowdPack(crowd, longestStartSeconds))
  const options = ['--target', crowd.url, '--workers', '1', '--report', directory, '--quiet']
  const [file, ...args] = onCore(cores.load, [squallCommand, 'run', pack, ...options])
  return spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...crowd.env } })
}

/** @returns the CPU time that the generator had used by then. */
async function untilAllAreThere(
  { clients, holdsStream }: Crowd,
  { counter, before }: { readonly counter: Client; readonly before: TargetCounts },
  squall: ChildProcess,
): Promise<number> {
  for (let waitedMs = 0; waitedMs < longestStartSeconds * 1000; waitedMs += 100) {
    const counts = await countsOf(counter)
    const isThere = counts.sessions - before.sessions >= clients && (!holdsStream || counts.streams - before.streams >= clients)
    const generator = generatorOf(squall)
    if (isThere && generator !== undefined) return cpuSecondsOf(generator)
    if (squall.exitCode !== null) throw new Error(`squall ended with ${squall.exitCode} after ${JSON.stringify(counts)}`)
    await sleep(100)
  }
  throw new Error(`not all clients had a session after ${longestStartSeconds} s: ${JSON.stringify(await countsOf(counter))}`)
}

const generatorOf = (squall: ChildProcess): number | undefined => descendantOf(squall.pid ?? 0, 'generator.ts')

/** One connection for all questions: a new one would have to wait in line behind thousands of clients that connect. */
function openCounter(url: string): Client {
  // The target's certificate was made for this run alone.
  return new Client(new URL(url).origin, { connect: { rejectUnauthorized: false }, keepAliveTimeout: longestStartSeconds * 1000 })
}

async function countsOf(counter: Client): Promise<TargetCounts> {
  const { body } = await counter.request({ method: 'GET', path: '/counts' })
  // The target's own answer.
  return (await body.json()) as TargetCounts
}

async function stop(squall: ChildProcess): Promise<void> {
  if (squall.exitCode !== null) return
  const killer = setTimeout(() => squall.kill('SIGKILL'), graceMs)
  const ended = once(squall, 'exit')
  squall.kill('SIGTERM')
  await ended
  clearTimeout(killer)
}
