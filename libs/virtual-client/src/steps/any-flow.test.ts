// Flows of any steps within each other, against what a person would read in them.
import type { Json } from '@squall/load-plan'
import { ScriptedServer } from '@squall/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PackFunctions } from '../index.ts'
import { planFor } from '../test/plan.ts'
import { runClient } from '../test/run-client.ts'

/** A step, and the calls that it makes: in order, unless there are steps side by side in it. */
interface Walk {
  readonly step: Json
  readonly texts: readonly string[]
  readonly isOrdered: boolean
}

const echo = (text: string, more: Record<string, Json> = {}): Json => ({
  callTool: { name: 'echo', arguments: { text }, ...more },
})
const walk = (step: Json, ...texts: readonly string[]): Walk => ({ step, texts, isOrdered: true })
const within = (walks: readonly Walk[], step: Json, times = 1): Walk => ({
  step,
  texts: Array.from({ length: times }, () => walks.flatMap(({ texts }) => texts)).flat(),
  isOrdered: walks.every(({ isOrdered }) => isOrdered),
})
const sideBySide = (walks: readonly Walk[]): Walk => ({
  ...within(walks, { parallel: stepsOf(walks) }),
  isOrdered: walks.length === 1,
})
const stepsOf = (walks: readonly Walk[]): Json => walks.map(({ step }) => step)

const plain: fc.Arbitrary<Walk> = fc.nat(99).chain((number) => {
  const text = `t${number}`
  return fc.constantFrom(
    walk(echo(text), text),
    walk(echo(`fails ${text}`), `fails ${text}`),
    walk(echo(text, { match: { text: 'not to be found' } }), text),
    walk(echo(text, { ifTrue: 'isOff' })),
    walk(echo('{{ known }}'), 'known'),
    walk({ think: '1ms' }),
    walk({ ping: {} }),
    walk({ function: 'nothing' }),
    walk({ function: 'later' }),
    walk({ function: 'calls' }, 'by a function'),
    walk({ mix: [{ weight: 2, ...(echo(text) as object) }] }, text),
    walk({ loop: [echo(`{{ $loopElement }}${text}`)], over: ['a', 'b'] }, `a${text}`, `b${text}`),
    walk({ loop: [echo('{{ $loopCount }}')], count: '3-5' }, '3', '4'),
    walk({ loop: [echo(text)], whileTrue: 'isOff' }, text),
  )
})

const { flow } = fc.letrec<{ step: Walk; flow: Walk[] }>((tie) => ({
  flow: fc.array(tie('step'), { minLength: 1, maxLength: 4 }),
  step: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { arbitrary: plain, weight: 4 },
    { arbitrary: tie('flow').map((walks) => within(walks, { loop: stepsOf(walks), count: 2 }, 2)), weight: 1 },
    {
      arbitrary: tie('flow').map((walks) => within(walks, { ifTrue: 'isOn', steps: stepsOf(walks), else: [echo('never')] })),
      weight: 1,
    },
    {
      arbitrary: tie('flow').map((walks) => within(walks, { ifTrue: 'isOff', steps: [echo('never')], else: stepsOf(walks) })),
      weight: 1,
    },
    {
      // Loops side by side would count under one name, as their page says.
      arbitrary: fc
        .array(
          plain.filter(({ step }) => !('loop' in (step as object))),
          { minLength: 1, maxLength: 4 },
        )
        .map(sideBySide),
      weight: 1,
    },
  ),
}))

const functions: PackFunctions = {
  isOn: () => true,
  isOff: () => false,
  nothing: () => undefined,
  later: async () => undefined,
  calls: async ({ call }) => void (await call('echo', { text: 'by a function' })),
}

test('any steps within each other make the calls that stand there, in order, each once, and each is recorded', async () => {
  await using server = await ScriptedServer.start({
    fault: ({ params }) => (JSON.stringify(params).includes('fails') ? 'is-error' : undefined),
  })
  await fc.assert(
    fc.asyncProperty(flow, async (walks) => {
      const before = server.seen.length
      const { texts, isOrdered } = within(walks, {})
      const plan = planFor(
        server.url,
        stepsOf(walks) as Json[],
        { clientKind: 'claude_code', protocolVersion: '2025-11-25' },
        { variables: { known: 'known' } },
      )
      const recorder = await runClient(plan, { iterations: 2, host: { functions } })
      const calls = server.seen.slice(before).filter(({ tool }) => tool === 'echo')
      const made = calls.map(({ params }) => String((params['arguments'] as { text: unknown }).text))
      const wanted = [...texts, ...texts]
      expect(isOrdered ? made : made.toSorted()).toEqual(isOrdered ? wanted : wanted.toSorted())
      const recorded = recorder.calls.filter(({ tool }) => tool === 'echo')
      expect(recorded).toHaveLength(made.length)
      for (const { serviceMs, responseMs } of recorded) expect(responseMs).toBeGreaterThanOrEqual(serviceMs)
    }),
    { numRuns: 60 },
  )
})
