import { z } from 'zod'
import { defineFault, type Interruption } from '../fault.ts'
import { delayMs } from '../options.ts'

const options = z.strictObject({
  kind: z.enum(['unavailable', 'reset', 'refuse']).default('unavailable'),
  durationMs: delayMs.min(1),
})

const unavailable: Interruption = { kind: 'reply', status: 503, code: '390503', message: 'Service unavailable.' }

/**
 * The service is away for a while: requests are answered 503, or connections break, or nobody listens at all. Statements that run
 * go on. Connections of the admin API are kept, so that an outage can be ended early over one of them.
 */
export const outage = defineFault({
  name: 'outage',
  summary: 'the service is away: { kind?: unavailable | reset | refuse, durationMs }',
  options,
  begin({ kind, durationMs }, { clock, door, hit, finish }) {
    const timer = clock.at(clock.monotonicMs() + durationMs, finish)
    if (kind === 'refuse') door.close()
    if (kind !== 'unavailable') hit(door.breakConnections())
    return {
      onRequest() {
        hit()
        return kind === 'unavailable' ? unavailable : { kind: 'reset' }
      },
      end() {
        timer.cancel()
        if (kind === 'refuse') door.open()
      },
    }
  },
})
