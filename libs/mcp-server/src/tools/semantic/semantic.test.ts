import { createGate } from '@squall/sql-policy'
import { expect, test } from 'vitest'
import { scriptedSnowflake, type Script } from '../../test/scripted-snowflake.ts'
import { callTool, testCore, textOf } from '../../test/test-core.ts'

const world: Script = (sql) => {
  if (sql.startsWith('SHOW SEMANTIC VIEWS'))
    return {
      columns: ['created_on', 'name', 'comment'],
      rows: [
        ['x', 'REVENUE', 'What came in'],
        ['x', 'STOCK', ''],
      ],
    }
  if (sql.startsWith('DESCRIBE SEMANTIC VIEW'))
    return {
      columns: ['object_kind', 'object_name', 'parent_entity', 'property', 'property_value'],
      rows: [
        [null, null, null, 'COMMENT', 'all'],
        ['TABLE', 'ORDERS', null, 'PRIMARY_KEY', '["ID"]'],
        ['METRIC', 'TOTAL', 'ORDERS', 'EXPRESSION', 'SUM(amount)'],
        ['METRIC', 'TOTAL', 'ORDERS', 'DATA_TYPE', 'NUMBER(38,2)'],
      ],
    }
  return {
    columns: ['COUNTRY', 'TOTAL:NUMBER(38,2)'],
    rows: [
      ['DE', 10],
      ['FR', 7],
    ],
  }
}

function setUp(script: Script = world) {
  const snowflake = scriptedSnowflake(script)
  const core = testCore(snowflake, { toolGroups: ['semantic'], checkReadOnly: createGate({}) })
  return { snowflake, core }
}

const view = { database: 'SALES', view: 'REVENUE' }

test('semantic views are listed and described by the names a query takes', async () => {
  const { core } = setUp()
  expect(core.tools.map(({ name }) => name)).toEqual(['list_semantic_views', 'describe_semantic_view', 'query_semantic_view'])
  const listed = await callTool(core, 'list_semantic_views', { database: 'sales' })
  expect(textOf(listed)).toBe('Semantic views in SALES.PUBLIC:\nREVENUE: What came in\nSTOCK')
  const described = await callTool(core, 'describe_semantic_view', view)
  expect(textOf(described)).toContain(
    '- table ORDERS (primary_key ["ID"])\n- metric ORDERS.TOTAL (expression SUM(amount), data_type NUMBER(38,2))',
  )
  const none = setUp(() => ({ columns: ['name'], rows: [] }))
  expect(textOf(await callTool(none.core, 'list_semantic_views', { database: 'SALES' }))).toMatch(/^No semantic views found/)
})

test('a query names metrics and dimensions, quoted, and passes the real gate', async () => {
  const { snowflake, core } = setUp()
  const args = {
    ...view,
    metrics: ['orders.total'],
    dimensions: ['customers."Home country"', 'region'],
    where: "region = 'EU' -- all",
  }
  const outcome = await callTool(core, 'query_semantic_view', args)
  expect(textOf(outcome)).toMatch(/^## Data from SALES\.PUBLIC\.REVENUE \(Showing 2 rows\)/)
  expect(snowflake.sql()).toEqual([
    `SELECT * FROM SEMANTIC_VIEW(\n"SALES"."PUBLIC"."REVENUE"\nDIMENSIONS "CUSTOMERS"."Home country", "REGION"\n` +
      `METRICS "ORDERS"."TOTAL"\nWHERE region = 'EU' -- all\n)\nLIMIT 101`,
  ])
  const csv = await callTool(core, 'query_semantic_view', { ...view, metrics: ['orders.total'], format: 'csv' })
  expect(textOf(csv)).toBe('COUNTRY,TOTAL\nDE,10\nFR,7\n')
})

test.each([
  [{}, '- metrics: at least one metric or dimension'],
  [
    { metrics: ['a.b.c'] },
    '- metrics.0: expected names as describe_semantic_view gives them: at most 2 parts joined by dots; got "a.b.c"',
  ],
  [{ metrics: 'orders.total' }, '- metrics: expected a list of names, such as ["orders.revenue"]; got "orders.total"'],
  [{ metrics: ['x; DROP TABLE t'] }, '- metrics.0: expected names as describe_semantic_view gives them'],
  [{ metrics: ['a.b'], where: '1=1) UNION SELECT SYSTEM$WAIT(1) FROM (SELECT 1' }, '[MCP_NOT_READ_ONLY]'],
  [{ metrics: ['a.b'], where: 'a = $$ -- ' }, '[MCP_NOT_READ_ONLY]'],
])('a query with %j is refused, and nothing is sent', async (args, text) => {
  const { snowflake, core } = setUp()
  expect(textOf(await callTool(core, 'query_semantic_view', { ...view, ...args }))).toContain(text)
  expect(snowflake.statements).toEqual([])
})
