import type { Server as HttpServer } from 'node:http'
import type { Server } from 'node:net'

/** Starts listening on a free port. */
export async function listen(server: HttpServer, host = '127.0.0.1'): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve))
  return portOf(server)
}

export function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the server does not listen on a port')
  return address.port
}

/** Stops listening and cuts what is still connected. */
export async function shutDown(server: HttpServer): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  server.closeAllConnections()
  await closed
}
