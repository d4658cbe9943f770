// `npm run prove`: two thousand simulated comparisons of each kind whose truth is known, and the verdicts they got.
import { seededRandom } from '@squall/time'
import { compareRuns, type ComparisonVerdict } from '../compare-runs.ts'
import { upperBound } from './upper-bound.ts'
import { simulateComparison, type SimulatedComparison } from './simulated-comparison.ts'

interface Kind extends SimulatedComparison {
  readonly name: string
  /** What may at most, with 95 % confidence, be the share of wrong verdicts. */
  readonly mostWrong: number
  readonly wrong: readonly ComparisonVerdict[]
}

const rounds = 2000
const quiet = { pairs: 12, tools: 5, noise: 0.04, weather: 0.2, effect: 0, bursts: 0 }
const loaded = { ...quiet, noise: 0.1, bursts: 0.4 }
const kinds: readonly Kind[] = [
  { ...quiet, name: 'no change', wrong: ['slower', 'faster'], mostWrong: 0.05 },
  { ...quiet, name: 'one tool 10 % slower', effect: 0.1, wrong: ['same', 'faster', 'inconclusive'], mostWrong: 0.1 },
  { ...loaded, name: 'no change, loaded machine', wrong: ['slower', 'faster'], mostWrong: 0.05 },
  { ...loaded, name: 'one tool 10 % slower, loaded machine', effect: 0.1, wrong: ['same', 'faster'], mostWrong: 0.05 },
]

console.log(`${rounds} comparisons each: 12 pairs of runs, 5 tools`)
for (const [index, kind] of kinds.entries()) {
  const random = seededRandom(2026, index)
  const counts = { same: 0, slower: 0, faster: 0, inconclusive: 0 }
  for (let round = 0; round < rounds; round += 1)
    counts[compareRuns(simulateComparison(kind, random), { runs: 'paired' }).verdict] += 1
  const wrong = kind.wrong.reduce((sum, verdict) => sum + counts[verdict], 0)
  const bound = upperBound(wrong, rounds)
  const holds = bound <= kind.mostWrong
  console.log(
    `${kind.name}: ${JSON.stringify(counts)}; wrong at most ${(bound * 100).toFixed(1)} % ${holds ? 'holds' : 'DOES NOT HOLD'}`,
  )
  if (!holds) process.exitCode = 1
}
