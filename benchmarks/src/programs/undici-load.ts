// Load as a careful person would write it with undici: a pool, `request`, the whole answer parsed and looked at.
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import { ownCpuSeconds, printLoadResult, readLoadJob, type LoadRequest, type LoadResult } from '../load-job.ts'

interface Answer {
  readonly result?: { readonly content?: unknown; readonly isError?: boolean }
}

const { url, requests, warmUpSeconds, measuredSeconds } = readLoadJob()
const { origin, pathname: path } = new URL(url)
const pool = new Pool(origin, { connections: requests.length, pipelining: 1 })
const over = new AbortController()
let calls = 0

const [result] = await Promise.all([measure(), ...requests.map(callOverAndOver)])
await pool.close()
printLoadResult({ ...result, allCalls: calls })

async function measure(): Promise<Omit<LoadResult, 'allCalls'>> {
  await sleep(warmUpSeconds * 1000)
  const before = { calls, cpuSeconds: ownCpuSeconds() }
  await sleep(measuredSeconds * 1000)
  over.abort()
  return { calls: calls - before.calls, cpuSeconds: ownCpuSeconds() - before.cpuSeconds }
}

async function callOverAndOver({ headers, body, isError }: LoadRequest): Promise<void> {
  while (!over.signal.aborted) {
    const response = await pool.request({ path, method: 'POST', headers, body })
    const { result } = (await response.body.json()) as Answer
    const isExpected = response.statusCode === 200 && Array.isArray(result?.content) && (result.isError ?? false) === isError
    if (!isExpected) throw new Error(`status ${response.statusCode}, ${JSON.stringify(result)}`)
    calls++
  }
}
