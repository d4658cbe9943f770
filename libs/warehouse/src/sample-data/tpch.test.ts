import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EngineSession, WarehouseEngine } from '../engine/engine.ts'
import { ask, openEngine, openSession } from '../test/open-engine.ts'
import { tpchQueries } from '../test/tpch-queries.ts'

let engine: WarehouseEngine
let session: EngineSession
let tables: Readonly<Record<'lineitem' | 'orders' | 'customer' | 'part', readonly Row[]>>

type Row = ReadonlyMap<string, string>

beforeAll(async () => {
  engine = await openEngine()
  session = await openSession(engine, { database: 'SNOWFLAKE_SAMPLE_DATA', schema: 'TPCH_SF1' })
  tables = {
    lineitem: await readTable('lineitem'),
    orders: await readTable('orders'),
    customer: await readTable('customer'),
    part: await readTable('part'),
  }
})
afterAll(async () => engine.close())

async function readTable(name: string): Promise<readonly Row[]> {
  const { columns, rows } = await ask(session, `SELECT * FROM ${name}`)
  return rows.map((row) => new Map(row.map((cell, index) => [(columns[index] ?? '').toLowerCase(), cell ?? ''])))
}

const text = (row: Row | undefined, column: string): string => row?.get(column) ?? ''
/** Days since 1970. */
const day = (row: Row | undefined, column: string): number => Number(text(row, column))
const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000
/** Amounts as whole cents, so that sums are exact. */
const cents = (row: Row | undefined, column: string): bigint => BigInt(text(row, column).replace('.', ''))
const answer = async (query: number): Promise<readonly (readonly (string | null)[])[]> =>
  (await ask(session, tpchQueries[query - 1] ?? '')).rows
const fixed = (value: bigint, scale: number): string => {
  const digits = value.toString().padStart(scale + 1, '0')
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

const price = (row: Row): bigint => cents(row, 'l_extendedprice')
/** In units of a hundredth of a cent. */
const revenue = (rows: readonly Row[]): number =>
  rows.reduce((sum, row) => sum + Number(price(row) * (100n - cents(row, 'l_discount'))), 0)

function countBy(rows: readonly Row[], keyOf: (row: Row) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1)
  return counts
}

test.each(tpchQueries.map((sql, index) => [index + 1, sql] as const))('TPC-H query %i answers with rows', async (_, sql) => {
  expect((await ask(session, sql)).rows.length).toBeGreaterThan(0)
})

test('query 1: sums and counts of shipped lines are those of the rows themselves', async () => {
  const shipped = tables.lineitem.filter((row) => day(row, 'l_shipdate') <= dayOf('1998-09-02'))
  const groups = Map.groupBy(shipped, (row) => `${text(row, 'l_returnflag')}${text(row, 'l_linestatus')}`)
  const expected = [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, rows]) => {
      const total = (of: (row: Row) => bigint): bigint => rows.reduce((sum, row) => sum + of(row), 0n)
      const discounted = (row: Row): bigint => price(row) * (100n - cents(row, 'l_discount'))
      return [
        key,
        fixed(
          total((row) => cents(row, 'l_quantity')),
          2,
        ),
        fixed(total(price), 2),
        fixed(total(discounted), 4),
        fixed(
          total((row) => discounted(row) * (100n + cents(row, 'l_tax'))),
          6,
        ),
        String(rows.length),
      ]
    })
  const rows = await answer(1)
  expect(
    rows.map(([flag, status, quantity, base, discounted, charged, , , , count]) => [
      `${flag}${status}`,
      quantity,
      base,
      discounted,
      charged,
      count,
    ]),
  ).toEqual(expected)
})

