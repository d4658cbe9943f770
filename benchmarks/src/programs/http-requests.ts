import type { Socket } from 'node:net'

/** One HTTP request, as far as the benchmarks' target looks at it. */
export interface HttpRequest {
  readonly verb: string
  /** Path and query. */
  readonly path: string
  readonly body: string
}

const contentLength = /\r\ncontent-length: *(\d+)/i

/**
 * Answers the requests of one connection in their order, with the least work a server can do: the benchmarks measure clients, and a
 * target that is slower than they are would measure itself.
 * @param answer returns the bytes of the whole answer.
 */
export function answerRequests(socket: Socket, answer: (request: HttpRequest) => string): void {
  let pending = ''
  socket.setNoDelay(true)
  socket.on('data', (chunk: Buffer) => {
    const { requests, rest } = takeRequests(pending + chunk.toString('latin1'))
    pending = rest
    if (requests.length > 0) socket.write(requests.map(answer).join(''), 'latin1')
  })
  // A load that ends cuts its connections.
  socket.on('error', () => socket.destroy())
}

/**
 * Takes the whole requests off the front of what a connection received.
 * Sound only for the benchmarks' own well-formed clients: no chunked bodies, and nothing but ASCII.
 */
export function takeRequests(received: string): { readonly requests: readonly HttpRequest[]; readonly rest: string } {
  const requests = new Array<HttpRequest>()
  let rest = received
  for (let end = endOfFirst(rest); end !== undefined; end = endOfFirst(rest)) {
    requests.push(toRequest(rest.slice(0, end)))
    rest = rest.slice(end)
  }
  return { requests, rest }
}

/** Where the first request ends, once all of it is there. */
function endOfFirst(text: string): number | undefined {
  const head = text.indexOf('\r\n\r\n')
  if (head < 0) return undefined
  const [, length = '0'] = contentLength.exec(text.slice(0, head)) ?? []
  const end = head + 4 + Number(length)
  return text.length < end ? undefined : end
}

function toRequest(text: string): HttpRequest {
  const afterVerb = text.indexOf(' ')
  return {
    verb: text.slice(0, afterVerb),
    path: text.slice(afterVerb + 1, text.indexOf(' ', afterVerb + 1)),
    body: text.slice(text.indexOf('\r\n\r\n') + 4),
  }
}
