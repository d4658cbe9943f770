import { expect, test } from 'vitest'
import { renderSentence } from './sentence.ts'
import { sampleRun, type SampleOptions } from './test/sample-run.ts'
import { toSummary, type Summary, type SummaryInput } from './index.ts'

const summaryOf = (options: SampleOptions, overrides: Partial<SummaryInput> = {}): Summary =>
  toSummary(sampleRun(options, overrides))
const small = { seconds: 30, clients: 20 }

test('a good run carried its clients', () => {
  expect(renderSentence(summaryOf(small))).toMatch(
    /^This server carried 20 clients at \d\.\d\d calls\/s; 95 % of calls answered within \d+ ms; nothing failed\.$/,
  )
})

test('some failures are said as a share', () => {
  expect(renderSentence(summaryOf(small, {}))).toContain('nothing failed')
  const summary = summaryOf({ ...small, failures: { 'http.429': 0.1 } })
  expect(renderSentence(summary)).toMatch(/carried .*; \d+(\.\d)? % of calls failed\.$/)
})

test('a server that failed most calls did not carry them', () => {
  expect(renderSentence(summaryOf({ ...small, failures: { 'http.503': 0.8 } }))).toMatch(/^This server was offered 20 clients at/)
})

test('where nothing succeeded, that is the sentence', () => {
  expect(renderSentence(summaryOf({ ...small, failures: { 'transport.refused': 1 } }))).toMatch(
    /^All \d+ calls from 20 clients failed\.$/,
  )
})

test('a saturated generator makes no claim about the server', () => {
  expect(renderSentence(summaryOf(small, { saturated: true, verdict: 'inconclusive' }))).toContain(
    'but the generator or its machine was the bottleneck: what the server can do is not known.',
  )
})

test('a stopped run speaks of its time', () => {
  expect(renderSentence(summaryOf(small, { verdict: 'stopped' }))).toMatch(
    /^Until it was stopped after 30 s, this server carried/,
  )
})

test('lost load is part of the sentence', () => {
  expect(renderSentence(summaryOf(small, { verdict: 'degraded' }))).toMatch(/; part of the load was lost\.$/)
})

test('a run that left a threshold without anything to judge says so', () => {
  expect(renderSentence(summaryOf(small, { verdict: 'inconclusive' }))).toMatch(/; not every threshold could be judged\.$/)
})

test('where clients come and go, they are counted as arrivals, not by how many were there at once', () => {
  const sample = sampleRun(small)
  const run = { ...sample.run, durationSeconds: 32, arrivalSeconds: 4 }
  expect(renderSentence(toSummary({ ...sample, run }))).toMatch(
    /^This server served 20 clients arriving at 5\.00 a second: \d\.\d\d calls\/s; 95 % of calls answered within \d+ ms; nothing failed\.$/,
  )
  expect(renderSentence(toSummary({ ...sample, run, saturated: true }))).toMatch(
    /^This server was offered 20 clients arriving at 5\.00 a second: .* calls\/s, but the generator/,
  )
  const failing = sampleRun({ ...small, failures: { 'http.503': 1 } })
  expect(renderSentence(toSummary({ ...failing, run }))).toMatch(/^All \d+ calls from 20 clients failed\.$/)
})

test('one client is not a plural', () => {
  expect(renderSentence(summaryOf({ seconds: 30, clients: 1 }))).toMatch(/carried 1 client at|No tool was called/)
})

test('without a tool call, other methods speak, and without any call nothing does', () => {
  expect(renderSentence(summaryOf({ seconds: 0, clients: 4 }))).toBe(
    'No tool was called; 8 of 8 calls of other methods succeeded.',
  )
  expect(renderSentence(summaryOf({ seconds: 0, clients: 0 }))).toBe(
    'No call was made, so nothing can be said about this server.',
  )
})
