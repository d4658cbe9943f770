/** How the target answers at one of its URLs, prepared so that an answer is the sum of three strings. */
export interface Manner {
  readonly hasSessions: boolean
  /** The head of a stream that is never ended. */
  openStream(): string
  toolResult(idJson: string): string
  initialized(idJson: string, protocolVersion: string, session: number): string
  json(text: string): string
  empty(status: number): string
}

const usualBytes = 1300

/** @param path `/mcp?reply=json|sse&bytes=N&era=legacy|modern&sessions=1`; without a query, JSON of 1.3 KB, the older era, no sessions. */
export function toManner(path: string): Manner {
  const query = new URL(path, 'http://target').searchParams
  const bytes = Number(query.get('bytes') ?? usualBytes)
  const tail = resultTail(query.get('era') === 'modern' ? { resultType: 'complete' } : {}, bytes)
  const wrap = query.get('reply') === 'sse' ? sse : json
  const hasSessions = query.has('sessions')
  return {
    hasSessions,
    openStream: () => `${head(200, 'text/event-stream')}transfer-encoding: chunked\r\n\r\n`,
    toolResult: (id) => wrap(`${start}${id}${tail}`),
    initialized: (id, protocolVersion, session) => {
      const serverInfo = { name: 'echo-target', version: '1.0.0' }
      const result = JSON.stringify({ protocolVersion, capabilities: { tools: {} }, serverInfo })
      return json(`${start}${id},"result":${result}}`, hasSessions ? `mcp-session-id: ${toSessionId(session)}\r\n` : '')
    },
    json,
    empty: (status) => `${head(status, 'text/plain')}content-length: 0\r\n\r\n`,
  }
}

const start = '{"jsonrpc":"2.0","id":'

/** What follows the id, so that the whole message has the size asked for with an id of five digits. */
function resultTail(more: object, bytes: number): string {
  const withText = (text: string): string => `,"result":${JSON.stringify({ content: [{ type: 'text', text }], ...more })}}`
  return withText('.'.repeat(Math.max(0, bytes - start.length - 5 - withText('').length)))
}

function json(text: string, headers = ''): string {
  return `${head(200, 'application/json')}${headers}content-length: ${text.length}\r\n\r\n${text}`
}

/** One event and the end of the stream, as servers send the answer to a call. */
function sse(text: string): string {
  const event = `event: message\ndata: ${text}\n\n`
  const body = `${event.length.toString(16)}\r\n${event}\r\n0\r\n\r\n`
  return `${head(200, 'text/event-stream')}cache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n${body}`
}

/** As long as the UUIDs that servers hand out. */
const toSessionId = (session: number): string => `00000000-0000-4000-8000-${String(session).padStart(12, '0')}`

let second = 0
let usualHeaders = ''

/** Begins an answer with the headers that servers on `node:http` give all of theirs: with the date, which changes by the second. */
function head(status: number, contentType: string): string {
  const now = Math.floor(Date.now() / 1000)
  if (now !== second) {
    second = now
    usualHeaders = `Date: ${new Date(now * 1000).toUTCString()}\r\nConnection: keep-alive\r\nKeep-Alive: timeout=72\r\n`
  }
  return `HTTP/1.1 ${status} Status\r\ncontent-type: ${contentType}\r\n${usualHeaders}`
}
