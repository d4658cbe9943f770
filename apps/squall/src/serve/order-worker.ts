// Reads what callers send, on a thread of its own: see `OrderReader`.
import { parentPort, workerData } from 'node:worker_threads'
import { CodedError } from '@squall/errors'
import { createTargetAllowlist } from '@squall/fabric'
import { openPackShelf } from './pack-shelf.ts'
import { readOrder, type OrderRules } from './read-order.ts'
import type { ReadAnswer, ReaderRules } from './order-reader.ts'
import { shownProblems } from './run-file.ts'

// As its only maker gives it.
const { packsDirectory, allowTargets, fabricUrl } = workerData as ReaderRules
const rules: OrderRules = {
  shelf: openPackShelf(packsDirectory),
  allowlist: createTargetAllowlist(allowTargets),
  fabricUrl,
  environment: process.env,
}

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.on('message', (sent: unknown) => parentPort?.postMessage(answer(sent)))

function answer(sent: unknown): ReadAnswer {
  try {
    return { order: readOrder(sent, rules) }
  } catch (error) {
    if (!(error instanceof CodedError)) return defectOf(error)
    const { code, message, hint, exitCode, problems } = error
    return { refusal: { code, message, hint, exitCode, problems: shownProblems(problems) } }
  }
}

const defectOf = (error: unknown): ReadAnswer => ({
  defect: error instanceof Error ? (error.stack ?? error.message) : String(error),
})
