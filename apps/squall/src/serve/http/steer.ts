import { CodedError } from '@squall/errors'
import type { RunControls } from '@squall/controller'
import { toProblems } from '@squall/virtual-client'
import { squallErrors } from '../../errors.ts'
import { runChanges, type RunChanges } from '../run-changes.ts'
import type { ServedRun } from '../served-run.ts'

/**
 * Changes a load while it is made.
 * @throws CodedError SQUALL_SERVE_BAD_REQUEST, SQUALL_SERVE_NOT_NOW, SQUALL_SERVE_DATA
 */
export function steer(run: ServedRun, sent: unknown): void {
  const wanted = read(sent)
  const { controls } = run
  if (controls === undefined)
    throw CodedError.refusal(squallErrors.SQUALL_SERVE_NOT_NOW, { message: `the run is ${run.file.state}: no load is made` })
  checkModel(wanted, controls)
  run.steer(wanted, controls)
}

const locate = (path: readonly PropertyKey[]): string => path.join('.') || 'the body'

function read(sent: unknown): RunChanges {
  const result = runChanges.safeParse(sent)
  if (result.success) return result.data
  const problems = toProblems(result.error, { schema: runChanges, input: sent, locate, isSecret: () => false })
  throw CodedError.refusal(squallErrors.SQUALL_SERVE_BAD_REQUEST, { message: 'the run cannot be steered so', problems })
}

function checkModel({ clients, rateFactor }: RunChanges, { model }: RunControls): void {
  const problems = [
    ...(clients !== undefined && model === 'open'
      ? [{ where: 'clients', value: clients, expected: 'rateFactor: clients of this pack come by arrivals' }]
      : []),
    ...(rateFactor !== undefined && model === 'closed'
      ? [{ where: 'rateFactor', value: rateFactor, expected: 'clients: this pack has a number of them' }]
      : []),
  ]
  if (problems.length === 0) return
  throw CodedError.refusal(squallErrors.SQUALL_SERVE_BAD_REQUEST, { message: 'the run cannot be steered so', problems })
}
