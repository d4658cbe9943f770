/** The kinds of client the server tells apart. The set is closed, so it may label metrics. */
export const clientTypes = [
  'claude_desktop',
  'claude_code',
  'claude_ai',
  'cursor',
  'vscode',
  'roo_code',
  'codex',
  'gemini',
  'chatgpt',
  'http_client',
  'websocket_client',
  'unknown',
] as const

export type ClientType = (typeof clientTypes)[number]

/** What a client says of itself; all of it is hearsay and decides nothing but labels. */
export interface ClientIdentity {
  /** `clientInfo.name` of `initialize`, or of a request's own envelope. */
  readonly name?: string | undefined
  /** The User-Agent header. */
  readonly userAgent?: string | undefined
  readonly transport?: 'http' | 'websocket' | 'stdio' | undefined
}

// Names seen on the wire. Claude Desktop calls itself `claude-ai`, the connector of claude.ai `Anthropic/ClaudeAI`.
const marks: readonly (readonly [RegExp, ClientType])[] = [
  [/claude[-_ ]?code/i, 'claude_code'],
  [/claude-ai|claude[-_ ]?desktop/i, 'claude_desktop'],
  [/claudeai|claude-user/i, 'claude_ai'],
  [/roo[-_ ]?(?:code|cline)/i, 'roo_code'],
  [/cursor/i, 'cursor'],
  [/codex/i, 'codex'],
  [/gemini/i, 'gemini'],
  [/openai-mcp|chatgpt/i, 'chatgpt'],
  [/visual studio code|vs[-_ ]?code/i, 'vscode'],
]

/** Tells the kind of client from its own words: the name it gives first, then its User-Agent, then how it came. */
export function detectClientType({ name, userAgent, transport }: ClientIdentity): ClientType {
  const known = [name, userAgent].flatMap((words) => (words === undefined ? [] : [matchMark(words)]))
  return known.find((type) => type !== undefined) ?? byTransport(transport)
}

function matchMark(words: string): ClientType | undefined {
  return marks.find(([pattern]) => pattern.test(words))?.[1]
}

function byTransport(transport: ClientIdentity['transport']): ClientType {
  if (transport === 'http') return 'http_client'
  return transport === 'websocket' ? 'websocket_client' : 'unknown'
}
