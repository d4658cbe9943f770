import { formatMs, formatShare } from './format-number.ts'
import type { Summary } from './summary.ts'

/** Whether the figures are the server's or the generator's, in words, with the evidence. */
export function renderGeneratorProof({ generator, timeline }: Summary): string {
  if (timeline.length === 0) return 'The run made no second of load, so the generator was never put to the test.'
  const busiest = timeline.reduce((highest, { generatorCpu }) => Math.max(highest, generatorCpu), 0)
  const evidence = [
    `its busiest process used at most ${formatShare(busiest)} of a core in any second`,
    `its event loop was late by ${formatMs(generator.eventLoopDelayP99Ms)} or less 99 % of the time`,
    `99 % of starts were at most ${formatMs(generator.scheduleLagP99Ms)} behind their schedule`,
  ].join('; ')
  return generator.saturated
    ? `The generator or its machine was the bottleneck, so the figures may say more about them than about the server: ${evidence}.`
    : `The generator was not the bottleneck: ${evidence}.`
}
