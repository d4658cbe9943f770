import { readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { afterAll, afterEach, expect, test } from 'vitest'
import { openAuditFile } from './audit-file.ts'

const directory = temporaryDirectory(afterAll)
const path = join(directory, 'audit.jsonl')
afterEach(() => {
  for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true })
})

const read = (name: string): string => readFileSync(join(directory, name), 'utf8')

test('a file goes on where it ended, and only its owner may read it', async () => {
  writeFileSync(path, 'before\n', { mode: 0o600 })
  const file = await openAuditFile({ path, maxFileBytes: 1000, maxFiles: 2 })
  await file.write(Buffer.from('after\n'))
  await file.close()
  expect(read('audit.jsonl')).toBe('before\nafter\n')
  rmSync(path)
  await (await openAuditFile({ path, maxFileBytes: 1000, maxFiles: 2 })).close()
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a full file is set aside, and no more are kept than wanted', async () => {
  const file = await openAuditFile({ path, maxFileBytes: 10, maxFiles: 2 })
  for (let number = 1; number <= 9; number += 1) await file.write(Buffer.from(`line${number}\n`))
  await file.close()
  expect(readdirSync(directory).toSorted()).toEqual(['audit.jsonl', 'audit.jsonl.1', 'audit.jsonl.2'])
  expect([read('audit.jsonl'), read('audit.jsonl.1'), read('audit.jsonl.2')]).toEqual(['line9\n', 'line8\n', 'line7\n'])
})

test('a line longer than a file may be has a file of its own', async () => {
  const file = await openAuditFile({ path, maxFileBytes: 4, maxFiles: 5 })
  await file.write(Buffer.from('longer than that\n'))
  await file.write(Buffer.from('b\n'))
  await file.close()
  expect([read('audit.jsonl'), read('audit.jsonl.1')]).toEqual(['b\n', 'longer than that\n'])
})

test('a file that somebody moved away or deleted is begun anew', async () => {
  const file = await openAuditFile({ path, maxFileBytes: 1000, maxFiles: 2 })
  await file.write(Buffer.from('a\n'))
  renameSync(path, join(directory, 'moved'))
  await file.write(Buffer.from('b\n'))
  rmSync(path)
  await file.write(Buffer.from('c\n'))
  await file.close()
  expect([read('moved'), read('audit.jsonl')]).toEqual(['a\n', 'c\n'])
})

test('a file that somebody put in its place is gone on with, and set aside where it is full', async () => {
  const file = await openAuditFile({ path, maxFileBytes: 2, maxFiles: 2 })
  await file.write(Buffer.from('a\n'))
  rmSync(path)
  writeFileSync(path, 'x'.repeat(10))
  await file.write(Buffer.from('b\n'))
  await file.close()
  expect([read('audit.jsonl'), read('audit.jsonl.1')]).toEqual(['b\n', 'xxxxxxxxxx'])
})

test('several processes may write one trail: every line is in one of its files, once', async () => {
  const files = await Promise.all(Array.from({ length: 3 }, () => openAuditFile({ path, maxFileBytes: 200, maxFiles: 1000 })))
  await Promise.all(
    files.map(async (file, writer) => {
      for (let number = 0; number < 100; number += 1) await file.write(Buffer.from(`${writer}-${number}\n`))
    }),
  )
  await Promise.all(files.map((file) => file.close()))
  const lines = readdirSync(directory).flatMap((name) => read(name).trimEnd().split('\n'))
  const wanted = [0, 1, 2].flatMap((writer) => Array.from({ length: 100 }, (_, number) => `${writer}-${number}`))
  expect(lines.toSorted()).toEqual(wanted.toSorted())
  expect(readdirSync(directory).length).toBeGreaterThan(2)
})

test('a lock that a dead process left is taken away, and the file set aside the next time', async () => {
  const file = await openAuditFile({ path, maxFileBytes: 5, maxFiles: 2 })
  writeFileSync(`${path}.lock`, '')
  utimesSync(`${path}.lock`, new Date(0), new Date(0))
  for (const line of ['one\n', 'two\n', 'three\n']) await file.write(Buffer.from(line))
  await file.close()
  expect([read('audit.jsonl'), read('audit.jsonl.1'), readdirSync(directory).length]).toEqual(['three\n', 'one\ntwo\n', 2])
})
