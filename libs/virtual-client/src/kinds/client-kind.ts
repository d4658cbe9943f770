import type { ClientIdentity } from '@squall/mcp-wire'

/** One thing a client does of its own accord right after it connected. */
export type OpeningMove =
  /** Opens the server's push stream and goes on at once, so that the next move travels beside it on a second socket. */
  | 'hold-stream'
  | 'tools/list'
  | 'resources/list'
  | 'resources/templates/list'
  /** To the first resource listed before. */
  | 'resources/subscribe'
  | 'prompts/list'
  | 'ping'

/** How one kind of MCP client behaves on the wire, apart from the calls its flow makes. */
export interface ClientKind extends ClientIdentity {
  readonly name: string
  /** `captured` from the real program on the wire, `reported` by others, or `assumed` where nothing is published. */
  readonly evidence: 'captured' | 'reported' | 'assumed'
  /** Which program and version, and what was seen of it. */
  readonly source: string
  /** What of this entry nobody has published, in words. */
  readonly assumed: readonly string[]
  /** How it connects where the plan does not say; Streamable HTTP unless given. */
  readonly transport?: 'websocket'
  readonly userAgent?: string
  /** The version it asks for in `initialize`. */
  readonly legacyVersion: string
  /** Whether it first asks with `server/discover` if the server speaks the newest version. */
  readonly probesModern: boolean
  /** What it fetches before its first MCP request; `{path}` stands for the path of the endpoint. */
  readonly metadataProbes: readonly string[]
  /** Sent along with these alone. */
  readonly probeHeaders?: Readonly<Record<string, string>>
  readonly firstRequestId: 0 | 1
  /** Moves after `initialize`. Those the server has no capability for are left out, as the official SDKs do. */
  readonly legacyOpening: readonly OpeningMove[]
  /** Moves after `server/discover`, or at once where the version is fixed. */
  readonly modernOpening: readonly OpeningMove[]
  /** The progress token of its `tools/list` while it opens; none unless given. */
  readonly listProgressToken?: number
  /** How many calls it has under way at once where a flow says `parallel`. Each takes a socket of its own. */
  readonly parallelCalls: number
  /** Whether a socket serves more than one request. */
  readonly keepAlive: boolean
  /** Whether it sends back the `Mcp-Session-Id` it was given. */
  readonly echoesSession: boolean
  /** Whether it names the protocol version in a header once it is agreed. */
  readonly sendsVersionHeader: boolean
  /** Whether it makes a new handshake before every call of its flow, in the legacy era. */
  readonly initializesPerCall: boolean
  /** How often in a row it tries in vain to open a broken push stream again, before it goes on without. */
  readonly streamRetries: number
  readonly leaving: 'end-session' | 'abandon'
  /** HTTP status codes upon which it takes its session for lost, and initializes anew. */
  readonly sessionLostOn: readonly number[]
}
