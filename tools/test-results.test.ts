import { expect, test } from 'vitest'
import { readResults } from './test-results.ts'

const passed = { status: 'passed', fullName: 'adds', failureMessages: [] }
const failed = {
  status: 'failed',
  fullName: 'sums up',
  failureMessages: ['AssertionError: expected 1 to be 2\n    at sum.test.ts:4:1'],
}

test('names each test that failed, with its file and what it said', () => {
  const results = {
    numPassedTests: 1,
    numTotalTests: 2,
    numFailedTestSuites: 1,
    testResults: [{ name: '/libs/sum.test.ts', status: 'failed', message: '', assertionResults: [passed, failed] }],
  }
  expect(readResults(JSON.stringify(results))).toEqual({
    passed: 1,
    failed: 1,
    failures: ['FAILED /libs/sum.test.ts > sums up\nAssertionError: expected 1 to be 2\n    at sum.test.ts:4:1'],
  })
})

test('counts a test that was skipped as failed', () => {
  const skipped = { status: 'pending', fullName: 'waits' }
  const results = {
    numPassedTests: 0,
    numTotalTests: 1,
    testResults: [{ name: '/libs/wait.test.ts', status: 'passed', assertionResults: [skipped] }],
  }
  expect(readResults(JSON.stringify(results))).toEqual({
    passed: 0,
    failed: 1,
    failures: ['FAILED /libs/wait.test.ts > waits\npending'],
  })
})

test('counts a file that could not be read, and names it', () => {
  const results = {
    numPassedTests: 3,
    numTotalTests: 3,
    numFailedTestSuites: 1,
    testResults: [{ name: '/libs/gone.test.ts', status: 'failed', message: 'Cannot find module', assertionResults: [] }],
  }
  expect(readResults(JSON.stringify(results))).toEqual({
    passed: 3,
    failed: 1,
    failures: ['FAILED /libs/gone.test.ts\nCannot find module'],
  })
})

test('tells of a test that did not run what its file failed of', () => {
  const skipped = { status: 'skipped', fullName: 'waits', failureMessages: [] }
  const results = {
    numPassedTests: 0,
    numTotalTests: 1,
    numFailedTestSuites: 1,
    testResults: [{ name: '/hook.test.ts', status: 'failed', message: 'Error: no server', assertionResults: [skipped] }],
  }
  expect(readResults(JSON.stringify(results)).failures).toEqual(['FAILED /hook.test.ts > waits\nError: no server'])
})

test('keeps the first lines of a long message', () => {
  const message = Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\n')
  const results = {
    numPassedTests: 0,
    numTotalTests: 1,
    testResults: [{ name: '/a.test.ts', status: 'failed', assertionResults: [{ ...failed, failureMessages: [message] }] }],
  }
  const [failure = ''] = readResults(JSON.stringify(results)).failures
  expect(failure.split('\n').at(-1)).toBe('line 11')
})
