import type { RunControls } from '@squall/controller'
import { z } from 'zod'

const mostClients = 1_000_000
const mostTimes = 1_000
const clientsExpected = `a whole number from 0 to ${mostClients}`
const factorExpected = `a number from 0 to ${mostTimes}: 2 is twice as often as planned`

/** How callers may steer a load while it is made. */
export const runChanges = z.strictObject(
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

export type RunChanges = z.output<typeof runChanges>

export function applyChanges(wanted: RunChanges, controls: RunControls): void {
  if (wanted.clients !== undefined) controls.setClients(wanted.clients)
  if (wanted.rateFactor !== undefined) controls.setRateFactor(wanted.rateFactor)
  if (wanted.resetNumbers) controls.resetNumbers()
  if (wanted.paused === true) controls.pause()
  if (wanted.paused === false) controls.resume()
}

const askedFile = z.strictObject({ stop: z.boolean(), changes: runChanges })

/** `asked.json`: what was asked of a run, as long as nobody but its server may know of it. */
export type AskedOfRun = z.output<typeof askedFile>

export const nothingAsked: AskedOfRun = { stop: false, changes: {} }

/** @throws Error where it is none. */
export const parseAsked = (text: string): AskedOfRun => askedFile.parse(JSON.parse(text))

/** @returns those of the changes that are not in effect, as a server finds it that takes the run over. */
export function changesLeft({ clients, rateFactor, ...rest }: RunChanges, controls: RunControls): RunChanges {
  return {
    ...rest,
    ...(clients !== controls.clients && { clients }),
    ...(rateFactor !== controls.rateFactor && { rateFactor }),
  }
}
