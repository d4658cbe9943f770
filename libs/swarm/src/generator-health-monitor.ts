import { performance } from 'node:perf_hooks'
import type { ProcessHealth } from '@squall/metrics'
import type { Clock } from '@squall/time'
import { EventLoopDelay } from './event-loop-delay.ts'

/** What a process knows of itself; all but the memory count up from its start. */
export interface ProcessMeter {
  /** User plus system time of all its threads. */
  cpuMs(): number
  /** How long its event loop was not waiting. */
  eventLoopBusyMs(): number
  rssBytes(): number
}

const thisProcess: ProcessMeter = {
  cpuMs: () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
  eventLoopBusyMs: () => performance.eventLoopUtilization().active,
  rssBytes: () => process.memoryUsage.rss(),
}

/** Watches over the generator itself, so that a report can tell whether it was the bottleneck. Whoever makes one stops it. */
export class GeneratorHealthMonitor {
  readonly #clock: Clock
  readonly #process: ProcessMeter
  readonly #eventLoopDelay: EventLoopDelay
  #last: { readonly wallMs: number; readonly cpuMs: number; readonly busyMs: number }

  /** @param clock the machine's own, not one that can stand still. */
  constructor(clock: Clock, process: ProcessMeter = thisProcess) {
    this.#clock = clock
    this.#process = process
    this.#eventLoopDelay = new EventLoopDelay(clock)
    this.#last = this.#read()
  }

  /** How the process fared since the last time this was called, as a snapshot carries it. */
  take(): ProcessHealth {
    const before = this.#last
    this.#last = this.#read()
    const wallMs = this.#last.wallMs - before.wallMs
    return {
      wallMs,
      cpuMs: this.#last.cpuMs - before.cpuMs,
      rssBytes: this.#process.rssBytes(),
      eventLoopUtilization: wallMs > 0 ? Math.min(1, (this.#last.busyMs - before.busyMs) / wallMs) : 0,
      eventLoopDelay: this.#eventLoopDelay.take(),
    }
  }

  stop(): void {
    this.#eventLoopDelay.stop()
  }

  #read(): { readonly wallMs: number; readonly cpuMs: number; readonly busyMs: number } {
    return { wallMs: this.#clock.monotonicMs(), cpuMs: this.#process.cpuMs(), busyMs: this.#process.eventLoopBusyMs() }
  }
}
