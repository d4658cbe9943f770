import { modernVersion } from '@squall/mcp-wire'
import type { ClientKind } from './client-kind.ts'
import { clientKinds } from './client-kinds.ts'

/** `docs/client-kinds.md`: every kind a pack may name, what it does on the wire, and how that is known. */
export const renderKindsPage = (): string => `${introduction}\n${clientKinds.map(renderKind).join('\n')}`

const introduction = `# Client kinds

A pack names the kind of its clients under \`clientKind\`. A kind decides who a client says it is, how it opens and leaves, which streams it
holds and how its calls travel; the flow decides what it asks. This page is rendered from the table in \`libs/virtual-client/src/kinds/\`; a
test fails when they differ, and another compares what each kind sends with what was seen.

- **captured**: recorded here from the real program on the wire
- **reported**: published by others
- **assumed**: nobody has published it
`

function renderKind(kind: ClientKind): string {
  const facts: readonly (readonly [string, string])[] = [
    ['Evidence', `**${kind.evidence}**: ${kind.source}`],
    ['Assumed', kind.assumed.join('; ')],
    [
      'Name',
      `\`${kind.clientInfo.name}\` ${kind.clientInfo.version}${kind.userAgent === undefined ? '' : `, user agent \`${kind.userAgent}\``}`,
    ],
    ['Capabilities', `\`${JSON.stringify(kind.capabilities)}\``],
    ['Before it opens', kind.metadataProbes.map((path) => `\`GET ${path}\``).join(', ')],
    ['Opens', `${renderProbe(kind)}\`initialize\` with ${kind.legacyVersion}, then ${renderMoves(kind.legacyOpening)}`],
    [`Opens in ${modernVersion}`, renderMoves(kind.modernOpening)],
    ['Calls', renderCalls(kind)],
    ['Session', renderSession(kind)],
    ['Leaves', kind.leaving === 'end-session' ? 'with DELETE' : 'without a word'],
  ]
  const lines = facts.filter(([, text]) => text !== '').map(([title, text]) => `- **${title}:** ${text}`)
  return `## ${kind.name}\n\n${lines.join('\n')}\n`
}

const renderProbe = ({ probesModern }: ClientKind): string =>
  probesModern ? `\`server/discover\` first; where the server does not speak ${modernVersion}, ` : ''

const renderMoves = (moves: ClientKind['legacyOpening']): string =>
  moves.length === 0 ? 'nothing more' : moves.map((move) => (move === 'hold-stream' ? 'a held stream' : `\`${move}\``)).join(', ')

function renderCalls({ transport, keepAlive, parallelCalls, sendsVersionHeader }: ClientKind): string {
  if (transport === 'websocket') return `on one WebSocket, at most ${parallelCalls} at once`
  const sockets = keepAlive ? 'on a socket kept alive' : 'each on a new socket'
  const version = sendsVersionHeader ? '' : ', without `MCP-Protocol-Version`'
  return `${sockets}, at most ${parallelCalls} at once, one socket for each${version}`
}

function renderSession({ echoesSession, initializesPerCall, sessionLostOn, streamRetries, legacyOpening }: ClientKind): string {
  const echo = echoesSession ? 'sent back with every request' : 'never sent back'
  const handshakes = initializesPerCall ? ', a new handshake before every call' : ''
  const lost = sessionLostOn.length === 0 ? '' : `, taken for lost on ${sessionLostOn.join(' and ')}`
  const stream = legacyOpening.includes('hold-stream')
    ? `; a broken stream is asked for again ${renderRetries(streamRetries)}`
    : ''
  return `${echo}${handshakes}${lost}${stream}`
}

const renderRetries = (retries: number): string => (Number.isFinite(retries) ? `${retries} times` : 'for ever')
