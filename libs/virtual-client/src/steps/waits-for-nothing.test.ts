// Flows that wait for nothing outside the program: while they run, sockets, timers and signals must have their turn.
import type { Json } from '@squall/load-plan'
import { ScriptedServer } from '@squall/testing'
import { sleep, systemClock } from '@squall/time'
import { expect, test } from 'vitest'
import type { PackFunctions } from '../index.ts'
import { planFor } from '../test/plan.ts'
import { runClient } from '../test/run-client.ts'

const skipped: Json = { callTool: { name: 'echo', ifTrue: 'isOff' } }

test.each<[string, readonly Json[]]>([
  ['a function', [{ function: 'work' }]],
  ['an async function', [{ function: 'later' }]],
  ['a function that fails', [{ function: 'work' }, { function: 'nobody' }]],
  ['functions in a loop', [{ loop: [{ function: 'work' }], whileTrue: 'isOn' }]],
  ['async functions in a loop', [{ loop: [{ function: 'later' }], whileTrue: 'isOn' }]],
  ['calls side by side, none of which is made, in a loop', [{ loop: [{ parallel: [skipped, skipped] }], whileTrue: 'isOn' }]],
])('a timer fires while a client does nothing but %s', async (_, flow) => {
  await using server = await ScriptedServer.start()
  let beganMs: number | undefined
  let firedMs = Number.POSITIVE_INFINITY
  const sinceMs = (): number => systemClock.monotonicMs() - (beganMs ?? 0)
  const isOver = (): boolean => firedMs < Number.POSITIVE_INFINITY || sinceMs() > 3_000
  const work = (): void => {
    const endMs = systemClock.monotonicMs() + 10
    while (!isOver() && systemClock.monotonicMs() < endMs);
  }
  const functions: PackFunctions = {
    work,
    later: async () => work(),
    begin: () => {
      if (beganMs === undefined) void sleep(systemClock, 50).then(() => (firedMs = sinceMs()))
      beganMs ??= systemClock.monotonicMs()
    },
    nobody: () => {
      throw new Error('as ever')
    },
    isOn: () => !isOver(),
    isOff: () => false,
  }
  const plan = planFor(server.url, [{ function: 'begin' }, ...flow])
  await runClient(plan, { iterations: 300, host: { functions, log: () => undefined } })
  expect(firedMs).toBeLessThan(2_000)
})
