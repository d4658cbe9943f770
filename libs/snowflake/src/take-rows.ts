import type { Readable } from 'node:stream'

/** A millisecond or so of work. */
const rowsPerTurn = 256

/**
 * Hands over what a stream of rows yields, one by one, until `take` wants no more or the stream ends. To iterate over the stream would say
 * the same in fewer words, but costs several times as much where there is one row.
 * @param take gets a row, and says whether it wants another.
 * @throws what `take` throws, the signal's reason, the stream's error, and Error where the stream closes before its end.
 */
export function takeRows(stream: Readable, signal: AbortSignal, take: (row: unknown) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    let pause: NodeJS.Immediate | undefined
    let leftOfTurn = rowsPerTurn
    const end = (error?: unknown): void => {
      signal.removeEventListener('abort', onAbort)
      stream.off('readable', onReadable)
      clearImmediate(pause)
      if (error === undefined) resolve()
      else reject(error)
      // The listeners for errors stay: an error that nobody hears ends the process.
      stream.destroy()
    }
    const takeSome = (): void => {
      for (; leftOfTurn > 0; leftOfTurn -= 1) {
        const row: unknown = stream.read()
        if (row === null) return
        if (!take(row)) return end()
      }
      // The driver hands out a whole chunk, however many times it is asked, without a turn of the event loop; others must not wait for all of it.
      pause = setImmediate(() => {
        pause = undefined
        leftOfTurn = rowsPerTurn
        onReadable()
      })
    }
    const onReadable = (): void => {
      if (pause !== undefined) return
      try {
        takeSome()
      } catch (error) {
        end(error)
      }
    }
    const onAbort = (): void => end(signal.reason)
    signal.addEventListener('abort', onAbort, { once: true })
    stream.on('error', end).on('end', end).on('readable', onReadable)
    stream.on('close', () => end(new Error('the rows ended before the last one')))
  })
}
