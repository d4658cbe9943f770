import type { ChildProcess } from 'node:child_process'

/**
 * A signal that reached a child instead of the program that started it. Nx, and others that end a process tree, signal the leaves first and
 * wait for them; a child that ignored it in silence would hold up the whole tree until it is killed.
 */
interface SignalNotice {
  readonly type: 'signal'
  readonly signal: 'SIGINT' | 'SIGTERM'
}

let stopProgram: (signal: string) => void = () => undefined

/** Says how the program at the top of the tree stops; it has no parent to pass a signal on to. */
export function stopOnPassedSignals(stop: (signal: string) => void): void {
  stopProgram = stop
}

/** Hands a signal to the parent, which decides in which order things end. */
export function passSignalUp(signal: SignalNotice['signal']): void {
  const notice: SignalNotice = { type: 'signal', signal }
  if (process.connected) process.send?.(notice)
  else stopProgram(signal)
}

/** Takes the signals that a child passes up; for whoever starts a child with a channel. */
export function heedPassedSignals(child: ChildProcess): void {
  child.on('message', (message) => {
    if (isSignalNotice(message)) passSignalUp(message.signal)
  })
}

export function isSignalNotice(message: unknown): message is SignalNotice {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'signal'
}
