// The program of a generator process: it makes the load of one share of a plan. Started by the fabric, never by hand.
import { exitCodes } from '@squall/errors'
import { runGenerator } from '@squall/fabric'
import { runProgram } from '@squall/program'
import { systemClock } from '@squall/time'
import { prepareShare } from './generator/prepare-share.ts'

await runProgram(async ({ stopping }) => {
  await runGenerator({ clock: systemClock, prepare: async (assignment, clock) => prepareShare(assignment, clock), stopping })
  return exitCodes.ok
})
