import { expect, test } from 'vitest'
import { renderGeneratorProof } from './generator-proof.ts'
import { sampleRun } from './test/sample-run.ts'
import { toSummary } from './index.ts'

const evidence =
  /its busiest process used at most \d+ % of a core in any second; its event loop was late by \d\.\d ms or less 99 % of the time; 99 % of starts were at most \d\.\d ms behind their schedule\.$/

test('a healthy generator is shown to be one', () => {
  const proof = renderGeneratorProof(toSummary(sampleRun()))
  expect(proof).toMatch(/^The generator was not the bottleneck: /)
  expect(proof).toMatch(evidence)
})

test('a saturated generator takes the blame', () => {
  const proof = renderGeneratorProof(toSummary(sampleRun({ generatorCpu: 1 }, { saturated: true })))
  expect(proof).toMatch(
    /^The generator or its machine was the bottleneck, so the figures may say more about them than about the server: /,
  )
  expect(proof).toMatch(evidence)
})

test('where no load was made, nothing is claimed', () => {
  expect(renderGeneratorProof(toSummary(sampleRun({ seconds: 0, clients: 0 })))).toContain('never put to the test')
})
