import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { temporaryDirectory } from '@squall/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createLocalFabric } from '../index.ts'
import { describeFabric } from '../test/fabric-conformance.ts'
import { isAlive, pidsIn } from '../test/processes.ts'

const generator = new URL('../test/demo-generator.ts', import.meta.url)
const parent = fileURLToPath(new URL('../test/demo-parent.ts', import.meta.url))

describeFabric('local', (limits) => createLocalFabric({ generator, ...limits }))

test('generators end with their parent, even when it is killed in mid-run', async () => {
  const directory = temporaryDirectory(onTestFinished)
  const child = spawn(process.execPath, ['--conditions=@squall/source', parent, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  const pids = pidsIn(directory)
  expect(pids.filter(isAlive)).toHaveLength(2)
  child.kill('SIGKILL')
  await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: 10_000, interval: 20 })
})

test('a generator program that does not exist is reported in words', async () => {
  const fabric = createLocalFabric({ generator: new URL('../test/missing.ts', import.meta.url) })
  const { signal } = new AbortController()
  const request = { runId: 'r', plan: {} as never, shards: 1, signal, onEvent: () => undefined }
  await expect(fabric.prepare(request)).rejects.toMatchObject({
    code: 'FABRIC_GENERATOR_DID_NOT_START',
    message: expect.stringMatching(/did not start: ended with exit code 1/) as string,
  })
})
