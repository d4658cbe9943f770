import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root, run } from './support/programs.ts'
import { scratchDirectory } from './support/reports.ts'
import { startSnowflakeMcp } from './support/servers.ts'

interface ArtilleryReport {
  readonly aggregate: {
    readonly counters: Readonly<Record<string, number>>
    readonly summaries: Readonly<Record<string, unknown>>
  }
}

const tools = ['describe_view', 'execute_query', 'list_databases', 'list_views', 'query_view']

test('stock Artillery runs the smoke pack against the same server, with numbers for each tool', async () => {
  const { url } = await startSnowflakeMcp()
  const output = join(scratchDirectory(), 'artillery.json')
  const pack = `${root}artillery/packs/smoke/pack.yml`
  const ended = await run('artillery', ['run', '--target', url, '--output', output, pack], {
    env: { ARTILLERY_DISABLE_TELEMETRY: 'true', NODE_OPTIONS: '--conditions=@squall/source' },
  })
  expect(ended, ended.stdout + ended.stderr).toMatchObject({ code: 0 })
  const { counters, summaries } = (JSON.parse(readFileSync(output, 'utf8')) as ArtilleryReport).aggregate
  expect(counters['vusers.completed']).toBe(counters['vusers.created'])
  expect(counters['vusers.failed']).toBe(0)
  for (const tool of tools) {
    const endpoint = `plugins.metrics-by-endpoint.${tool}`
    expect(counters[`${endpoint}.codes.200`], tool).toBeGreaterThan(0)
    expect(counters[`${endpoint}.codes.200`], tool).toBe(counters[`mcp.tools.${tool}.calls`])
    expect(summaries[`plugins.metrics-by-endpoint.response_time.${tool}`], tool).toBeDefined()
  }
}, 120_000)
