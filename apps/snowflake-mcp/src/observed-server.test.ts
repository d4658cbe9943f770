// What an operator sees of the real server: metrics, log, audit trail, traces, slow queries, health; and what nobody may see in them.
import { createHash, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startProgram, type RunningProgram } from '@squall/program'
import { temporaryDirectory } from '@squall/testing'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startServer, runToEnd, type RunningServer } from './test/run-server.ts'
import { startTraceCollector, type CollectedSpan, type TraceCollector } from './test/trace-collector.ts'

const patience = { timeout: 20_000, interval: 20 }

const directory = temporaryDirectory(afterAll)
const password = 'canary-password-7391'
const passphrase = 'canary-passphrase-7391'
const token = 'canary-token-7391'
const keyPath = join(directory, 'key.p8')
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
writeFileSync(keyPath, privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase }))

/** Statements with this word in them take a second, at no cost for the machine. */
const faults = { latency: { rules: [{ pattern: 'slow_mark', delay: { ms: 1000 } }] } }

// One Snowflake for all servers of this file, which signs in a user by a password that must never be seen.
let snowflake: RunningProgram
let collector: TraceCollector
/** One that is watched in every way, for the tests that change nothing about it. */
let watched: RunningServer
const auditPath = join(directory, 'watched.jsonl')
beforeAll(async () => {
  collector = await startTraceCollector()
  snowflake = await startProgram({
    name: 'snowflake-local',
    entry: new URL('../../snowflake-local/src/main.ts', import.meta.url),
    args: ['--host', '127.0.0.1', '--port', '0'],
    env: { SNOWFLAKE_LOCAL_USER: 'CANARY', SNOWFLAKE_LOCAL_PASSWORD: password, SNOWFLAKE_LOCAL_FAULTS: JSON.stringify(faults) },
  })
  const watching = ['--log-level', 'info', '--audit', auditPath, '--slow-query-ms', '0', '--trace-endpoint', collector.url]
  watched = await start([...watching, '--snowflake-times-interval-ms', '500'])
  running.length = 0
})
const running: RunningServer[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()))
})
afterAll(async () => {
  await watched.stop()
  await snowflake.stop(1000)
  await collector.close()
})

const secrets = {
  SNOWFLAKE_ACCOUNT: 'LOCAL',
  SNOWFLAKE_USER: 'CANARY',
  SNOWFLAKE_DATABASE: 'TEST_DB',
  SNOWFLAKE_SCHEMA: 'PUBLIC',
  SNOWFLAKE_PASSWORD: password,
  SNOWFLAKE_TOKEN: token,
  SNOWFLAKE_PRIVATE_KEY_PATH: keyPath,
  SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: passphrase,
  SNOWFLAKE_AUTHENTICATOR: 'SNOWFLAKE',
}

async function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<RunningServer> {
  const server = await startServer(args, { ...secrets, SNOWFLAKE_ACCESS_URL: snowflake.url, ...env })
  running.push(server)
  return server
}

interface Reply {
  readonly status: number
  readonly body: { readonly error?: unknown; readonly result?: { readonly structuredContent?: { readonly requestId: string } } }
}

async function call(
  server: RunningServer,
  query: string,
  { headers = {}, meta, more = {} }: { headers?: Record<string, string>; meta?: object; more?: object } = {},
): Promise<Reply> {
  const params = { name: 'execute_query', arguments: { query, ...more }, ...(meta && { _meta: meta }) }
  const reply = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  })
  return { status: reply.status, body: (await reply.json()) as Reply['body'] }
}

async function get(server: RunningServer, path: string, headers: Record<string, string> = {}): Promise<string> {
  return (await fetch(new URL(path, server.url), { headers })).text()
}

function logOf(server: RunningServer): object[] {
  const lines = server.output().stderr.split('\n').slice(0, -1)
  return lines.flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as object] : []))
}

function auditIn(path: string): Record<string, unknown>[] {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}

const traceId = '0af7651916cd43dd8448eb211c80319c'
const spansOf = (id: string): readonly CollectedSpan[] => collector.spans().filter((span) => span.traceId === id)
const attributesOf = ({ attributes }: CollectedSpan): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

