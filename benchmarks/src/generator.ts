// How many calls a second of a load generator's CPU makes: Squall beside its peers, and beside itself, against the same targets.
import { rmSync } from 'node:fs'
import { startProgram, type RunningProgram } from '@squall/program'
import { chosen, compare, type Outcome } from './comparison.ts'
import { cores, pin } from './cores.ts'
import { connections, generatorComparisons } from './generator-comparisons.ts'
import { loadAverage, renderConditions } from './markdown.ts'
import { installLocust, locustVersion } from './run-locust.ts'
import { saveOutcomes } from './saved-outcomes.ts'
import { makeSelfSigned } from './self-signed.ts'
import { readSettings } from './settings.ts'

const settings = readSettings({ rounds: 7, measuredSeconds: 3 })
const { rounds, measuredSeconds } = settings
const loadBefore = loadAverage()
const withoutLocust = settings.without.includes('Locust') ? 'it was left out' : installLocust()
const certificate = makeSelfSigned()
const target = await startTarget()
try {
  const tlsTarget = await startTarget(certificate.keyFile, certificate.certificateFile)
  try {
    const tls = { url: tlsTarget.url, certificateFile: certificate.certificateFile }
    const comparisons = generatorComparisons({ url: target.url, tls, measuredSeconds, hasLocust: withoutLocust === undefined })
    const outcomes: Outcome[] = []
    for (const comparison of chosen(comparisons, settings)) outcomes.push(await compare(comparison, settings, 1))
    console.log(`\n${renderConditions({ connections, rounds, measuredSeconds, loadBefore })}`)
    console.log(withoutLocust === undefined ? `- Locust ${locustVersion}` : `- without Locust: ${withoutLocust}`)
    if (settings.save !== undefined) saveOutcomes(settings.save, outcomes)
  } finally {
    await tlsTarget.stop()
  }
} finally {
  await target.stop()
  rmSync(certificate.directory, { recursive: true, force: true })
}

async function startTarget(...args: readonly string[]): Promise<RunningProgram> {
  const entry = new URL('./programs/echo-target.ts', import.meta.url)
  const program = await startProgram({ name: 'echo target', entry, args })
  pin(program.pid, cores.target)
  return program
}
