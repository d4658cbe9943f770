import { CodedError, renderError } from '@squall/errors'
import { expect, test } from 'vitest'
import { fabricErrors } from './index.ts'

test('a generator that does not start is a trouble of the machine, and says what to try', () => {
  const error = new CodedError(fabricErrors.FABRIC_GENERATOR_DID_NOT_START)
  expect(error.exitCode).toBe(9)
  expect(renderError(error)).toMatch(/--workers 1.*\[FABRIC_GENERATOR_DID_NOT_START]$/)
})
