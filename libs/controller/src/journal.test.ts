import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RunAggregate } from '@squall/metrics'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { openJournal, readJournal, type JournalEntry } from './journal.ts'
import { demoPlan } from './test/demo-plan.ts'
import { demoSnapshot, many } from './test/demo-snapshot.ts'

const entries: JournalEntry[] = [
  { type: 'run', runId: 'r', startAtWallMs: 5, shards: 1, plan: demoPlan },
  { type: 'snapshot', shard: 0, epoch: 1, sequence: 0, snapshot: demoSnapshot(0, many(30, { ms: 7 })) },
  { type: 'snapshot', shard: 0, epoch: 1, sequence: 1, snapshot: demoSnapshot(1, [{ error: 'tool.is_error' }]) },
  { type: 'shard-lost', shard: 0, epoch: 1, cause: 'killed' },
]

test('a journal reads back as it was written, to the same numbers', async () => {
  const path = join(temporaryDirectory(onTestFinished), 'journal.jsonl')
  const journal = openJournal(path)
  for (const entry of entries) journal.append(entry)
  expect(await journal.close()).toBeUndefined()
  expect(readJournal(path)).toMatchObject(entries)
  expect(numbers(readJournal(path))).toEqual(numbers(entries))
  expect(numbers(entries)).toMatchObject({ calls: 31, failed: 1 })
})

test('a snapshot is one short line, with its shard and second as text', async () => {
  const path = join(temporaryDirectory(onTestFinished), 'journal.jsonl')
  const journal = openJournal(path)
  journal.append({ type: 'snapshot', shard: 2, epoch: 1, sequence: 9, snapshot: demoSnapshot(7, many(30, { ms: 7 })) })
  await journal.close()
  const [line = '', ...more] = readFileSync(path, 'utf8').split('\n')
  expect(JSON.parse(line)).toEqual({
    type: 'snapshot',
    shard: 2,
    epoch: 1,
    sequence: 9,
    second: 7,
    packed: expect.stringMatching(/^[A-Za-z0-9+/=]+$/) as string,
  })
  expect(line.length).toBeLessThan(400)
  expect(more).toEqual([''])
})

test('a journal that cannot be written does not stop anything, and says so in the end', async () => {
  const journal = openJournal(join(temporaryDirectory(onTestFinished), 'missing', 'journal.jsonl'))
  for (const entry of entries) journal.append(entry)
  expect(await journal.close()).toMatchObject({ code: 'ENOENT' })
})

function numbers(entries: readonly JournalEntry[]): unknown {
  const aggregate = new RunAggregate()
  for (const entry of entries)
    if (entry.type === 'snapshot') aggregate.add(entry.shard, entry.epoch, entry.sequence, entry.snapshot)
  const { totals, timeline } = aggregate.numbers()
  return { calls: totals.calls, failed: totals.failed, p50: totals.service.quantileMs(0.5), timeline }
}