/** One call is told by log, audit trail, trace, slow queries and metrics, under one request id. */
async function callIsToldEverywhere(server: RunningServer, path: string): Promise<void> {
  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` }
  const { body } = await call(server, "SELECT 'hunter2' AS a FROM TEST_DB.PUBLIC.CUSTOMERS", { headers })
  const requestId = body.result?.structuredContent?.requestId
  expect(requestId).toMatch(/^[\da-f-]{36}$/)

  const sql = 'SELECT ? AS A FROM TEST_DB.PUBLIC.CUSTOMERS LIMIT ?'
  await expect
    .poll(() => logOf(server), patience)
    .toMatchObject([
      { msg: 'slow query', requestId, sql },
      {
        msg: 'call',
        level: 30,
        requestId,
        tool: 'execute_query',
        outcome: 'ok',
        statements: 1,
        principal: 'local',
        clientType: 'http_client',
      },
    ])
  await expect
    .poll(() => auditIn(path), patience)
    .toMatchObject([
      {
        requestId,
        principal: 'local',
        transport: 'http',
        remoteAddress: '127.0.0.1',
        tool: 'execute_query',
        outcome: 'ok',
        rows: 100,
        traceparent: headers.traceparent,
        statements: [
          {
            class: 'select',
            sql,
            objects: ['TEST_DB.PUBLIC.CUSTOMERS'],
            outcome: 'ok',
            rows: 100,
            fingerprint: expect.stringMatching(/^[\da-f]{16}$/) as string,
          },
        ],
      },
    ])
  expect(JSON.parse(await get(server, '/status/slow-queries'))).toMatchObject({ slowest: [{ text: sql, count: 1, requestId }] })
  await expect
    .poll(
      () =>
        spansOf(traceId)
          .map(({ name }) => name)
          .toSorted(),
      patience,
    )
    .toEqual(['admission', 'pool wait', 'snowflake SELECT', 'tools/call execute_query'])
  const [root, ...children] = spansOf(traceId).toSorted(
    (a, b) => Number(a.parentSpanId !== 'b7ad6b7169203331') - Number(b.parentSpanId !== 'b7ad6b7169203331'),
  )
  if (root === undefined) throw new Error('there is no span')
  expect(attributesOf(root)).toMatchObject({
    'squall.request_id': requestId,
    'gen_ai.tool.name': 'execute_query',
    'squall.outcome': 'ok',
  })
  for (const child of children) {
    expect(child.parentSpanId).toBe(root.spanId)
    expect(BigInt(child.startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(root.startTimeUnixNano))
    expect(BigInt(child.endTimeUnixNano)).toBeLessThanOrEqual(BigInt(root.endTimeUnixNano))
  }
  const statement = children.find(({ name }) => name.startsWith('snowflake'))
  expect(statement && attributesOf(statement)).toMatchObject({ 'db.system.name': 'snowflake', 'db.query.text': sql })
  const metrics = await get(server, '/metrics')
  for (const line of [
    'mcp_requests_total{tool="execute_query",outcome="ok",client_type="http_client"} 1',
    'mcp_query_duration_seconds_count{class="select"} 1',
    'mcp_audit_lines_total 1',
    'mcp_health_status{status="healthy"} 1',
  ])
    expect(metrics).toContain(`\n${line}\n`)
}

async function healthOf(server: RunningServer): Promise<unknown> {
  return JSON.parse(await get(server, '/health/detailed'))
}

/** Its state goes from healthy to degraded while calls wait, to unhealthy while nothing can be audited, and back each time. */
async function healthTellsWhatIsWrong(server: RunningServer, path: string): Promise<void> {
  expect(await healthOf(server)).toMatchObject({ status: 'healthy', ready: true, reasons: [] })
  const slow = Promise.all(Array.from({ length: 3 }, (_, index) => call(server, `SELECT ${index} AS slow_mark`)))
  await expect
    .poll(() => healthOf(server), patience)
    .toMatchObject({
      status: 'degraded',
      ready: true,
      reasons: [{ code: 'pool_exhausted', message: '2 calls wait for one of 1 sessions in Snowflake.' }],
    })
  await slow
  expect(await healthOf(server)).toMatchObject({ status: 'healthy' })
  unlinkSync(path)
  symlinkSync('/dev/full', path)
  await call(server, 'SELECT 1')
  await expect
    .poll(() => healthOf(server), patience)
    .toMatchObject({ status: 'unhealthy', ready: false, reasons: [{ code: 'audit' }] })
  unlinkSync(path)
  await expect.poll(() => healthOf(server), patience).toMatchObject({ status: 'healthy', reasons: [] })
}

test('an operator sees all of it: metrics, log, audit trail, traces, slow queries, and health with its reasons [S14]', async () => {
  const path = join(directory, 'whole.jsonl')
  const watching = ['--log-level', 'info', '--audit', path, '--slow-query-ms', '0', '--trace-endpoint', collector.url]
  const server = await start([...watching, '--pool-min', '1', '--pool-max', '1', '--drain-timeout-ms', '20000'])
  await callIsToldEverywhere(server, path)
  await healthTellsWhatIsWrong(server, path)
  const last = call(server, "SELECT 'last' AS slow_mark")
  await expect.poll(() => get(server, '/metrics'), patience).toContain('\nmcp_concurrent_requests 1\n')
  server.child.kill('SIGTERM')
  await expect
    .poll(() => healthOf(server), patience)
    .toMatchObject({ status: 'draining', ready: false, reasons: [{ code: 'draining' }] })
  expect((await last).status).toBe(200)
  expect((await server.ended).code).toBe(0)
  // What was on its way to the disk when the server was told to stop is on it.
  expect(auditIn(path).at(-1)).toMatchObject({ outcome: 'ok', statements: [{ sql: 'SELECT ? AS SLOW_MARK LIMIT ?' }] })
})

const traceparent = (id: string, flags: string): string => `00-${id}-b7ad6b7169203331-${flags}`

test('a trace begins with the client, by header or by _meta, or with the server; one that is not sampled is not sent', async () => {
  const [byMeta, byHeader, unsampled] = ['1', '2', '3'].map((digit) => digit.repeat(32)) as [string, string, string]
  const before = collector.spans().length
  const both = { headers: { traceparent: traceparent(byHeader, '01') }, meta: { traceparent: traceparent(byMeta, '01') } }
  await call(watched, 'SELECT 1', both)
  await call(watched, 'SELECT 2', { headers: { traceparent: traceparent(unsampled, '00') } })
  await call(watched, 'SELECT 3', { headers: { traceparent: 'nonsense' } })
  await call(watched, 'SELECT nope', { headers: { traceparent: traceparent('0'.repeat(32), '01') } })
  await expect.poll(() => collector.spans().length - before, patience).toBe(12)
  expect([byMeta, byHeader, unsampled].map((id) => spansOf(id).length)).toEqual([4, 0, 0])
  const own = collector
    .spans()
    .slice(before)
    .filter(({ name, traceId: id }) => name.startsWith('tools/call') && id !== byMeta)
  expect(own.map(({ parentSpanId, status }) => [parentSpanId ?? '', status.message])).toEqual([
    ['', undefined],
    ['', 'SNOWFLAKE_QUERY_FAILED'],
  ])
})

test('a query that runs on in the background is in the audit trail once when it begins and once when it has ended', async () => {
  const { body } = await call(watched, "SELECT 'behind' AS slow_mark", { more: { wait: false } })
  const requestId = /Request ID: (\S+)/.exec(JSON.stringify(body))?.[1]?.slice(0, 36)
  const lines = (): object[] => auditIn(auditPath).filter((line) => line['requestId'] === requestId)
  await expect.poll(lines, patience).toMatchObject([
    { event: 'call', outcome: 'ok', statements: [] },
    { event: 'background statement', outcome: 'ok', statements: [{ sql: 'SELECT ? AS SLOW_MARK LIMIT ?', outcome: 'ok' }] },
  ])
})

test('Snowflake itself is asked how long statements queued and ran', async () => {
  await call(watched, "SELECT 'asked' AS slow_mark")
  await expect.poll(() => get(watched, '/metrics'), patience).toMatch(/\nmcp_snowflake_execution_seconds_count [1-9]/)
  const metrics = await get(watched, '/metrics')
  expect(metrics).toMatch(/\nmcp_snowflake_queued_seconds_count [1-9]/)
  expect(metrics).toContain('\nmcp_snowflake_history_failures_total 0\n')
})

test('a collector that fails costs calls nothing, and is counted', async () => {
  collector.answerWith(400)
  expect((await call(watched, 'SELECT 1')).status).toBe(200)
  await expect.poll(() => get(watched, '/metrics'), patience).toMatch(/\nmcp_trace_spans_failed_total [1-9]/)
  collector.answerWith(200)
  await call(watched, 'SELECT 1')
  await expect.poll(() => get(watched, '/metrics'), patience).toMatch(/\nmcp_trace_spans_exported_total [1-9]/)
})

async function scriptsLoaded(args: readonly string[]): Promise<string[]> {
  const coverage = mkdtempSync(join(directory, 'scripts-'))
  const server = await start(args, { NODE_V8_COVERAGE: coverage })
  await call(server, 'SELECT 1')
  await server.stop()
  return readdirSync(coverage).flatMap((name) => scriptsIn(join(coverage, name)))
}

function scriptsIn(coverageFile: string): string[] {
  // Written by Node itself.
  const { result } = JSON.parse(readFileSync(coverageFile, 'utf8')) as { readonly result: readonly { readonly url: string }[] }
  return result.map(({ url }) => url)
}

test('without a collector nothing of OpenTelemetry is loaded', async () => {
  // The interface alone, which does nothing, comes with prom-client.
  const ofTraces = /@opentelemetry\/(?!api\/)|otlp-tracer/
  expect((await scriptsLoaded([])).filter((url) => ofTraces.test(url))).toEqual([])
  const withCollector = await scriptsLoaded(['--trace-endpoint', collector.url])
  expect(withCollector.filter((url) => ofTraces.test(url)).length).toBeGreaterThan(10)
})

test('while the audit trail cannot be written calls are refused, and run again as soon as it can; nothing that ran is missing', async () => {
  const path = join(directory, 'full.jsonl')
  symlinkSync('/dev/full', path)
  const server = await start(['--audit', path])
  // The first call finds out; what it did is kept.
  await call(server, 'SELECT 1')
  await expect.poll(async () => (await call(server, 'SELECT 2')).status, patience).toBe(503)
  expect((await call(server, 'SELECT 3')).body.error).toMatchObject({
    data: { code: 'SNOWFLAKE_MCP_AUDIT_UNAVAILABLE', retryAfterSeconds: 1 },
  })
  expect(JSON.parse(await get(server, '/health/detailed'))).toMatchObject({
    status: 'unhealthy',
    ready: false,
    reasons: [{ code: 'audit', message: expect.stringContaining('no space left') as string }],
  })
  unlinkSync(path)
  await expect.poll(async () => (await call(server, "SELECT 'after'")).status, patience).toBe(200)
  await server.stop()
  running.length = 0
  const ran = auditIn(path).filter(({ outcome }) => outcome === 'ok')
  expect(ran.length).toBeGreaterThanOrEqual(2)
  expect(server.output().stderr).toContain('the audit trail is written again')
})

test('an operator may choose that calls run though the audit trail cannot be written, and its losses are counted', async () => {
  const server = await start(['--audit', '/dev/full', '--audit-when-failing', 'count'])
  for (let count = 0; count < 20; count += 1) expect((await call(server, 'SELECT 1')).status).toBe(200)
  expect(JSON.parse(await get(server, '/health/detailed'))).toMatchObject({
    status: 'degraded',
    ready: true,
    reasons: [{ code: 'audit' }],
  })
  expect(await get(server, '/metrics')).toMatch(/\nmcp_audit_waiting_bytes [1-9]/)
})

test.each(['stdout', 'stderr'] as const)('an audit trail may go to %s', async (stream) => {
  const server = await start(['--audit', stream])
  await call(server, 'SELECT 1')
  await expect.poll(() => server.output()[stream], patience).toMatch(/(?:^|\n)\{"time":.*"outcome":"ok".*\}\n$/)
})

test.each([
  [['--audit', '/no/such/directory/audit'], 9, 'SNOWFLAKE_MCP_AUDIT_UNAVAILABLE'],
  [['--stdio', '--audit', 'stdout'], 2, '--audit'],
])('%j cannot be started', async (args, code, words) => {
  const ended = await runToEnd(args)
  expect([ended.code, ended.stdout]).toEqual([code, ''])
  expect(ended.stderr).toContain(words)
})

test('secrets and values reach no log, no audit trail, no metric, no trace, no page and no error', async () => {
  const path = join(directory, 'canary.jsonl')
  const keysFile = join(directory, 'keys.json')
  const apiKey = 'canary-api-key-7391'
  const sha256 = createHash('sha256').update(apiKey).digest('hex')
  writeFileSync(keysFile, JSON.stringify({ keys: [{ name: 'reporting', sha256, scopes: ['admin'] }] }))
  const observed = ['--log-level', 'debug', '--audit', path, '--slow-query-ms', '0', '--trace-endpoint', collector.url]
  const server = await start([...observed, '--keys-file', keysFile, '--token-passthrough', 'PROGRAMMATIC_ACCESS_TOKEN'])
  const headers = { 'x-api-key': apiKey, cookie: 'canary-cookie-7391' }
  const value = 'canary-value-7391'
  const failed = [
    await call(server, `SELECT '${value}' AS a, 73917391, $$${value}$$ /* ${value} */ -- ${value}`, { headers }),
    await call(server, `SELECT TO_NUMBER('${value}')`, { headers }),
    await call(server, `DROP TABLE "x" /* ${value} */`, { headers }),
    await call(server, `SELECT '${value}`, { headers }),
    await call(server, 'SELECT 1', { headers: { ...headers, traceparent: value } }),
  ]
  // Signing in to Snowflake as oneself, with a token that Snowflake does not take.
  const own = { headers: { ...headers, 'x-snowflake-token': 'canary-own-7391' } }
  const asOneself = [
    await call(server, 'SELECT 1', own),
    await call(server, 'SELECT 1', own),
    await call(server, 'SELECT 1', own),
  ]
  expect(JSON.stringify(asOneself)).toContain('SNOWFLAKE_SIGN_IN_FAILED')
  // Which is no fault of the server's.
  expect(JSON.parse(await get(server, '/health/detailed', headers))).toMatchObject({ status: 'healthy', reasons: [] })
  const guessed = await call(server, 'SELECT 1', { headers: { authorization: 'Bearer canary-bearer-7391' } })
  expect([guessed.status, ...failed.map(({ status }) => status)]).toEqual([401, 200, 200, 200, 200, 200])
  const wrong = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: '{"canary-body-7391',
  })
  const pages = await Promise.all(
    ['/health', '/health/detailed', '/status', '/status/slow-queries', '/metrics'].map((page) => get(server, page, headers)),
  )
  await server.stop()
  running.length = 0
  const { stdout, stderr } = server.output()
  const seen: Record<string, string> = {
    stdout,
    stderr,
    audit: readFileSync(path, 'utf8'),
    pages: pages.join(''),
    traces: collector.received(),
    wrong: await wrong.text(),
  }
  for (const [where, text] of Object.entries(seen)) {
    expect(text.length, where).toBeGreaterThan(where === 'stdout' ? -1 : 10)
    expect(text, where).not.toMatch(/canary-(?:password|passphrase|token|api-key|bearer|cookie|body|own)/)
  }
  // What a debugging operator asks for may hold what a statement held: Snowflake's own messages repeat it.
  const { stderr: _debugging, ...rest } = seen
  for (const [where, text] of Object.entries(rest)) expect(text, where).not.toMatch(/canary-value|73917391/)
  expect(auditIn(path)).toContainEqual(expect.objectContaining({ event: 'call', principal: 'key:reporting', outcome: 'ok' }))
  const { time: _time, ...refusedCredential } = auditIn(path).find(({ event }) => event === 'credential refused') ?? {}
  expect(refusedCredential).toEqual({
    event: 'credential refused',
    outcome: 'refused',
    code: 'invalid',
    remoteAddress: '127.0.0.1',
  })
  expect(JSON.stringify([failed, guessed, asOneself])).not.toMatch(
    /canary-(?:password|passphrase|token|api-key|bearer|cookie|own)/,
  )
  const refused = await runToEnd(['--port', '0'], {
    ...secrets,
    SNOWFLAKE_PASSWORD: 'canary-wrong-7391',
    SNOWFLAKE_ACCESS_URL: snowflake.url,
  })
  expect(refused.stderr).toContain('SNOWFLAKE_SIGN_IN_FAILED')
  expect(refused.stderr + refused.stdout).not.toContain('canary-')
})

