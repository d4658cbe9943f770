// Load as a careful person would write it with undici: `dispatch` on a pool, the whole answer parsed and looked at.
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool, type Dispatcher } from 'undici'
import { ownCpuSeconds, printLoadResult, readLoadJob, type LoadRequest, type LoadResult } from '../load-job.ts'

interface Answer {
  readonly result?: { readonly content?: unknown; readonly isError?: boolean }
}

const { url, requests, warmUpSeconds, measuredSeconds } = readLoadJob()
const { origin, pathname, search } = new URL(url)
const pool = new Pool(origin, { connections: requests.length, pipelining: 1 })
let isOver = false
let calls = 0

const [result] = await Promise.all([measure(), ...requests.map(callOverAndOver)])
await pool.close()
printLoadResult({ ...result, allCalls: calls })

async function measure(): Promise<Omit<LoadResult, 'allCalls'>> {
  await sleep(warmUpSeconds * 1000)
  const before = { calls, cpuSeconds: ownCpuSeconds() }
  await sleep(measuredSeconds * 1000)
  isOver = true
  return { calls: calls - before.calls, cpuSeconds: ownCpuSeconds() - before.cpuSeconds }
}

function callOverAndOver(request: LoadRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = (): void => (isOver ? resolve() : void dispatch(request, next, reject))
    next()
  })
}

function dispatch({ headers, body, isError }: LoadRequest, done: () => void, fail: (error: Error) => void): boolean {
  const chunks: Buffer[] = []
  let status = 0
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart: () => undefined,
    onResponseStart: (_, statusCode) => void (status = statusCode),
    onResponseData: (_, chunk) => void chunks.push(chunk),
    onResponseEnd: () => {
      const text = chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString()
      const { result } = JSON.parse(text) as Answer
      const isExpected = status === 200 && Array.isArray(result?.content) && (result.isError ?? false) === isError
      if (!isExpected) return fail(new Error(`status ${status}, ${text}`))
      calls++
      done()
    },
    onResponseError: (_, error) => fail(error),
  }
  return pool.dispatch({ path: pathname + search, method: 'POST', headers, body }, handler)
}
