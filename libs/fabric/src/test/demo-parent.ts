// A controller that starts a long run and then does nothing, until a test kills it. Its argument is the folder for pids.
import { createLocalFabric } from '../index.ts'
import { demoPlan } from './demo-plan.ts'

const [, , directory = '.'] = process.argv
const fabric = createLocalFabric({ generator: new URL('./demo-generator.ts', import.meta.url) })
const run = await fabric.prepare({
  runId: 'orphans',
  plan: demoPlan(60_000, { directory, behaviours: {} }),
  shards: 2,
  signal: new AbortController().signal,
  onEvent: (event) => event.type === 'snapshot' && process.stdout.write('running\n'),
})
run.start()
await run.ended
