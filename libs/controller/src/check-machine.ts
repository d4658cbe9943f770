import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { CodedError } from '@squall/errors'
import { clientsAtLevel, stagesOf, type LoadPlan } from '@squall/load-plan'
import { controllerErrors } from './errors.ts'

/** What of a machine bounds how many clients it can play. */
export interface Machine {
  /** How many files and sockets one process may have open; undefined where that is not known. */
  readonly filesPerProcess: number | undefined
  readonly memoryBytes: number
}

/** A client with one kept-alive socket takes no less (see `docs/benchmarks.md`). */
const leastBytesPerClient = 16 * 1024
/** What a generator has open besides its clients' sockets. */
const ownFiles = 64

/**
 * Makes sure that the generators could hold the clients of a closed plan at all: a plan that asks for far too many would otherwise
 * be found out by failed calls, or by the system's memory running out. An open plan has as many clients as its target lets pile up, which nobody
 * knows before.
 * @throws CodedError CONTROLLER_TOO_MANY_CLIENTS
 */
export function checkMachine({ model }: LoadPlan, workers: number, machine: Machine = thisMachine()): void {
  if (model.type !== 'closed') return
  const clients = stagesOf(model).reduce((peak, { from, to }) => Math.max(peak, clientsAtLevel(from), clientsAtLevel(to)), 0)
  const { filesPerProcess = Number.POSITIVE_INFINITY, memoryBytes } = machine
  const each = Math.ceil(clients / workers)
  const asked = `${clients} clients are to live at once`
  if (clients * leastBytesPerClient > memoryBytes) {
    const [needed, there] = [clients * leastBytesPerClient, memoryBytes].map((bytes) => `${(bytes / 2 ** 30).toFixed(1)} GiB`)
    throw new CodedError(controllerErrors.CONTROLLER_TOO_MANY_CLIENTS, {
      message: `${asked}, which takes at least ${needed} of memory; this machine has ${there}`,
    })
  }
  if (each + ownFiles > filesPerProcess) {
    throw new CodedError(controllerErrors.CONTROLLER_TOO_MANY_CLIENTS, {
      message: `${asked}, with a socket each, so that a generator needs ${each} of them; a process here may open ${filesPerProcess} files`,
    })
  }
}

const thisMachine = (): Machine => ({ filesPerProcess: filesPerProcess(), memoryBytes: totalmem() })

/** Node raises its own limit as far as it may, and so do the generators it starts. */
function filesPerProcess(): number | undefined {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return soft === undefined ? undefined : Number(soft)
  } catch {
    // Only Linux says so in a file.
    return undefined
  }
}
