// `npm test`: everything this workspace proves about itself on one machine, closed by the line `N passed, N failed`.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { coverageSettings } from './coverage-settings.ts'
import { installSystemPackages } from './system-packages.ts'
import { readResults, type Tally } from './test-results.ts'
import { trimCoverage } from './trim-coverage.ts'

interface CoverageSummary {
  readonly total: Readonly<Record<'lines' | 'branches', { readonly pct: number }>>
}

/** Lowest share of lines and of branches, in percent, that tests must reach over all libs and apps. */
const leastCoveragePercent = 95

/** Where every process of a test leaves what of it ran. */
const rawCoverage = resolve('coverage/tmp')

// Tests wait for programs most of the time, so more of them than there are cores keep these busy.
const workers = `--maxWorkers=${availableParallelism() + 2}`

const exceptTimed = '--exclude=**/*.timed.test.ts'

const passedOne: Tally = { passed: 1, failed: 0, failures: [] }

const failedOne = (why: string): Tally => ({ passed: 0, failed: 1, failures: [`FAILED ${why}`] })

const scratch = mkdtempSync(join(tmpdir(), 'squall-test-'))
try {
  installSystemPackages()
  const tallies = [timed('checks', runChecks), ...runTests(), timed('coverage', checkCoverage)]
  const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0)
  const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0)
  if (failed > 0) process.exitCode = 1
  // Said again at the end: what a log keeps of a long run is its last lines.
  for (const failure of tallies.flatMap((tally) => tally.failures)) console.log(`${failure}\n`)
  console.log(`${passed} passed, ${failed} failed`)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

function timed(name: string, work: () => Tally): Tally {
  const startMs = performance.now()
  const tally = work()
  console.log(`${name}: ${Math.round((performance.now() - startMs) / 1000)} s`)
  return tally
}

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): boolean {
  return spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } }).status === 0
}

/** Types, lint, boundaries, format and unused code, of which Nx repeats only what changed. */
function runChecks(): Tally {
  const targets = ['typecheck', 'lint', 'boundaries', 'format', 'unused']
  return run('nx', ['run-many', '-t', ...targets]) ? passedOne : failedOne(targets.join(', '))
}

/** Tests of the parts; then of the real programs from end to end; last, one at a time, those that judge how fast something is. */
function runTests(): readonly Tally[] {
  rmSync('coverage', { recursive: true, force: true })
  mkdirSync(rawCoverage, { recursive: true })
  return [
    // Files of one worker share its process: to load the same modules anew for each would take as long as the tests themselves.
    timed('parts', () => runVitest('parts', ['libs', 'apps', 'tools', exceptTimed, workers, '--no-isolate'])),
    timed('whole', () => runVitest('whole', ['e2e', exceptTimed, workers])),
    timed('timed', () => runVitest('timed', ['.timed.test.ts', '--no-file-parallelism'])),
  ]
}

function runVitest(name: string, args: readonly string[]): Tally {
  const outputFile = join(scratch, `${name}.json`)
  run('vitest', ['run', ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`], {
    NODE_V8_COVERAGE: rawCoverage,
  })
  return readTally(outputFile)
}

/** A run that ended before it wrote its results is one failure: nothing was proven. */
function readTally(outputFile: string): Tally {
  try {
    return readResults(readFileSync(outputFile, 'utf8'))
  } catch (error) {
    return failedOne(`the tests left no results: ${(error as Error).message}`)
  }
}

function checkCoverage(): Tally {
  console.log(`coverage of ${trimCoverage(rawCoverage, process.cwd())} processes and test files`)
  const config = join(scratch, 'c8.json')
  writeFileSync(config, JSON.stringify(coverageSettings()))
  run('c8', ['report', '--config', config, '--temp-directory', rawCoverage])
  const { total } = JSON.parse(readFileSync('coverage/coverage-summary.json', 'utf8')) as CoverageSummary
  const shares = [total.lines.pct, total.branches.pct]
  const said = `coverage: ${shares[0]} % of lines, ${shares[1]} % of branches; at least ${leastCoveragePercent} % wanted`
  console.log(said)
  return shares.every((share) => share >= leastCoveragePercent) ? passedOne : failedOne(said)
}
