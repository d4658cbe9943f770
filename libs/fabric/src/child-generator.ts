import { fork, type ChildProcess } from 'node:child_process'
import { on } from 'node:events'
import { fileURLToPath } from 'node:url'
import { heedPassedSignals, isSignalNotice } from '@squall/program'
import { parseEvent, type GeneratorCommand, type GeneratorEvent } from '@squall/load-protocol'

/** A generator process of this machine, seen from the controller. It ends with its channel at the latest. */
export interface ChildGenerator {
  send(command: GeneratorCommand): void
  /** The next event; undefined once the process has ended and nothing more can come. */
  nextEvent(): Promise<GeneratorEvent | undefined>
  kill(): void
  /** Resolves when the process is gone, with what a person should know of its death. */
  readonly exited: Promise<string>
}

const keptOutputCharacters = 2_000
/**
 * Left alone, V8 lets the space for new objects grow to 128 MB while thousands of clients start, and keeps it. What a call allocates
 * is gone with the call, so a small space serves; but calls under way are copied whenever it is full, so it is not the smallest.
 */
const memoryOptions = ['--max-semi-space-size=16']

/**
 * Starts a generator program.
 * @param entry its main file, which calls `runGenerator`.
 */
export function forkGenerator(entry: URL): ChildGenerator {
  const child = fork(fileURLToPath(entry), {
    execArgv: [...process.execArgv, ...memoryOptions],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  heedPassedSignals(child)
  const events = eventsOf(child)
  const exited = describeExit(child)
  return {
    // A send to a dead process fails; its death is reported by `exited`.
    send: (command) => void (child.connected && child.send(command, () => undefined)),
    nextEvent: events,
    kill: () => void child.kill('SIGKILL'),
    exited,
  }
}

// The channel closes after its last message was read, which may be later than the exit.
function eventsOf(child: ChildProcess): () => Promise<GeneratorEvent | undefined> {
  const messages = on(child, 'message', { close: ['disconnect'] })
  return async function nextEvent(): Promise<GeneratorEvent | undefined> {
    // What breaks the iteration is a process that could not be started; `exited` says why.
    const next = await messages.next().catch(() => ({ done: true as const, value: undefined }))
    if (next.done === true) return undefined
    // `on` yields the arguments of each emission.
    const [message] = next.value as unknown[]
    return isSignalNotice(message) ? nextEvent() : parseEvent(message)
  }
}

function describeExit(child: ChildProcess): Promise<string> {
  let output = ''
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => void (output = (output + chunk).slice(-keptOutputCharacters)))
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`))
    child.once('close', (code, signal) => {
      const how = signal === null ? `ended with exit code ${code}` : `killed by ${signal}`
      resolve(output.trim() === '' ? how : `${how}: ${output.trim()}`)
    })
  })
}
