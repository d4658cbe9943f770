// Load by autocannon, which counts answers by their status and does not read them.
import autocannon, { type Result } from 'autocannon'
import { ownCpuSeconds, printLoadResult, readLoadJob } from '../load-job.ts'

const { url, requests, warmUpSeconds, measuredSeconds } = readLoadJob()
const [first] = requests
if (!first) throw new Error('a job without requests')
const { headers, body } = first

const warmUp = await load(warmUpSeconds)
const before = ownCpuSeconds()
const { '2xx': calls } = await load(measuredSeconds)
printLoadResult({ calls, cpuSeconds: ownCpuSeconds() - before, allCalls: warmUp['2xx'] + calls })

async function load(duration: number): Promise<Result> {
  const result = await autocannon({ url, connections: requests.length, duration, method: 'POST', headers, body })
  if (result.errors + result.non2xx > 0) throw new Error(`${result.errors} errors, ${result.non2xx} answers other than 2xx`)
  return result
}
