// Loaded into a program before its own code: on SIGUSR2 it collects garbage and says on standard error how much of the heap is in use.
import { setTimeout as pause } from 'node:timers/promises'

async function report(): Promise<void> {
  // What was freed by one collection may let go of more: weak references, finalizers, what a timer still held.
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.()
    await pause(50)
  }
  process.stderr.write(`heap in use: ${process.memoryUsage().heapUsed} bytes\n`)
}

process.on('SIGUSR2', () => void report())
