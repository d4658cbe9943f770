import { CodedError } from '@squall/errors'
import { ownerOf } from '../owner.ts'
import type { BackgroundQueries } from '../queries/background-queries.ts'
import { principalOf, type RequestContext } from '../request-context.ts'
import type { ResultStore } from '../results/result-store.ts'
import { createWithReader, type ReaderOptions } from '../snowflake/with-reader.ts'
import type { ToolWork } from '../tools/tool.ts'

export interface CallWorkOptions {
  readonly readers: ReaderOptions
  readonly results: ResultStore
  readonly background: BackgroundQueries
  readonly maxPagedRows: number
  /** How long a query in the background may take. */
  readonly backgroundTimeoutMs: number
  /** Told of errors that are no one's input: bugs. */
  readonly onBug: (error: unknown, context: RequestContext) => void
}

/** Gives a tool what it may use in one call; everything in it belongs to the caller alone. */
export function createCallWork(options: CallWorkOptions, context: RequestContext): ToolWork {
  const { readers, results, background, maxPagedRows, backgroundTimeoutMs } = options
  const { queries } = readers
  const owner = ownerOf(context.caller)
  const { account } = principalOf(context.caller)
  return {
    requestId: context.requestId,
    signal: context.signal,
    withReader: createWithReader(readers, context),
    results: {
      put: (result) => results.put(owner, result, account),
      get: (handle) => results.get(owner, handle),
      update: (handle, result) => results.update(handle, result),
    },
    queries: { find: (id) => queries.find(owner, id), running: () => queries.running(owner) },
    maxPagedRows,
    inBackground(work) {
      const patient = { ...readers, limits: { ...readers.limits, queryTimeoutMs: backgroundTimeoutMs } }
      background.start(async (signal) => {
        try {
          await work(createWithReader(patient, { ...context, signal }))
        } catch (error) {
          // Coded failures are no bugs; the log of queries tells them to whoever asks.
          if (!(error instanceof CodedError)) options.onBug(error, context)
        }
      })
    },
  }
}
