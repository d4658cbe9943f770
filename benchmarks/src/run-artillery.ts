import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryDirectory } from '@squall/testing'
import type { LoadRequest } from './load-job.ts'
import { cpuSecondsOfEndedChildren } from './process-table.ts'
import { runCommand } from './run-command.ts'

export interface ArtilleryJob {
  readonly url: string
  readonly request: LoadRequest
  readonly clients: number
}

interface Run {
  readonly calls: number
  readonly cpuSeconds: number
}

/** The part of Artillery's report that is read. */
interface Report {
  readonly aggregate: { readonly counters: Readonly<Record<string, number>> }
}

const artillery = fileURLToPath(new URL('../../node_modules/.bin/artillery', import.meta.url))
// Long enough that most of the second run is calls, short enough for a round.
const [fewCallsEach, manyCallsEach] = [20, 120]

/**
 * Runs stock Artillery's HTTP engine twice, with few calls and with many: what the second run took more is for the calls alone,
 * without the seconds that Artillery takes to start.
 */
export async function runArtillery(job: ArtilleryJob): Promise<Run> {
  const short = await runOnce(job, fewCallsEach)
  const long = await runOnce(job, manyCallsEach)
  return { calls: long.calls - short.calls, cpuSeconds: long.cpuSeconds - short.cpuSeconds }
}

async function runOnce(job: ArtilleryJob, callsEach: number): Promise<Run> {
  using cleanUp = new DisposableStack()
  const directory = temporaryDirectory((remove) => cleanUp.defer(remove))
  const script = join(directory, 'script.json')
  const report = join(directory, 'report.json')
  writeFileSync(script, toScript(job, callsEach))
  const before = cpuSecondsOfEndedChildren()
  await runCommand([artillery, 'run', '--quiet', '--output', report, script])
  const cpuSeconds = cpuSecondsOfEndedChildren() - before
  // Artillery's own format.
  const { counters } = (JSON.parse(readFileSync(report, 'utf8')) as Report).aggregate
  const calls = counters['http.codes.200'] ?? 0
  if (calls !== job.clients * callsEach) throw new Error(`Artillery's calls went wrong: ${JSON.stringify(counters)}`)
  return { calls, cpuSeconds }
}

function toScript({ url, request, clients }: ArtilleryJob, callsEach: number): string {
  const { origin, pathname } = new URL(url)
  const post = { url: pathname, headers: request.headers, body: request.body }
  return JSON.stringify({
    config: { target: origin, phases: [{ duration: 1, arrivalCount: clients }] },
    scenarios: [{ flow: [{ loop: [{ post }], count: callsEach }] }],
  })
}
