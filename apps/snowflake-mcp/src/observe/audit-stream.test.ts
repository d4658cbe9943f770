import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { FakeClock, systemClock } from '@squall/time'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openAuditStream } from './audit-stream.ts'

const directory = temporaryDirectory(afterAll)
let pipe: number
beforeAll(() => {
  execFileSync('mkfifo', [join(directory, 'pipe')])
  pipe = openSync(join(directory, 'pipe'), constants.O_RDWR | constants.O_NONBLOCK)
})
afterAll(() => {
  closeSync(pipe)
})

function fill(): void {
  try {
    for (;;) writeSync(pipe, Buffer.alloc(4096, 'x'))
  } catch {
    // It is full now.
  }
}

test('a slow reader is waited for, and nothing is lost', async () => {
  fill()
  const written = openAuditStream(pipe, systemClock).write(Buffer.from('line\n'))
  const held = Buffer.alloc(1_000_000)
  const before = readSync(pipe, held)
  expect(await written).toBe(5)
  expect(before).toBeGreaterThan(0)
  const rest = readSync(pipe, held)
  expect(held.subarray(0, rest).toString()).toBe('line\n')
})

test('a reader that reads nothing for five seconds is a failure', async () => {
  fill()
  const clock = new FakeClock()
  let failure: unknown
  void openAuditStream(pipe, clock)
    .write(Buffer.from('line\n'))
    .catch((error: unknown) => (failure = error))
  await expect
    .poll(async () => {
      await clock.advance(1000)
      return failure
    })
    .toMatchObject({ code: 'EAGAIN' })
  expect(clock.monotonicMs()).toBeGreaterThanOrEqual(5000)
})

test('a stream that is no longer there fails at once', async () => {
  await expect(openAuditStream(1_000_000, systemClock).write(Buffer.from('line\n'))).rejects.toMatchObject({ code: 'EBADF' })
  await openAuditStream(1_000_000, systemClock).close()
})
