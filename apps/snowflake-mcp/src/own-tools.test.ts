// An operator's own tools on the real server over the embedded Snowflake, and what their file must be.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { afterAll, expect, test } from 'vitest'
import { runToEnd, startServer } from './test/run-server.ts'
import { connectTools } from './test/tool-client.ts'

const directory = temporaryDirectory(afterAll)

function toolsFile(name: string, text: string): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

const good = `
tools:
  - name: customers_by_tier
    title: Customers by tier
    description: Lists customers of one tier by their names, of one country where given.
    database: TEST_DB
    parameters:
      - { name: tier, type: string, description: 'free, team or business', enum: [free, team, business] }
      - { name: country, type: string, description: ISO code, required: false, maxLength: 2 }
      - { name: since, type: date, description: Signed up on or after, default: '2000-01-01' }
    sql: |
      SELECT name, country FROM customers -- by tier
      WHERE tier = :tier AND (:country IS NULL OR country = :country) AND signed_up_on >= :since::DATE
      ORDER BY name
    limit: 5
`

test('own tools are listed beside the others, take parameters as values, and cannot be broken out of', async () => {
  const server = await startServer(['--own-tools', toolsFile('tools.yaml', good), '--tools', 'discovery'])
  const tools = await connectTools(server.url)
  const listed = (await tools.client.listTools()).tools.map(({ name }) => name)
  expect(listed).toEqual(expect.arrayContaining(['list_databases', 'customers_by_tier']))
  expect(listed).not.toContain('execute_query')
  const all = await tools.call('customers_by_tier', { tier: 'business' })
  expect(all.data).toMatchObject({ rowCount: 5, truncated: true, columns: [{ name: 'NAME' }, { name: 'COUNTRY' }] })
  const german = await tools.call('customers_by_tier', { tier: 'business', country: 'DE' })
  expect(new Set((german.data['rows'] as unknown[][]).map(([, country]) => country))).toEqual(new Set(['DE']))
  const none = await tools.call('customers_by_tier', { tier: 'business', country: `'=` })
  expect(none.text).toBe('There are no such rows.')
  expect(await tools.failure('customers_by_tier', { tier: `x' OR 1=1` })).toContain('- tier: expected one of "free"')
  await tools.client.close()
  await server.stop()
})

test('everything wrong with own tools and Cortex is told at once, before the server starts', async () => {
  const bad = toolsFile(
    'bad.json',
    JSON.stringify({
      tools: [{ name: 'execute_query', description: 'Does what another tool does', sql: 'DROP TABLE t' }, { nam: 1 }],
    }),
  )
  const { code, stderr } = await runToEnd(['--own-tools', bad, '--cortex-search', 'ONE.TWO', '--tools', 'discovry'])
  expect(code).toBe(2)
  for (const words of [
    'bad.json tools[0].name: found "execute_query", expected a name no other tool has',
    'bad.json tools[0].sql: expected one statement that only reads',
    'bad.json tools[1].nam: expected a key that exists (did you mean name?)',
    '--cortex-search: found "ONE.TWO", expected a whole name',
    '--cortex-search: expected an account, as the embedded Snowflake has no Cortex',
    '--tools: found "discovry", expected some of discovery, query, control, semantic',
  ])
    expect(stderr).toContain(words)
  const missing = await runToEnd([], { SQUALL_MCP_OWN_TOOLS: join(directory, 'none.yaml') })
  expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('SQUALL_MCP_OWN_TOOLS: found ')])
})
