import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { LabNetwork } from './lab-network.ts'
import { ScriptedServer } from './scripted-server.ts'

const run = promisify(execFile)
const ask = `fetch(process.argv[1], { signal: AbortSignal.timeout(1500) }).then(({ status }) => console.log(status), () => console.log('silence'))`

/** @returns what a machine hears of this one: before, while and after it is cut off. */
async function answersIn(lab: LabNetwork): Promise<string> {
  await using server = await ScriptedServer.start({ host: lab.address })
  const machine = lab.addMachine()
  const [command, ...args] = [...machine.through, process.execPath, '-e', ask, server.url]
  const answer = async (): Promise<string> => (await run(command, args)).stdout.trim()
  const before = await answer()
  machine.cut()
  const meanwhile = await answer()
  machine.heal()
  const after = await answer()
  expect(server.seen.map(({ remoteAddress }) => remoteAddress)).toEqual([machine.address, machine.address])
  return [before, meanwhile, after].join()
}

test('a machine of the lab reaches this one from an address of its own, unless it is cut off', async () => {
  using lab = LabNetwork.openIfPossible()
  // Only root may have one; tests go over loopback otherwise.
  expect(lab === undefined ? 'refused' : await answersIn(lab)).toBe(process.getuid?.() === 0 ? '200,silence,200' : 'refused')
})
