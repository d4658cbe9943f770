import type { RunOutcome } from '@squall/controller'
import { CodedError } from '@squall/errors'
import { fabricErrors } from '@squall/fabric'
import { FakeClock } from '@squall/time'
import { expect, test } from 'vitest'
import { launchPatiently } from './launch-patiently.ts'
import type { Launch } from './run-registry.ts'

const away = (): CodedError => new CodedError(fabricErrors.FABRIC_REDIS_UNREACHABLE, { message: 'redis://h cannot be reached' })
// The registry makes something of it, and this does not.
const outcome = {} as RunOutcome

function attempt(answers: (attempts: number) => RunOutcome | Error, resume = false) {
  const clock = new FakeClock()
  const stopping = new AbortController()
  const waits: string[] = []
  let attempts = 0
  const launch = launchPatiently(
    async () => {
      const answer = answers(++attempts)
      if (answer instanceof Error) throw answer
      return answer
    },
    { clock, patienceMs: 120_000, retryMs: 1_000 },
  )
  // What of a launch is looked at.
  const run = {
    id: 'r',
    resume,
    stopping: stopping.signal,
    onWaiting: (reason: string) => waits.push(reason),
  } as unknown as Launch
  return { over: launch(run), clock, waits, stopping, count: () => attempts }
}

test('a run waits for a Redis that is away, and begins once it is back', async () => {
  const { over, clock, waits, count } = attempt((attempts) => (attempts < 4 ? away() : outcome))
  await clock.advance(2_999)
  expect(count()).toBe(3)
  await clock.advance(1)
  expect(await over).toBe(outcome)
  expect(waits).toEqual(Array.from({ length: 3 }, () => 'redis://h cannot be reached; it is waited for, 2 minutes at most'))
})

test.each([
  [false, fabricErrors.FABRIC_REDIS_UNREACHABLE.hint],
  [true, expect.stringContaining('--resume r takes it over') as string],
])('one that stays away ends the run, which says how it can still be had where it has begun: %s', async (resume, hint) => {
  const { over, clock, count } = attempt(away, resume)
  const failed = over.catch((error: unknown) => error)
  await clock.advance(120_000)
  expect(await failed).toMatchObject({
    code: 'FABRIC_REDIS_UNREACHABLE',
    message: 'redis://h cannot be reached; it was waited for, 2 minutes long',
    hint,
  })
  expect(count()).toBe(121)
})

test('what else is wrong is told at once, and whoever is told to stop waits no longer', async () => {
  const other = new CodedError(fabricErrors.FABRIC_REDIS_REFUSED)
  await expect(attempt(() => other).over).rejects.toBe(other)
  const { over, stopping, clock } = attempt(away)
  const reason = new Error('enough')
  const stopped = over.catch((error: unknown) => error)
  await clock.advance(500)
  stopping.abort(reason)
  expect(await stopped).toBe(reason)
})
