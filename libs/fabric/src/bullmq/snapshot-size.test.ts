import { GeneratorRecorder, LatencyHistogram } from '@squall/metrics'
import { seededRandom } from '@squall/time'
import { expect, test } from 'vitest'
import { toLetter } from './letter.ts'
import { Seal } from './seal.ts'

test('a second of a thousand calls of fifty tools takes less than ten kilobytes on its way', () => {
  const recorder = new GeneratorRecorder()
  const random = seededRandom(1, 0)
  for (let call = 0; call < 1_000; call++) {
    const key = {
      method: 'tools/call',
      tool: `tool_number_${call % 50}`,
      clientKind: 'claude_desktop',
      transport: 'streamable-http',
    }
    const ms = 5 / (0.01 + random.next())
    recorder.series({ ...key, phase: 'ramp' }).record(ms, ms * 1.1, call % 20 === 0 ? 'http.500' : undefined)
  }
  const eventLoopDelay = new LatencyHistogram().encode()
  const health = { cpuMs: 100, wallMs: 1_000, rssBytes: 1e8, eventLoopUtilization: 0.1, eventLoopDelay }
  const event = { type: 'snapshot', shard: 3, epoch: 1, sequence: 17, snapshot: recorder.takeSnapshot(17, health) } as const
  const [, bytes] = toLetter(event, new Seal('secret'), 'squall:run:1:events')
  expect(bytes.length).toBeLessThan(10_000)
})