test('query 4: orders with a late line, by priority', async () => {
  const late = new Set(
    tables.lineitem.filter((row) => day(row, 'l_commitdate') < day(row, 'l_receiptdate')).map((row) => text(row, 'l_orderkey')),
  )
  const inQuarter = tables.orders.filter(
    (row) => day(row, 'o_orderdate') >= dayOf('1993-07-01') && day(row, 'o_orderdate') < dayOf('1993-10-01'),
  )
  const counts = countBy(
    inQuarter.filter((row) => late.has(text(row, 'o_orderkey'))),
    (row) => text(row, 'o_orderpriority'),
  )
  expect(await answer(4)).toEqual(
    [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([priority, count]) => [priority, String(count)]),
  )
})

test('query 6: revenue of small discounted lines', async () => {
  const revenue = tables.lineitem
    .filter((row) => day(row, 'l_shipdate') >= dayOf('1994-01-01') && day(row, 'l_shipdate') < dayOf('1995-01-01'))
    .filter((row) => cents(row, 'l_discount') >= 5n && cents(row, 'l_discount') <= 7n && cents(row, 'l_quantity') < 2400n)
    .reduce((sum, row) => sum + cents(row, 'l_extendedprice') * cents(row, 'l_discount'), 0n)
  expect(await answer(6)).toEqual([[fixed(revenue, 4)]])
})

test('query 13: customers by number of orders, those without any included', async () => {
  const ordinary = tables.orders.filter((row) => !/special.*requests/.test(text(row, 'o_comment')))
  const orders = countBy(ordinary, (row) => text(row, 'o_custkey'))
  const distribution = new Map<number, number>()
  for (const customer of tables.customer) {
    const count = orders.get(text(customer, 'c_custkey')) ?? 0
    distribution.set(count, (distribution.get(count) ?? 0) + 1)
  }
  const expected = [...distribution].toSorted(([a, x], [b, y]) => y - x || b - a)
  expect((await answer(13)).map(([count, customers]) => [Number(count), Number(customers)])).toEqual(expected)
})

test('query 14: share of promotion parts in revenue', async () => {
  const promotions = new Set(
    tables.part.filter((row) => text(row, 'p_type').startsWith('PROMO')).map((row) => text(row, 'p_partkey')),
  )
  const sold = tables.lineitem.filter(
    (row) => day(row, 'l_shipdate') >= dayOf('1995-09-01') && day(row, 'l_shipdate') < dayOf('1995-10-01'),
  )
  const share = (100 * revenue(sold.filter((row) => promotions.has(text(row, 'l_partkey'))))) / revenue(sold)
  const [[found]] = (await answer(14)) as [[string]]
  // A quotient has six decimals.
  expect(Number(found)).toBeCloseTo(share, 5)
})

test('the tables hold together: no orphans, a third of the customers never ordered, totals are sums of lines', async () => {
  const { rows } = await ask(
    session,
    `SELECT (SELECT COUNT(*) FROM lineitem WHERE l_orderkey NOT IN (SELECT o_orderkey FROM orders)),
            (SELECT COUNT(*) FROM lineitem l WHERE NOT EXISTS (SELECT 1 FROM partsupp WHERE ps_partkey = l_partkey AND ps_suppkey = l_suppkey)),
            (SELECT COUNT(*) FROM orders WHERE o_custkey NOT IN (SELECT c_custkey FROM customer)),
            (SELECT COUNT(DISTINCT ps_partkey, ps_suppkey) FROM partsupp),
            (SELECT COUNT_IF(c_custkey % 3 = 0 AND EXISTS (SELECT 1 FROM orders WHERE o_custkey = c_custkey)) FROM customer),
            (SELECT COUNT(*) FROM orders JOIN (SELECT l_orderkey, SUM(l_extendedprice * (1 + l_tax) * (1 - l_discount)) AS total FROM lineitem GROUP BY 1) ON l_orderkey = o_orderkey
             WHERE ABS(o_totalprice - total) > 0.01)`,
  )
  expect(rows).toEqual([['0', '0', '0', '8000', '0', '0']])
  expect(new Set(tables.orders.map((row) => text(row, 'o_custkey'))).size).toBeGreaterThan(950)
})
