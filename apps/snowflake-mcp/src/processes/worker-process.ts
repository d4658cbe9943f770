import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { heedPassedSignals, stopMessage } from '@squall/program'
import { roleVariable, type ToSupervisor, type ToWorker, type WorkerRole } from './messages.ts'

/** How one worker ended before it was ready, or at any time. */
export interface WorkerEnd {
  readonly code: number | null
  readonly signal: string | null
}

/** One worker, as its supervisor sees it. */
export interface WorkerProcess {
  readonly role: WorkerRole
  readonly pid: number
  readonly exited: Promise<WorkerEnd>
  /** Resolves with the URL it listens at; with how it ended where it never came so far. */
  readonly ready: Promise<string | WorkerEnd>
  send(message: ToWorker): void
  /** Gives a connection away. */
  sendConnection(message: ToWorker, connection: Socket): void
  /** Asks it to finish what runs and end; it is killed where it does not end in time. */
  stop(graceMs: number): Promise<void>
}

/** @param onMessage told of everything the worker says, with the connection that came with it. */
export function startWorker(
  role: WorkerRole,
  onMessage: (from: WorkerProcess, message: ToSupervisor, connection: Socket | undefined) => void,
): WorkerProcess {
  const worker = cluster.fork({ [roleVariable]: JSON.stringify(role) })
  heedPassedSignals(worker.process)
  // A message to a worker that has just died is lost with it.
  worker.on('error', () => undefined)
  const exited = once(worker, 'exit').then(([code, signal]: (number | string | null)[]) => toEnd(code, signal))
  const ready = new Promise<string | WorkerEnd>((resolve) => {
    worker.on('message', (message: unknown) => {
      if (isReady(message)) resolve(message.url)
    })
    void exited.then(resolve)
  })
  const process: WorkerProcess = {
    role,
    pid: worker.process.pid ?? 0,
    exited,
    ready,
    send: (message) => sendTo(worker, message),
    sendConnection(message, connection) {
      if (worker.isConnected()) worker.send(message, connection, () => connection.destroy())
      else connection.destroy()
    },
    async stop(graceMs) {
      if (worker.isConnected()) worker.send(stopMessage, () => undefined)
      const killer = setTimeout(() => worker.process.kill('SIGKILL'), graceMs)
      await exited
      clearTimeout(killer)
    },
  }
  worker.on('message', (message: unknown, connection: Socket | undefined) => {
    // Whatever a worker says is of these, or of @squall/program's own messages, which have types of their own.
    onMessage(process, message as ToSupervisor, connection)
  })
  return process
}

function sendTo(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message, () => undefined)
}

function toEnd(code: number | string | null | undefined, signal: number | string | null | undefined): WorkerEnd {
  return { code: typeof code === 'number' ? code : null, signal: typeof signal === 'string' ? signal : null }
}

function isReady(message: unknown): message is { readonly url: string } {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready' && 'url' in message
}