interface Panel {
  readonly title: string
  readonly targets?: readonly { readonly expr: string }[]
}

function deployed(path: string): string {
  return readFileSync(new URL(`../../../deploy/${path}`, import.meta.url), 'utf8')
}

/** Names in a PromQL expression that look like those of metrics. */
function metricsIn(expression: string): readonly string[] {
  const withoutLabels = expression.replaceAll(/\{[^}]*\}/g, '')
  return withoutLabels.match(/\b(?:mcp|process|nodejs)_\w+/g) ?? []
}

test('every metric that the dashboard, the alert rules and the document name is one the server gives', async () => {
  const metrics = await get(watched, '/metrics')
  const types = new Map(Array.from(metrics.matchAll(/^# TYPE (\S+) (\S+)$/gm), ([, name = '', type = '']) => [name, type]))
  const given = new Set(
    [...types].flatMap(([name, type]) => (type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name])),
  )
  // Both files are ours.
  const { panels } = JSON.parse(deployed('grafana/snowflake-mcp.json')) as { readonly panels: readonly Panel[] }
  const rules = Array.from(deployed('prometheus/snowflake-mcp-alerts.yml').matchAll(/^ +expr: (.+)$/gm), ([, expr = '']) => expr)
  const expressions = [...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)), ...rules]
  expect(expressions.length).toBeGreaterThan(60)
  const document = readFileSync(new URL('../../../docs/observing.md', import.meta.url), 'utf8')
  expect(document.match(/\b(?:mcp|process|nodejs)_\w+[a-z]/g)?.filter((name) => !types.has(name))).toEqual([])
  for (const expression of expressions) {
    expect(metricsIn(expression), expression).not.toEqual([])
    expect(
      metricsIn(expression).filter((name) => !given.has(name)),
      expression,
    ).toEqual([])
  }
})
