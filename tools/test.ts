// `npm test`: everything this workspace proves about itself on one machine, closed by the line `N passed, N failed`.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { coverageSettings } from './coverage-settings.ts'
import { installSystemPackages } from './system-packages.ts'

interface Tally {
  readonly passed: number
  readonly failed: number
}

interface CoverageSummary {
  readonly total: Readonly<Record<'lines' | 'branches', { readonly pct: number }>>
}

/** Lowest share of lines and of branches, in percent, that tests must reach over all libs and apps. */
const leastCoveragePercent = 95

const scratch = mkdtempSync(join(tmpdir(), 'squall-test-'))
const coverageConfig = join(scratch, 'c8.json')
try {
  installSystemPackages()
  writeFileSync(coverageConfig, JSON.stringify(coverageSettings()))
  const tallies = [runChecks(), runTests(), checkCoverage()]
  const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0)
  const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0)
  if (failed > 0) process.exitCode = 1
  console.log(`${passed} passed, ${failed} failed`)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function run(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'inherit' }).status === 0
}

/** Types, lint, boundaries, format and unused code, of which Nx repeats only what changed. */
function runChecks(): Tally {
  const targets = ['typecheck', 'lint', 'boundaries', 'format', 'unused']
  return run('nx', ['run-many', '-t', ...targets]) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

/** Tests of the parts, side by side; then the real programs from end to end, one at a time, since they judge their own speed. */
function runTests(): Tally {
  const parts = runVitest('parts', ['libs', 'apps', 'tools'])
  const whole = runVitest('whole', ['e2e', '--no-file-parallelism'], ['--no-clean'])
  return { passed: parts.passed + whole.passed, failed: parts.failed + whole.failed }
}

function runVitest(name: string, args: readonly string[], coverageArgs: readonly string[] = []): Tally {
  const outputFile = join(scratch, `${name}.json`)
  run('c8', [
    '--config',
    coverageConfig,
    ...coverageArgs,
    'vitest',
    'run',
    ...args,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${outputFile}`,
  ])
  return readTally(outputFile)
}

/** A run that ended before it wrote its results is one failure: nothing was proven. */
function readTally(outputFile: string): Tally {
  try {
    const results = JSON.parse(readFileSync(outputFile, 'utf8')) as Record<string, number>
    const { numPassedTests = 0, numTotalTests = 0, numFailedTestSuites = 0 } = results
    // A test that was skipped proved nothing, and a file that could not be read has tests that did not run.
    const failed = numTotalTests - numPassedTests
    return { passed: numPassedTests, failed: failed === 0 && numFailedTestSuites > 0 ? numFailedTestSuites : failed }
  } catch (error) {
    console.error(`the tests left no results: ${(error as Error).message}`)
    return { passed: 0, failed: 1 }
  }
}

function checkCoverage(): Tally {
  const { total } = JSON.parse(readFileSync('coverage/coverage-summary.json', 'utf8')) as CoverageSummary
  const shares = [total.lines.pct, total.branches.pct]
  const isEnough = shares.every((share) => share >= leastCoveragePercent)
  console.log(`coverage: ${shares[0]} % of lines, ${shares[1]} % of branches; at least ${leastCoveragePercent} % wanted`)
  return isEnough ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}
