import { accessSync, constants, mkdirSync } from 'node:fs'
import { once } from 'node:events'
import { CodedError, exitCodes, renderError, type ExitCode } from '@squall/errors'
import type { Lifetime } from '@squall/program'
import { createWarehouseEngine, createWarehouseServer, type WarehouseServer } from '@squall/warehouse'
import { snowflakeLocalErrors } from './errors.ts'
import type { ServeOptions } from './options.ts'

/**
 * Serves until told to stop.
 * @throws CodedError where the machine does not let it: port in use, directory not writable, …
 */
export async function serve(options: ServeOptions, { ready, stopping }: Lifetime): Promise<ExitCode> {
  const { dataDirectory, user, behaviour } = options
  prepareDirectory(dataDirectory)
  const engine = await Promise.race([createWarehouseEngine({ dataDirectory }), aborted(stopping)])
  // Stopped while the sample data was being made. The process ends with this program, and the engine's threads with it.
  if (!engine) return exitCodes.stopped
  const { warehouses, faults, chunkRows } = behaviour
  const limits = chunkRows === undefined ? {} : { chunkRows }
  const server = createWarehouseServer({ engine, users: [user], warehouses, faults, limits, onBug: reportBug })
  try {
    const url = await listen(server, options)
    ready(`snowflake-local listening on ${url} (account LOCAL, user ${user.name.toUpperCase()}, data in ${dataDirectory})`, {
      url,
    })
    await aborted(stopping)
  } finally {
    await server.close()
    await engine.close()
  }
  return exitCodes.stopped
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}

function prepareDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true })
    accessSync(directory, constants.W_OK)
  } catch (cause) {
    const message = `cannot write to ${directory}: ${(cause as Error).message}`
    throw new CodedError(snowflakeLocalErrors.SNOWFLAKE_LOCAL_DATA_DIRECTORY, { message, cause })
  }
}

async function listen(server: WarehouseServer, { host, port }: ServeOptions): Promise<string> {
  try {
    return await server.listen({ host, port })
  } catch (cause) {
    const inUse = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE'
    const { SNOWFLAKE_LOCAL_PORT_IN_USE, SNOWFLAKE_LOCAL_CANNOT_LISTEN } = snowflakeLocalErrors
    throw inUse
      ? new CodedError(SNOWFLAKE_LOCAL_PORT_IN_USE, { message: `port ${port} of ${host} is in use by another program`, cause })
      : new CodedError(SNOWFLAKE_LOCAL_CANNOT_LISTEN, {
          message: `cannot listen on ${host}:${port}: ${(cause as Error).message}`,
          cause,
        })
  }
}

function reportBug(error: unknown): void {
  const stack = process.env['SQUALL_DEBUG'] && error instanceof Error ? `\n${error.stack ?? ''}` : ''
  process.stderr.write(`${renderError(error)}${stack}\n`)
}
