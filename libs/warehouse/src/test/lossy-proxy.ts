import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface LossyProxy {
  readonly url: string
  /** Passes the next request on, and cuts the connection in place of its reply. */
  loseNextReply(): void
  /** How many replies it lost. */
  lost(): number
  close(): Promise<void>
}

/** Passes TCP connections on to a server, and loses replies on demand. */
export async function lossyProxy(targetUrl: string): Promise<LossyProxy> {
  const target = new URL(targetUrl)
  const sockets = new Set<Socket>()
  let isLosing = false
  let lost = 0
  const server = createServer((inbound) => {
    const outbound = connect(Number(target.port), target.hostname)
    for (const socket of [inbound, outbound]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
    }
    inbound.pipe(outbound)
    outbound.on('data', (data) => {
      if (!isLosing) inbound.write(data)
      else {
        isLosing = false
        lost++
        inbound.destroy()
        outbound.destroy()
      }
    })
    outbound.on('end', () => inbound.end())
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    loseNextReply: () => void (isLosing = true),
    lost: () => lost,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
