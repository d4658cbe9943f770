/** What a failure code says, for a reader who meets it in a report; undefined for codes unknown here. */
export function explainFailure(code: string): string | undefined {
  return known.get(code) ?? explainHttp(code) ?? families.find(([prefix]) => code.startsWith(prefix))?.[1]
}

const known: ReadonlyMap<string, string> = new Map([
  ['tool.is_error', 'The server answered in time, and the tool itself said that it failed (isError).'],
  ['tool.input_required', 'The tool asked for input before it would go on.'],
  ['transport.refused', 'Nothing accepted the connection: the server was down, or its backlog was full.'],
  ['transport.tls', 'A connection was made, but no secure one agreed: certificates, or no TLS at the other end.'],
  ['transport.reset', 'The connection broke before any answer came.'],
  ['transport.timeout', 'No whole answer came within the request timeout of the pack.'],
  ['protocol.truncated', 'The answer began and broke off, or its stream ended without it.'],
  ['protocol.wrong_id', 'An answer came, but to another request.'],
  ['protocol.bad_reply', 'An answer came that is not what MCP allows.'],
  ['auth.refused', 'The authorization server refused an access token; the call never left.'],
  ['auth.unavailable', 'No authorization server gave an access token; the call never left.'],
  ['cancelled', 'The flow itself gave the call up before its answer.'],
  ['capture.failed', 'The answer came, and what the pack wants to keep of it was not there.'],
  ['function.failed', 'A function of the pack threw, was never done, or set a variable to what cannot be sent.'],
  ['match.failed', 'The answer came, and was not what the pack expects.'],
  ['http.400', 'Bad request: the server did not accept the form of the request.'],
  ['http.401', 'Not signed in: the credentials were missing, wrong or had expired.'],
  ['http.403', 'Signed in, but not allowed.'],
  ['http.404', 'Not found; within a session this says that the server no longer knows the session.'],
  ['http.408', 'The server gave up waiting for the request.'],
  ['http.413', 'The request was larger than the server allows.'],
  ['http.429', 'The server refused the call to protect itself: a rate limit or a quota was reached.'],
  ['http.500', 'The server met an error of its own.'],
  ['http.502', 'A proxy got no valid answer from the server behind it.'],
  ['http.503', 'The server was not ready to serve: overloaded, starting or draining.'],
  ['http.504', 'A proxy waited too long for the server behind it.'],
  ['stopped', 'The run ended while the call was under way; its answer was not waited for.'],
])

const families: readonly (readonly [string, string])[] = [
  ['tool.', 'The server answered, and the tool did not do what was asked.'],
  ['ws.', 'The server closed the WebSocket under the call, with this close code.'],
  ['rpc.', 'The server answered with the JSON-RPC error of this number.'],
  ['protocol.', 'The exchange broke the rules of MCP or JSON-RPC.'],
  ['transport.', 'The connection failed before a whole answer came.'],
]

function explainHttp(code: string): string | undefined {
  if (/^http\.4\d\d$/.test(code)) return 'The server refused the request with this HTTP status.'
  return /^http\.5\d\d$/.test(code) ? 'The server failed with this HTTP status.' : undefined
}
