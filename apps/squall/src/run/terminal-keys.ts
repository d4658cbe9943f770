import type { RunControls } from '@squall/controller'
import { createKeys } from './keys.ts'

/** The terminal's keyboard, as far as it is needed. */
export interface Keyboard {
  setRawMode(isRaw: boolean): unknown
  setEncoding(encoding: 'utf8'): unknown
  on(event: 'data', listener: (typed: string) => void): unknown
  off(event: 'data', listener: (typed: string) => void): unknown
  resume(): unknown
  pause(): unknown
}

/**
 * Lets the keyboard of a terminal steer a run.
 * @returns what gives the keyboard back as it was.
 */
export function listenToKeys(keyboard: Keyboard, controls: RunControls, say: (text: string) => void): () => void {
  // In raw mode the terminal no longer makes a signal of Ctrl-C; ours takes the same way as that one would.
  const keys = createKeys({ controls, say, interrupt: () => process.kill(process.pid, 'SIGINT') })
  keyboard.setRawMode(true)
  keyboard.setEncoding('utf8')
  keyboard.on('data', keys)
  keyboard.resume()
  return () => {
    keyboard.off('data', keys)
    keyboard.setRawMode(false)
    keyboard.pause()
  }
}
