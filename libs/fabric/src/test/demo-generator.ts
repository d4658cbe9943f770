// A generator without load for the tests of fabrics. What it does wrong is in the plan's variables: { "behaviour": { "<shard>": … } }.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError, exitCodes } from '@squall/errors'
import type { Assignment } from '@squall/load-protocol'
import type { Snapshot } from '@squall/metrics'
import { systemClock } from '@squall/time'
import { runGenerator, type PreparedShare } from '../index.ts'

/** How a shard misbehaves. */
export type Behaviour = 'refuse' | 'bug' | 'silent' | 'silent-at-first' | 'crash' | 'fail' | 'deaf' | 'babble'

const snapshotEveryMs = 10
const forever = new Promise<never>(() => setInterval(() => undefined, 1000))
const stopping = new AbortController()
process.on('disconnect', () => {
  stopping.abort(new Error('parent lost'))
  process.exit()
})

await runGenerator({ clock: systemClock, prepare, stopping: stopping.signal })
process.exit()

async function prepare({ plan, share, epoch }: Assignment): Promise<PreparedShare> {
  const { directory, behaviours } = plan.variables as unknown as { directory: string; behaviours: Record<number, Behaviour> }
  writeFileSync(join(directory, `${share.index}.pid`), String(process.pid))
  const behaviour = behaviours[share.index]
  if (behaviour === 'refuse')
    throw new CodedError(
      { code: 'DEMO_REFUSED', summary: 'this share is too hot', hint: 'Let it cool.', exitCode: exitCodes.badInput },
      {},
    )
  if (behaviour === 'bug') throw new TypeError('x is not a function')
  if (behaviour === 'silent' || (behaviour === 'silent-at-first' && epoch === 1)) await forever
  return demoShare(plan.model.type === 'closed' ? plan.model.durationMs : 0, behaviour)
}

function demoShare(durationMs: number, behaviour: Behaviour | undefined): PreparedShare {
  const seen = { pausedAtMs: 0, resumedInMs: 0, changed: 0 }
  const stopAsked = Promise.withResolvers<void>()
  const drained: number[] = []
  return {
    pause: (atMs) => void (seen.pausedAtMs = atMs),
    resume: (atMs) => void (seen.resumedInMs = atMs - systemClock.monotonicMs()),
    change: (change) => {
      if (change.type === 'set-clients') seen.changed += change.clients
      else if (change.type === 'set-rate') seen.changed += 1_000 * change.factor
    },
    stop: (drainMs) => {
      if (behaviour === 'deaf') return
      drained.push(drainMs)
      stopAsked.resolve()
    },
    run: async ({ startAtMs, fromMs }, send, show) => {
      await until(startAtMs)
      show([{ code: 'http.500', method: 'ping', name: '', message: 'sample', request: '{}', reply: '', serviceMs: 1 }])
      // Its seconds are short ones.
      let second = Math.floor(fromMs / snapshotEveryMs)
      const lateMs = systemClock.monotonicMs() - startAtMs
      while (systemClock.monotonicMs() < startAtMs + durationMs && drained.length === 0) {
        send(
          snapshot(second++, {
            sessionsOpened: seen.pausedAtMs,
            clientsFinished: seen.changed,
            bytesReceived: Math.max(0, seen.resumedInMs),
            droppedStarts: lateMs,
          }),
        )
        if (behaviour === 'crash') throw uncaught('the demo crashed')
        if (behaviour === 'fail') throw new Error('the demo failed in order')
        if (behaviour === 'babble') process.send?.({ type: 'nonsense' })
        await Promise.race([until(systemClock.monotonicMs() + snapshotEveryMs), stopAsked.promise])
      }
      if (behaviour === 'deaf') await forever
      // The drain it was given, so that a test sees it arrived.
      if (drained[0] !== undefined) send(snapshot(second, { bytesSent: drained[0] }))
    },
  }
}

function uncaught(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

function until(dueMs: number): Promise<void> {
  return new Promise((resolve) => void systemClock.at(dueMs, resolve))
}

function snapshot(second: number, counters: Snapshot['counters']): Snapshot {
  const empty = new Uint8Array()
  const generator = {
    cpuMs: 0,
    wallMs: snapshotEveryMs,
    rssBytes: 0,
    eventLoopUtilization: 0,
    eventLoopDelay: empty,
    scheduleLag: empty,
  }
  return { second, clients: {}, counters, series: [], foldedCalls: 0, generator }
}
