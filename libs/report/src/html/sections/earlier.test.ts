import { expect, test } from 'vitest'
import { sampleRun } from '../../test/sample-run.ts'
import { toSummary } from '../../to-summary.ts'
import { renderEarlier } from './earlier.ts'

const now = toSummary(sampleRun())
const [tool = ''] = Object.keys(now.tools)

test('each number stands beside that of the earlier run, with the change', () => {
  const slow = { ...now.latencyMs.response, p50: now.latencyMs.response.p50 / 2 }
  const earlier = { ...now, latencyMs: { ...now.latencyMs, response: slow }, totals: { ...now.totals, failed: 0 } }
  const text = renderEarlier(now, earlier).toString()
  expect(text).toMatch(/p50 of all calls<\/th>\s*<td[^>]*>[^<]+<\/td>\s*<td[^>]*>[^<]+<\/td>\s*<td[^>]*>\+100\.0 %/)
  expect(text).toContain(`p99 of ${tool}`)
  expect(text).not.toContain('another load')
})

test('another load, a tool that was not called and a run without calls are told apart', () => {
  const none = { ...now.latencyMs.response, count: 0 }
  const earlier = {
    ...now,
    run: { ...now.run, planHash: 'other' },
    tools: {},
    latencyMs: { ...now.latencyMs, response: none },
    totals: { ...now.totals, calls: 0, failed: 0 },
  }
  const text = renderEarlier(now, earlier).toString()
  expect(text).toContain('another load')
  expect(text).not.toContain(`of ${tool}<`)
  expect(text).toMatch(/p50 of all calls<\/th>\s*<td[^>]*>–<\/td>/)
  expect(renderEarlier(now, undefined).toString()).toBe('')
})
