import { expect, test } from 'vitest'
import { sampleRun, type SampleOptions } from '../test/sample-run.ts'
import { LatencyHistogram } from '@squall/metrics'
import { toSummary, type SummaryInput } from '../index.ts'
import { renderHtml } from './report-html.ts'

/** The page as words: no markup, no styles, no scripts. */
async function wordsOf(options: SampleOptions, overrides: Partial<SummaryInput> = {}): Promise<string> {
  const page = await renderHtml(toSummary(sampleRun(options, overrides)))
  return page
    .replaceAll(/<(script|style)[^>]*>[^]*?<\/\1>/g, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('\u00a0', ' ')
    .replaceAll(/\s+/g, ' ')
}

const base = sampleRun({ seconds: 1 }).run

test('a good run: verdict, when, what was kept, and nothing that would worry a reader', async () => {
  const words = await wordsOf({ seconds: 30 })
  expect(words).toContain('pass every threshold held')
  expect(words).toContain('22 November 2026, 10:00:00 UTC')
  expect(words).toContain('p95&lt;500ms 215 ms ✓ held')
  expect(words).toContain('No call failed.')
  expect(words).toContain('No scheduled start was dropped.')
  expect(words).toContain('No load was lost, and every report of the generators arrived.')
  expect(words).toContain('Warm-up, not counted none')
})

test('lost load, dropped starts and late reports are said', async () => {
  const words = await wordsOf(
    { seconds: 30, stall: { from: 3, to: 5 } },
    { loss: { shardSeconds: 7, snapshots: 1, gaps: [{ shard: 1, fromSecond: 12, toSecond: 19, cause: 'agent lost' }] } },
  )
  expect(words).toContain('8 scheduled starts were dropped')
  expect(words).toMatch(/Lost: 7 s of load, summed over shards, and 1 one-second report of the generators/)
  expect(words).toContain('Shard 1, 0:12 to 0:19: agent lost')
  expect(words).toContain('Shaded: 0:12 to 0:19 shard 1: agent lost.')
})

test('reports that came late or were folded into others are said', async () => {
  const run = sampleRun({ seconds: 5 })
  const numbers = { ...run.numbers, lateSnapshots: 3, foldedCalls: 12 }
  const words = await wordsOf({ seconds: 5 }, { numbers })
  expect(words).toContain('3 reports came too late for the percentiles of their second; their calls count everywhere else.')
  expect(words).toContain('12 calls are listed under “other”, because there were too many different names.')
})

test('answers that nobody waited for are said', async () => {
  const run = sampleRun({ seconds: 5 })
  const words = await wordsOf(
    { seconds: 5 },
    { numbers: { ...run.numbers, counters: { ...run.numbers.counters, strayReplies: 1 } } },
  )
  expect(words).toContain('1 answer came that nobody waited for: late, doubled, or with an unknown id. No call counts them.')
  expect(await wordsOf({ seconds: 5 })).not.toContain('nobody waited for')
})

test('a failure says what it means and where it happened', async () => {
  const words = await wordsOf({ seconds: 30, failures: { 'http.429': 0.1, 'odd.code': 0.05 } })
  expect(words).toMatch(
    /http\.429 \d+ \d+(\.\d)? % The server refused the call to protect itself.*? execute_query \d+, query_view \d+/,
  )
  expect(words).toMatch(/odd\.code \d+ \d\.\d % A code of the target or of the pack\./)
  expect(words).toMatch(/list_views \d+, 1 more/)
})

test('a pack without thresholds says so, and a threshold without data too', async () => {
  expect(await wordsOf({ seconds: 3 }, { thresholds: [] })).toContain('Thresholds The pack states none.')
  const thresholds = [{ expression: 'tool.none.p95<1s', value: null, ok: false }]
  expect(await wordsOf({ seconds: 3 }, { thresholds })).toContain('nothing measured – not judged')
})

test('settings name the warm-up, one process as one, and what is no time as it is', async () => {
  const words = await wordsOf({ seconds: 3 }, { run: { ...base, warmUpSeconds: 12, workers: 1, startedAt: 'some day' } })
  expect(words).toContain('Warm-up, not counted 12 s')
  expect(words).toContain('native, local, 1 generator process Transport')
  expect(words).toContain('some day · 1 s')
})

test('phases and transports are listed where there are several', async () => {
  expect(await wordsOf({ seconds: 30 })).toContain('Phases Response times')
  expect(await wordsOf({ seconds: 3 })).not.toContain('Phases Response times')
  expect(await wordsOf({ seconds: 30 })).not.toContain('Transports')
})

test('a tool that was never answered has no times and no bar', async () => {
  const run = sampleRun({ seconds: 5 })
  const [first] = run.numbers.tools.values()
  if (!first) throw new Error('the sample has tools')
  const { response } = sampleRun({ seconds: 0, clients: 0 }).numbers.totals
  const silent = { calls: 0, ok: 0, failed: 0, errors: new Map<string, number>(), service: response, response }
  const words = await wordsOf({ seconds: 5 }, { numbers: { ...run.numbers, tools: new Map([['silent', silent]]) } })
  expect(words).toMatch(/silent 0 0 0 – – – – –/)
})

test('a run of an hour shows one point in a table for many', async () => {
  expect(await wordsOf({ seconds: 100, clients: 2 })).toContain('One point of the plots in 4; summary.json has every second.')
  expect(await wordsOf({ seconds: 10, clients: 2 })).toContain('Every point of the plots; summary.json has every second.')
})

test('what was done by hand, clients that never came and times that are no calls are said', async () => {
  const firstEvent = new LatencyHistogram()
  firstEvent.record(40)
  const run = sampleRun({ seconds: 2 })
  const words = await wordsOf(
    { seconds: 2 },
    {
      numbers: { ...run.numbers, latencies: new Map([['firstEvent', firstEvent]]) },
      events: [{ second: 61.4, text: 'clients set to 220' }],
      clientsNotStarted: 940,
    },
  )
  expect(words).toContain('What was done to the run')
  expect(words).toContain('1:01: clients set to 220')
  expect(words).toContain('940 of the clients asked for were never started')
  expect(words).toContain('to the first event of a streamed answer 1 40 ms 40 ms 40 ms 40 ms')
})

test('a run that was left alone says nothing of hands or other times', async () => {
  const words = await wordsOf({ seconds: 2 })
  expect(words).not.toContain('What was done to the run')
  expect(words).not.toContain('Other times')
})

const sample = {
  code: 'tool.is_error',
  method: 'tools/call',
  name: 'execute_query',
  message: 'the tool itself reported failure',
  request: '{"query":"SELECT <b>"}',
  reply: '{"isError":true}',
  serviceMs: 12.5,
}

test('failed calls are shown with what was asked and answered', async () => {
  const words = await wordsOf(
    { seconds: 3 },
    { samples: [sample, { ...sample, code: 'http.500', name: '', method: 'ping', reply: '' }] },
  )
  expect(words).toMatch(
    /tools\/call execute_query after 13 ms: the tool itself reported failure sent \{&quot;query&quot;:&quot;SELECT &lt;b&gt;&quot;} answered/,
  )
  expect(words).toMatch(/http\.500 the tool itself.* ping after .* answered nothing/)
  expect(await wordsOf({ seconds: 3 })).not.toContain('Failed calls, shown')
})

test('each client kind says on what evidence it rests', async () => {
  expect(await wordsOf({ seconds: 30 })).toMatch(/claude_code captured \d.*http_client assumed \d/)
})
