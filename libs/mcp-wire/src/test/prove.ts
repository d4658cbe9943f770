// Reads a million made-up answers and a million streams of events both with our parsers and with those of others:
// `npm run prove -w @squall/mcp-wire [-- CASES [SEED]]`.
import { renderComparison } from './differential/comparison.ts'
import { compareHttp } from './differential/http-differences.ts'
import { compareSse } from './differential/sse-differences.ts'

const [cases = 1_000_000, seed = 1] = process.argv.slice(2).map(Number)

const comparisons = [
  ['HTTP answers, ours and undici', await compareHttp(cases, seed)],
  ['streams of events, ours and eventsource-parser', compareSse(cases, seed)],
] as const
for (const [name, comparison] of comparisons) {
  console.log(renderComparison(name, comparison))
  for (const difference of comparison.unexplained.slice(0, 20)) console.log(`  ${difference}`)
}
if (comparisons.some(([, { unexplained }]) => unexplained.length > 0)) process.exitCode = 1
