// `npm run prove`: ten searches on each kind of simulated server whose capacity is known; nine have to find it.
import { join } from 'node:path'
import { temporaryDirectory } from '@squall/testing'
import { limitKinds, onServer, searchSimulated, truthOf } from './simulated-search.ts'

const searches = 10
const mustHold = 9
using cleanUp = new DisposableStack()
const directory = temporaryDirectory((remove) => cleanUp.defer(remove))
for (const { name, limits, expected } of limitKinds) {
  const truth = truthOf(limits, expected)
  const found: string[] = []
  let near = 0
  let covered = 0
  for (let seed = 1; seed <= searches; seed += 1) {
    const { capacity } = await searchSimulated(
      onServer(limits, seed),
      join(directory, name.replaceAll(/\W+/g, '-'), String(seed)),
    )
    const { load = 0, interval = [0, 0] } = capacity.maximum ?? {}
    if (Math.abs(load - truth) <= truth / 10) near += 1
    if (interval[0] <= truth && truth <= interval[1]) covered += 1
    found.push(`${load} (${interval.join('–')})`)
  }
  const holds = near >= mustHold && covered >= mustHold
  console.log(
    `${name}: truth ${truth}; found ${found.join(', ')}; ${near} within 10 %, ${covered} covered: ${holds ? 'holds' : 'DOES NOT HOLD'}`,
  )
  if (!holds) process.exitCode = 1
}
