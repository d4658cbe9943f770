import { Agent, request } from 'node:http'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

export interface PlainFigures {
  readonly p95Ms: number
  readonly failedRatio: number
}

/** What so many clients see that call the tool `work` without a pause, asked by nothing but `node:http`: a second opinion on a search. */
export async function askPlainly(url: string, clients: number, windowMs: number): Promise<PlainFigures> {
  const agent = new Agent({ keepAlive: true })
  const settleMs = 1500
  const begin = performance.now() + settleMs
  const latencies: number[] = []
  let failed = 0
  // One after the other, as load begins in life: clients in lockstep would wait for whole turns of the server.
  const callUntilTheEnd = async (_: unknown, index: number): Promise<void> => {
    await sleep(index * 10)
    for (let start = performance.now(); start < begin + windowMs; start = performance.now()) {
      const status = await call(url, agent)
      if (start < begin) continue
      if (status === 200) latencies.push(performance.now() - start)
      else failed += 1
    }
  }
  try {
    await Promise.all(Array.from({ length: clients }, callUntilTheEnd))
  } finally {
    agent.destroy()
  }
  latencies.sort((a, b) => a - b)
  const p95Ms = latencies[Math.ceil(latencies.length * 0.95) - 1] ?? Number.POSITIVE_INFINITY
  return { p95Ms, failedRatio: failed / Math.max(1, failed + latencies.length) }
}

const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'work', arguments: {} } })

function call(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length }
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode ?? 0))
    })
    sent.once('error', reject)
    sent.end(body)
  })
}
