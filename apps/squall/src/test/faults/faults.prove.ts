// Every way a run over two agents is disturbed, on real processes. Started by `prove-faults.ts`, which prints the table of docs/distributed.md.
import { appendFileSync } from 'node:fs'
import { test } from 'vitest'
import { disturbRun } from './disturb-run.ts'
import { expectSound } from './expect-sound.ts'
import { faultCases } from './fault-cases.ts'
import { packNames } from './fault-packs.ts'
import { toResult } from './fault-result.ts'

const {
  SQUALL_FAULTS_TIMES = '1',
  SQUALL_FAULTS_ONLY = '',
  SQUALL_FAULTS_PACKS = packNames.join(),
  SQUALL_FAULTS_RESULTS,
} = process.env
const times = Number(SQUALL_FAULTS_TIMES)
const packs = packNames.filter((pack) => SQUALL_FAULTS_PACKS.split(',').includes(pack))
const cases = faultCases.filter(({ name, leaseSeconds }) => `${name}, ${leaseSeconds} s`.includes(SQUALL_FAULTS_ONLY))
const runs = cases.flatMap((fault) =>
  packs.flatMap((pack) =>
    Array.from({ length: times }, (_, round) => ({ fault, pack, round, name: fault.name, lease: fault.leaseSeconds })),
  ),
)

test.each(runs)('$name, with a lease of $lease s, $pack, $round', async ({ fault, pack, round }) => {
  // Not always at the same point of a second.
  const run = await disturbRun({
    pack,
    fault,
    afterMs: 3_000 + 370 * round,
    onLoopback: process.env['SQUALL_FAULTS_LOOPBACK'] === '1',
  })
  const result = toResult(run, pack)
  const { name, leaseSeconds } = fault
  const line = JSON.stringify({
    name,
    leaseSeconds,
    code: run.code,
    hasOwnMachines: run.hasOwnMachines,
    gaps: run.gaps,
    ...result,
  })
  if (SQUALL_FAULTS_RESULTS !== undefined) appendFileSync(SQUALL_FAULTS_RESULTS, `${line}\n`)
  expectSound({ run, result, fault })
})
