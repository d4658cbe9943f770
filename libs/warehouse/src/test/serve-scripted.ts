import { onTestFinished } from 'vitest'
import { createWarehouseServer, type WarehouseServer, type WarehouseServerOptions } from '../server.ts'
import { testUser } from './driver.ts'
import { ScriptedEngine } from './scripted-engine.ts'

export interface Served {
  readonly url: string
  readonly engine: ScriptedEngine
  readonly server: WarehouseServer
  /** Errors the server called bugs. */
  readonly bugs: unknown[]
}

/** A server with a scripted engine on a free port, closed when the test ends. */
export async function serveScripted(options: Partial<WarehouseServerOptions> = {}): Promise<Served> {
  const engine = new ScriptedEngine()
  const bugs: unknown[] = []
  const server = createWarehouseServer({ engine, users: [testUser], onBug: (error) => bugs.push(error), ...options })
  onTestFinished(() => server.close())
  return { url: await server.listen({ host: '127.0.0.1', port: 0 }), engine, server, bugs }
}
