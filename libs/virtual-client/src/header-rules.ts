/** Set by clients themselves: they say how a message is framed, or what MCP says about it. */
const ownHeaders: ReadonlySet<string> = new Set([
  'accept',
  'connection',
  'content-length',
  'content-type',
  'expect',
  'keep-alive',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Source: RFC 9110, section 5.6.2. */
const tokenPattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** Why a pack may not set a header of this name; undefined where it may. */
export function findHeaderNameMistake(name: string): string | undefined {
  if (!tokenPattern.test(name)) return 'the name of a header: letters, digits and "-", without spaces'
  return ownHeaders.has(name.toLowerCase()) ? `another header: clients set ${name} themselves` : undefined
}

/** Whether a text can be the value of a header: one line, of characters that every server reads the same. */
export const isHeaderText = (text: string): boolean => /^[\t\x20-\x7e]*$/.test(text)
