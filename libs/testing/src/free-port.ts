import { createServer } from 'node:net'
import { portOf } from './listen.ts'

/** A port of 127.0.0.1 on which nobody listens; another process may still take it first. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const port = portOf(server)
  await new Promise((resolve) => server.close(resolve))
  return port
}
