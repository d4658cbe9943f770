import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkReadOnly, createGate, parseObjectPatterns, type Verdict } from './index.ts'
import { beyondTheAllowlist, bypasses, withinTheAllowlist } from './test/corpus.ts'
import { rewritten } from './test/rewritten.ts'

/** The rules under which both corpora are judged: README.md of the corpora says the same. */
const objects = parseObjectPatterns(['ANALYTICS_DB', 'TEST_DB.PUBLIC', 'SALES.*.FACT_*', 'TEST_DB.STAGING.ORDERS'], 'objects')
const gate = createGate({ objects })
const here = { database: 'TEST_DB', schema: 'PUBLIC' }
const denialOf = (verdict: Verdict): string => (verdict.allowed ? '' : `${verdict.reason} ${verdict.hint}`)

test('the corpora are as large as promised', () => {
  expect(beyondTheAllowlist.length).toBeGreaterThanOrEqual(120)
  expect(withinTheAllowlist.length).toBeGreaterThanOrEqual(70)
})

test.each(beyondTheAllowlist)('beyond ($group): $sql', ({ sql }) => {
  const verdict = gate(sql, here)
  expect(denialOf(verdict)).toMatch(/^.{10,}\. .{5,}\.$/s)
  expect(verdict.allowed ? -1 : (verdict.position ?? 0)).toBeLessThan(sql.length)
})

test('most of what lies beyond reads only: it is the list that denies it', () => {
  const reading = beyondTheAllowlist.filter(({ sql }) => checkReadOnly(sql).allowed)
  expect(reading.length).toBeGreaterThan(beyondTheAllowlist.length * 0.9)
})

test.each(withinTheAllowlist)('within ($group): $sql', ({ sql }) => {
  expect(denialOf(gate(sql, here))).toBe('')
})

test('however it is written, what lies beyond is denied and what lies within is allowed', () => {
  const entries = fc.constantFrom(
    ...beyondTheAllowlist.map(({ sql }) => ({ sql, isAllowed: false })),
    ...withinTheAllowlist.map(({ sql }) => ({ sql, isAllowed: true })),
  )
  const writings = entries.chain(({ sql, isAllowed }) => rewritten(sql).map((text) => ({ text, isAllowed })))
  fc.assert(
    fc.property(writings, ({ text, isAllowed }) => {
      expect(gate(text, here).allowed, text).toBe(isAllowed)
    }),
    { numRuns: 3_000 },
  )
})

test('a list of objects lets nothing through that is denied without one', () => {
  for (const { sql } of bypasses) expect(gate(sql, here), sql).toMatchObject({ allowed: false })
})

describe('where a bare name leads', () => {
  test.each([
    ['in the current schema', { database: 'TEST_DB', schema: 'PUBLIC' }, true],
    ['in a schema that is not allowed', { database: 'TEST_DB', schema: 'STAGING' }, false],
    ['in another database', { database: 'SECRET', schema: 'PUBLIC' }, false],
    ['in a database without a current schema', { database: 'TEST_DB', schema: null }, false],
    ['nobody knows where', {}, false],
  ])('%s', (_where, place, isAllowed) => {
    expect(gate('SELECT * FROM t', place).allowed).toBe(isAllowed)
  })

  test('Snowflake goes on looking in PUBLIC: a bare name must be allowed there too', () => {
    const only = createGate({ objects: parseObjectPatterns(['TEST_DB.STAGING'], 'objects') })
    expect(only('SELECT * FROM t', { database: 'TEST_DB', schema: 'STAGING' })).toMatchObject({
      allowed: false,
      reason: 'TEST_DB.PUBLIC.T is not among the objects that may be read here.',
    })
    expect(only('SELECT * FROM staging.t', { database: 'TEST_DB', schema: 'STAGING' }).allowed).toBe(true)
  })

  test.each(['SHOW TABLES', 'SHOW TABLES IN DATABASE', 'SHOW SCHEMAS', 'DESC SCHEMA public', 'SELECT * FROM public.t'])(
    'without a current database %s leads nowhere',
    (sql) => expect(gate(sql, {}).allowed).toBe(false),
  )
})

test('functions the operator vouches for may be called, by exactly their names', () => {
  const vouching = createGate({
    functions: parseObjectPatterns(['SNOWFLAKE.CORTEX.*', 'AI_COMPLETE', 'UTIL.PUBLIC.F'], 'functions'),
  })
  for (const sql of [
    "SELECT SNOWFLAKE.CORTEX.SENTIMENT('x')",
    "SELECT ai_complete('m', 'p')",
    'SELECT * FROM TABLE(util.public.f(1))',
  ])
    expect(denialOf(vouching(sql))).toBe('')
  for (const sql of [
    "SELECT X.CORTEX.SENTIMENT('x')",
    'SELECT PUBLIC.F(1)',
    'SELECT F(1)',
    'SELECT "ai_complete"(1)',
    'SELECT UTIL.PUBLIC.F!G(1)',
  ])
    expect(vouching(sql), sql).toMatchObject({ allowed: false })
})

test.each(['', 'a.b.c.d', 'a b', '.a', 'a.', 'a..b', '"a', 'a-b', '1a'])('%j is no pattern', (text) => {
  expect(() => parseObjectPatterns(['GOOD.*', text], 'policy.objects')).toThrow(
    expect.objectContaining({ code: 'SQL_POLICY_BAD_PATTERN', problems: [expect.objectContaining({ value: text })] }) as Error,
  )
})

test('what a pattern means does not depend on how many stars stand in a row, and none takes for ever', () => {
  const [pattern] = parseObjectPatterns(['A*******************B'], 'objects')
  expect(pattern?.parts[0]?.test(`A${'x'.repeat(100_000)}`)).toBe(false)
  expect(pattern?.parts[0]?.test('AxB')).toBe(true)
})

/** A name of so many letters that comes near `*A*B*C*` again and again, and is none. */
function ab(length: number): string {
  return 'AB'.repeat(length).slice(0, length)
}

test('no pattern means a name longer than Snowflake knows: matched against several stars it could take minutes', () => {
  const patterns = parseObjectPatterns(['TEST_DB.PUBLIC.*A*B*C*'], 'objects')
  const starred = createGate({ objects: patterns, functions: parseObjectPatterns(['*A*B*C*'], 'functions') })
  expect(denialOf(starred(`SELECT * FROM ${ab(254)}C`, here))).toBe('')
  expect(denialOf(starred(`SELECT * FROM ${ab(255)}C`, here))).toContain('not among the objects')
  expect(denialOf(starred(`SELECT * FROM ${ab(150_000)}`, here))).toContain('not among the objects')
  expect(denialOf(starred(`SELECT ${ab(150_000)}(1)`, here))).toContain('not known')
})

test.each(['(SELECT * FROM t', 'FROM ', 'a.', 'WITH a AS (', ' UNION ALL SELECT 1', ', (WITH b AS (SELECT 1) SELECT 1)', 'a, '])(
  'half a megabyte of %j is judged in one go',
  (piece) => {
    expect(typeof gate(`SELECT * FROM ${piece.repeat(500_000 / piece.length)}`, here).allowed).toBe('boolean')
  },
  20_000,
)

test('many common table expressions beside many queries of their own are judged in one go', () => {
  const expressions = Array.from({ length: 12_000 }, (_, n) => `a${n} AS (SELECT 1)`).join(', ')
  const sql = `WITH ${expressions} SELECT ${'(WITH b AS (SELECT 1) SELECT 1), '.repeat(12_000)}1`
  expect(denialOf(gate(sql, here))).toBe('')
}, 20_000)
