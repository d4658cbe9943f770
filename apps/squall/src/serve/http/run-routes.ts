import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CodedError } from '@squall/errors'
import { parseDuration, sleep, type Clock } from '@squall/time'
import type { FastifyInstance } from 'fastify'
import { squallErrors } from '../../errors.ts'
import type { ReadOrder } from '../read-order.ts'
import type { RequestKey } from '../run-file.ts'
import type { RunRegistry } from '../run-registry.ts'
import type { RunView, ServedRun } from '../served-run.ts'
import { readRequestKey } from './request-key.ts'
import { steer } from './steer.ts'

export interface RunRoutesOptions {
  readonly registry: RunRegistry
  /** @throws CodedError with everything that is wrong. */
  readonly readOrder: (sent: unknown) => Promise<ReadOrder>
  readonly reportDirectory: (run: ServedRun) => string
  readonly clock: Clock
}

const defaultListed = 50
const mostListed = 500
const longestWaitMs = 60_000

const reports: Readonly<Record<string, string>> = {
  'summary.json': 'application/json; charset=utf-8',
  'report.html': 'text/html; charset=utf-8',
  'report.md': 'text/markdown; charset=utf-8',
  'junit.xml': 'application/xml; charset=utf-8',
}

interface OfRun {
  readonly Params: { readonly id: string }
}

/** What can be asked about runs. */
export function addRunRoutes(app: FastifyInstance, options: RunRoutesOptions): void {
  const { registry } = options
  app.post('/runs', async ({ headers, body }, reply) => {
    const key = readRequestKey(headers, body)
    const { run, isNew } = await take(body, key, options)
    if (!isNew) void reply.header('idempotent-replayed', 'true')
    void reply.code(202).header('location', `/runs/${run.id}`)
    return run.view()
  })
  app.get<{ readonly Querystring: Readonly<Record<string, unknown>> }>('/runs', ({ query }) => ({
    runs: registry.list().slice(0, readLimit(query['limit'])).map(withoutDetails),
  }))
  app.get<OfRun & { readonly Querystring: Readonly<Record<string, unknown>> }>('/runs/:id', async ({ params, query }) => {
    const run = registry.get(params.id)
    await waitFor(run, readWait(query['wait']), options.clock)
    return run.view()
  })
  app.post<OfRun>('/runs/:id/stop', ({ params }, reply) => {
    const run = registry.get(params.id)
    registry.stop(run)
    void reply.code(202).send(run.view())
  })
  app.post<OfRun>('/runs/:id/control', ({ params, body }, reply) => {
    const run = registry.get(params.id)
    steer(run, body)
    void reply.code(202).send(run.view())
  })
  app.delete<OfRun>('/runs/:id', ({ params }, reply) => {
    registry.remove(registry.get(params.id))
    void reply.code(204).send()
  })
  addReportRoutes(app, options)
}

interface Taken {
  readonly run: ServedRun
  readonly isNew: boolean
}

async function take(body: unknown, key: RequestKey | undefined, { registry, readOrder }: RunRoutesOptions): Promise<Taken> {
  const known = registry.askedBefore(key)
  if (known !== undefined) return { run: known, isNew: false }
  const { notes, ...order } = await readOrder(body)
  // It may have been asked for again meanwhile.
  const meanwhile = registry.askedBefore(key)
  return meanwhile === undefined ? { run: registry.submit(order, notes, key), isNew: true } : { run: meanwhile, isNew: false }
}

function addReportRoutes(app: FastifyInstance, { registry, reportDirectory }: RunRoutesOptions): void {
  for (const [name, type] of Object.entries(reports))
    app.get<OfRun>(`/runs/:id/${name}`, async ({ params }, reply) => {
      const run = registry.get(params.id)
      const text = await readFile(join(reportDirectory(run), name), 'utf8').catch(() => noReport(run))
      // A page of what a target said must not speak for this server.
      void reply.header('content-security-policy', 'sandbox allow-scripts').type(type)
      return text
    })
}

function noReport({ file }: ServedRun): never {
  throw CodedError.refusal(squallErrors.SQUALL_SERVE_NO_REPORT, { message: `the run is ${file.state}` })
}

function withoutDetails(run: ServedRun): Omit<RunView, 'live' | 'notes'> {
  const { live: _, notes: __, ...short } = run.view()
  return short
}

function readLimit(value: unknown): number {
  if (value === undefined) return defaultListed
  const limit = Number(value)
  if (Number.isInteger(limit) && limit >= 1 && limit <= mostListed) return limit
  throw badQuery('limit', value, `a whole number from 1 to ${mostListed}`)
}

function readWait(value: unknown): number {
  if (value === undefined) return 0
  const waitMs = parseDuration(value)
  if (waitMs !== undefined && waitMs <= longestWaitMs) return waitMs
  throw badQuery('wait', value, `a time of at most ${longestWaitMs / 1000}s, such as 30s`)
}

const badQuery = (where: string, value: unknown, expected: string): CodedError =>
  CodedError.refusal(squallErrors.SQUALL_SERVE_BAD_REQUEST, { problems: [{ where, value, expected }] })

/** Until a run is over, or for so long. */
async function waitFor(run: ServedRun, waitMs: number, clock: Clock): Promise<void> {
  if (waitMs === 0 || run.isOver) return
  const ended = new AbortController()
  void run.over.then(() => ended.abort())
  await sleep(clock, waitMs, ended.signal).catch(() => undefined)
}
