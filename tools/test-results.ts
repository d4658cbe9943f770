/** What a run of vitest came to. */
export interface Tally {
  readonly passed: number
  readonly failed: number
  /** A paragraph for each failure: its file, its name and what it said. */
  readonly failures: readonly string[]
}

interface VitestResults {
  readonly numPassedTests?: number
  readonly numTotalTests?: number
  readonly numFailedTestSuites?: number
  readonly testResults?: readonly FileResult[]
}

interface FileResult {
  readonly name: string
  readonly status: string
  readonly message?: string
  readonly assertionResults: readonly TestResult[]
}

interface TestResult {
  readonly status: string
  readonly fullName: string
  readonly failureMessages?: readonly string[]
}

const keptMessageLines = 12

/** Reads what vitest's JSON reporter wrote. */
export function readResults(text: string): Tally {
  const { numPassedTests = 0, numTotalTests = 0, numFailedTestSuites = 0, testResults = [] } = JSON.parse(text) as VitestResults
  // A test that was skipped proved nothing, and a file that could not be read has tests that did not run.
  const failedTests = numTotalTests - numPassedTests
  return {
    passed: numPassedTests,
    failed: failedTests === 0 ? numFailedTestSuites : failedTests,
    failures: testResults.flatMap(failuresOf),
  }
}

function failuresOf({ name, status, message = '', assertionResults }: FileResult): string[] {
  const failed = assertionResults.filter((test) => test.status !== 'passed')
  if (failed.length === 0) return status === 'failed' ? [describe(name, '', message)] : []
  // A test that did not run, since a hook of its file failed, has no message of its own.
  return failed.map((test) => describe(name, test.fullName, test.failureMessages?.join('\n') || message || test.status))
}

const describe = (file: string, test: string, message: string): string =>
  `FAILED ${file}${test === '' ? '' : ` > ${test}`}\n${message.split('\n').slice(0, keptMessageLines).join('\n')}`
