// `vi.waitFor` and `vi.waitUntil` give up after a second unless told otherwise, and no setting changes that: too soon for machines that are busy with other tests.
import { vi } from 'vitest'

const patienceMs = 10_000
const { waitFor, waitUntil } = vi

// Files of one worker share its process, and this is run for each of them.
if (waitFor.name !== 'waitForPatiently') {
  vi.waitFor = function waitForPatiently(callback, options = {}) {
    return waitFor(callback, typeof options === 'number' ? options : { timeout: patienceMs, ...options })
  }
  vi.waitUntil = function waitUntilPatiently(callback, options = {}) {
    return waitUntil(callback, typeof options === 'number' ? options : { timeout: patienceMs, ...options })
  }
}
