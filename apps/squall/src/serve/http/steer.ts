import { CodedError } from '@squall/errors'
import type { RunControls } from '@squall/controller'
import { toProblems } from '@squall/virtual-client'
import { z } from 'zod'
import { squallErrors } from '../../errors.ts'
import type { ServedRun } from '../served-run.ts'

const mostClients = 1_000_000
const mostTimes = 1_000
const clientsExpected = `a whole number from 0 to ${mostClients}`
const factorExpected = `a number from 0 to ${mostTimes}: 2 is twice as often as planned`

const changes = z.strictObject(
  {
    /** Of a closed pack: how many there are to be. */
    clients: z.int(clientsExpected).min(0, clientsExpected).max(mostClients, clientsExpected).optional(),
    /** Of an open pack: how many times as often as planned arrivals come. */
    rateFactor: z.number(factorExpected).min(0, factorExpected).max(mostTimes, factorExpected).optional(),
    paused: z.boolean('true or false').optional(),
    resetNumbers: z.literal(true, 'true').optional(),
  },
  'a JSON object with clients, rateFactor, paused or resetNumbers',
)

type Changes = z.output<typeof changes>

/**
 * Changes a load while it is made.
 * @throws CodedError SQUALL_SERVE_BAD_REQUEST, SQUALL_SERVE_NOT_NOW
 */
export function steer(run: ServedRun, sent: unknown): void {
  const wanted = read(sent)
  const { controls } = run
  if (controls === undefined)
    throw CodedError.refusal(squallErrors.SQUALL_SERVE_NOT_NOW, { message: `the run is ${run.file.state}: no load is made` })
  checkModel(wanted, controls)
  if (wanted.clients !== undefined) controls.setClients(wanted.clients)
  if (wanted.rateFactor !== undefined) controls.setRateFactor(wanted.rateFactor)
  if (wanted.resetNumbers) controls.resetNumbers()
  if (wanted.paused === true) controls.pause()
  if (wanted.paused === false) controls.resume()
}

const locate = (path: readonly PropertyKey[]): string => path.join('.') || 'the body'

function read(sent: unknown): Changes {
  const result = changes.safeParse(sent)
  if (result.success) return result.data
  const problems = toProblems(result.error, { schema: changes, input: sent, locate, isSecret: () => false })
  throw CodedError.refusal(squallErrors.SQUALL_SERVE_BAD_REQUEST, { message: 'the run cannot be steered so', problems })
}

function checkModel({ clients, rateFactor }: Changes, { model }: RunControls): void {
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
