import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { planFor } from './test/plan.ts'
import { runClient } from './test/run-client.ts'

const frail = fileURLToPath(new URL('test/frail-stdio-server.ts', import.meta.url))

test('a client whose line is gone makes a new one, with a new session, and goes on', async () => {
  const plan = planFor(`'${process.execPath}' '${frail}'`, [{ callTool: { name: 'echo' } }], { transport: 'stdio' })
  const recorder = await runClient(plan, { iterations: 4 })
  expect(recorder.codesOf('tools/call')).toEqual([undefined, 'transport.reset', undefined, 'transport.reset'])
  expect(recorder.codesOf('initialize')).toEqual([undefined, undefined, undefined])
})
