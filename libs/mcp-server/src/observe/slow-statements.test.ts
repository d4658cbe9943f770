import { expect, test } from 'vitest'
import { SlowStatements } from '../index.ts'

const ran = (sql: string, durationMs: number) =>
  ({ sql, startedMs: 0, durationMs, outcome: 'ok', queryId: `q-${durationMs}` }) as const
const lower = (sql: string): string => sql.toLowerCase()

test('statements over the threshold are told and kept by their text without values, the slowest first', () => {
  const told: string[] = []
  const slow = new SlowStatements({
    thresholdMs: 100,
    normalize: lower,
    onSlow: (_statement, text, id) => told.push(`${id} ${text}`),
  })
  slow.note(ran('A', 99), 'r0')
  slow.note(ran('A', 100), 'r1')
  slow.note(ran('a', 300), 'r2')
  slow.note(ran('a', 200), 'r3')
  slow.note(ran('B', 500), 'r4')
  expect(told).toEqual(['r1 a', 'r2 a', 'r3 a', 'r4 b'])
  expect(slow.list()).toEqual([
    { text: 'b', count: 1, meanMs: 500, maxMs: 500, requestId: 'r4', queryId: 'q-500' },
    { text: 'a', count: 3, meanMs: 200, maxMs: 300, requestId: 'r2', queryId: 'q-300' },
  ])
})

test('a thousand kinds of slow statements, and texts without end, take no more memory than fifty', () => {
  const slow = new SlowStatements({ thresholdMs: 0, normalize: lower })
  for (let index = 1; index <= 1000; index += 1) slow.note(ran(`${index} ${'x'.repeat(5000)}`, index), 'r')
  expect(slow.list().map(({ maxMs }) => maxMs)).toEqual(Array.from({ length: 50 }, (_, index) => 1000 - index))
  for (const { text } of slow.list()) expect(text).toHaveLength(2000)
})
