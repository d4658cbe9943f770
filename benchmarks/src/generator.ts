// How many calls a second of a load generator's CPU makes: Squall beside its peers, and beside itself, against the same targets.
import { runComparisons } from './comparison.ts'
import { connections, generatorComparisons } from './generator-comparisons.ts'
import { installLocust, locustVersion } from './run-locust.ts'
import { readSettings } from './settings.ts'
import { withTargets } from './targets.ts'

const settings = readSettings({ rounds: 7, measuredSeconds: 3 })
const withoutLocust = settings.without.includes('Locust') ? 'it was left out' : installLocust()
await withTargets(async (targets) => {
  const { measuredSeconds } = settings
  const comparisons = generatorComparisons({ targets, measuredSeconds, hasLocust: withoutLocust === undefined })
  await runComparisons(comparisons, settings, connections)
  console.log(withoutLocust === undefined ? `- Locust ${locustVersion}` : `- without Locust: ${withoutLocust}`)
})
