// What a client that is there and idle costs the generator in memory, and what ten thousand cost to start.
import { runComparisons, type Comparison } from './comparison.ts'
import type { Contender, Figures } from './rounds.ts'
import { runCrowd, type Crowd } from './run-crowd.ts'
import { readSettings } from './settings.ts'
import { withTargets, type Targets } from './targets.ts'

const settings = readSettings({ rounds: 3, measuredSeconds: 10 })
const clients = settings.clients ?? 10_000
/** A process may have 20,000 file handles on many machines: two sockets each have to fit in, and the program's own files. */
const clientsWithTwoSockets = Math.min(clients, 9_900)
/** The memory of a run with these is taken off, and with it the program, its code and its compiled functions. */
const fewClients = 100
const memory = 'KB per client'
const cpu = 'CPU-seconds to start all'

await withTargets((targets) => runComparisons(comparisons(targets), settings, clients))

function comparisons({ url, tlsUrl, certificateFile }: Targets): Comparison[] {
  const plain = { url: `${url}?sessions=1`, clients, clientKind: 'http_client', holdsStream: false, spawnRatePerSecond: 1_000 }
  const two = { ...plain, clients: clientsWithTwoSockets, clientKind: 'gemini', holdsStream: true }
  const env = { NODE_EXTRA_CA_CERTS: certificateFile }
  // A handshake costs both sides a millisecond or more.
  const tls = { ...plain, url: `${tlsUrl}?sessions=1`, env, spawnRatePerSecond: 300 }
  return [
    idle('one socket each', plain, [
      { candidate: 'one socket each', figure: memory, atMost: 16 },
      { candidate: 'one socket each', figure: cpu, atMost: 10 },
    ]),
    idle('two sockets each', two, [{ candidate: 'two sockets each', figure: memory, atMost: 24 }]),
    idle('one TLS socket each', tls, [{ candidate: 'one TLS socket each', figure: memory, atMost: 70 }]),
  ]
}

function idle(name: string, crowd: Omit<Crowd, 'idleSeconds'>, goals: Comparison['goals']): Comparison {
  const whole = { ...crowd, idleSeconds: settings.measuredSeconds }
  return {
    name: `idle clients, ${name}`,
    contenders: [contender(name, whole)],
    figures: [
      { figure: memory, digits: 1 },
      { figure: 'MB of the process', digits: 0 },
      { figure: cpu, digits: 1 },
    ],
    goals,
    warmUpRounds: 0,
  }
}

function contender(name: string, crowd: Crowd): Contender {
  const measure = async (): Promise<Figures> => {
    const few = await runCrowd({ ...crowd, clients: fewClients })
    const { residentBytes, cpuSeconds } = await runCrowd(crowd)
    return {
      [memory]: (residentBytes - few.residentBytes) / 1024 / (crowd.clients - fewClients),
      'MB of the process': residentBytes / 2 ** 20,
      [cpu]: cpuSeconds,
    }
  }
  return { name, measure }
}
