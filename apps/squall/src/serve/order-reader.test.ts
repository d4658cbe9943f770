import { fileURLToPath } from 'node:url'
import { systemClock } from '@squall/time'
import { expect, onTestFinished, test } from 'vitest'
import { shippedPacks } from '../run/resolve-pack.ts'
import { echoPack } from '../test/echo-pack.ts'
import { OrderReader, type OrderReaderOptions } from './order-reader.ts'

function open(options: Partial<OrderReaderOptions> = {}): OrderReader {
  const rules = { packsDirectory: shippedPacks, allowTargets: [], fabricUrl: undefined }
  const reader = new OrderReader({ rules, clock: systemClock, ...options })
  onTestFinished(() => reader.close())
  return reader
}

const target = 'http://127.0.0.1:1/mcp'
const good = { packText: echoPack(), name: 'echoes', target }
/** Each key is looked for among all others. */
const endless = { packText: Array.from({ length: 80_000 }, (_, key) => `k${key}: 1\n`).join(''), target }

test('what takes too long to be read is given up, and what waits behind it is read', async () => {
  // Long enough for the thread that takes the place of the first one to begin, on a busy machine too.
  const reader = open({ patienceMs: 8_000 })
  const [first, second] = await Promise.allSettled([reader.read(endless), reader.read(good)])
  expect(first).toMatchObject({
    reason: { code: 'SQUALL_SERVE_BAD_REQUEST', message: 'what was sent takes more than 8 s to be read' },
  })
  expect(second).toMatchObject({ value: { plan: { name: 'echoes', target }, settings: { allowLossRatio: 0 }, notes: [] } })
})

test('what takes too much memory to be read costs the server none', async () => {
  const reader = open({ mostMemoryMb: 100 })
  await expect(reader.read({ packText: '- [\n'.repeat(100_000), target })).rejects.toMatchObject({
    code: 'SQUALL_SERVE_BAD_REQUEST',
    message: 'what was sent takes more than 100 MB of memory to be read',
  })
  expect((await reader.read(good)).plan.name).toBe('echoes')
})

test('no more waits to be read than can be told soon, and what is wrong is told as it is found', async () => {
  const reader = open()
  const all = await Promise.allSettled(Array.from({ length: 22 }, () => reader.read({ ...good, workers: 'many' })))
  const codes = all.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : one.status))
  expect(codes).toEqual([...Array.from({ length: 20 }, () => 'PACK_INVALID'), 'SQUALL_SERVE_FULL', 'SQUALL_SERVE_FULL'])
  expect(all[0]).toMatchObject({ reason: { problems: [{ where: 'workers', value: 'many' }], exitCode: 2 } })
  await expect(reader.read({ pack: 'smoek', target })).rejects.toMatchObject({ problems: [{ where: 'pack' }] })
})

test("a folder of packs that is gone is nobody's mistake who asks", async () => {
  const packsDirectory = fileURLToPath(new URL('no-such-folder', import.meta.url))
  const reader = open({ rules: { packsDirectory, allowTargets: [], fabricUrl: undefined } })
  await expect(reader.read({ pack: 'smoke', target })).rejects.toThrow(/ENOENT/)
})
