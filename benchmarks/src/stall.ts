// How long the server's event loop stands still while it serves a result of 100,000 rows, page by page, from chunks of 10,000 rows.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startProgram } from '@squall/program'
import { loadAverage, renderNumber, renderSpread, renderTable } from './markdown.ts'
import { callOnce, toRequests } from './mcp-requests.ts'
import { median } from './rounds.ts'
import { readSettings } from './settings.ts'

const totalRows = 100_000
const pageSizes = [100, 1000, 10_000]
const mostPages = 12
const query = `SELECT SEQ4() AS n, 'name ' || SEQ4() AS label, SEQ4() * 1.25 AS price, DATEADD(day, SEQ4() % 1000, '2020-01-01'::DATE) AS day,
  '2024-01-01 12:00:00'::TIMESTAMP_NTZ AS at, SEQ4() % 2 = 0 AS even FROM TABLE(GENERATOR(ROWCOUNT => ${totalRows})) ORDER BY n`

interface Stall {
  readonly longestMs: number
  readonly longestCpuMs: number
}

interface Page {
  readonly structuredContent: { readonly cursor?: string; readonly rowCount: number }
}

const { rounds } = readSettings({ rounds: 3, measuredSeconds: 1 })
const loadBefore = loadAverage()
const probeFile = join(tmpdir(), `squall-stall-${process.pid}.json`)
const probe = fileURLToPath(new URL('./programs/stall-probe.ts', import.meta.url))
const server = await startProgram({
  name: 'snowflake-mcp',
  entry: new URL('../../apps/snowflake-mcp/src/main.ts', import.meta.url),
  args: ['--port', '0', '--max-result-bytes', '20000000'],
  env: { STALL_PROBE: probeFile, NODE_OPTIONS: `--import=${probe}` },
})
try {
  const stalls = new Map<number, Stall[]>(pageSizes.map((size) => [size, []]))
  for (let round = 0; round <= rounds; round += 1)
    for (const size of pageSizes) {
      const found = await stallsOf(size)
      // The first round warms up.
      if (round > 0) stalls.get(size)?.push(...found)
    }
  console.log(renderReport(stalls))
} finally {
  await server.stop()
  rmSync(probeFile, { force: true })
}

/** The longest stalls while each page of the result was served. */
async function stallsOf(limit: number): Promise<Stall[]> {
  const stalls: Stall[] = []
  await readProbe()
  let page = await call('execute_query', { query, limit })
  stalls.push(await readProbe())
  while (page.structuredContent.cursor !== undefined && stalls.length < mostPages) {
    page = await call('read_result', { cursor: page.structuredContent.cursor, limit })
    stalls.push(await readProbe())
  }
  return stalls
}

async function call(tool: string, args: Readonly<Record<string, unknown>>): Promise<Page> {
  const [request] = await toRequests(server.url, 'stateless', { tool, arguments: args, isError: false }, 1)
  if (request === undefined) throw new Error('no request was made')
  // These tools answer with rows, or `callOnce` throws.
  return (await callOnce(server.url, request)).result as Page
}

/** Asks the probe in the server, which then begins anew. */
async function readProbe(): Promise<Stall> {
  rmSync(probeFile, { force: true })
  process.kill(server.pid, 'SIGUSR2')
  for (;;) {
    const text = existsSync(probeFile) ? readFileSync(probeFile, 'utf8') : ''
    // It may be half written.
    if (text.endsWith('}')) return JSON.parse(text) as Stall
    await sleep(5)
  }
}

function renderReport(stalls: ReadonlyMap<number, readonly Stall[]>): string {
  const rows = [...stalls].map(([size, found]) => [
    `${renderNumber(size, 0)} rows a page`,
    renderSpread(
      found.map(({ longestCpuMs }) => longestCpuMs),
      0,
    ),
    renderNumber(median(found.map(({ longestMs }) => longestMs)), 0),
  ])
  const head = ['pages of a 100,000-row result', 'ms of CPU in the longest turn of the loop', 'ms by the clock']
  const load = `load average ${loadBefore.toFixed(1)} before, ${loadAverage().toFixed(1)} after`
  return [
    renderTable(head, rows),
    '',
    `- ${rounds} rounds of at most ${mostPages} pages each, medians (least to most); ${load}`,
  ].join('\n')
}
