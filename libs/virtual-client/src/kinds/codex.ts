import type { ClientKind } from './client-kind.ts'

const metadataProbes = [
  '{path}',
  '/.well-known/oauth-protected-resource{path}',
  '/.well-known/oauth-protected-resource',
  '/.well-known/oauth-authorization-server{path}',
  '/.well-known/openid-configuration{path}',
  '{path}/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
  '/.well-known/openid-configuration',
]

export const codex: ClientKind = {
  name: 'codex',
  evidence: 'captured',
  source: 'Codex 0.169.0: a GET of the endpoint, seven of well-known documents, handshake, stream, list with a progress token',
  assumed: [
    'the paths of the seven documents',
    'how many calls it makes at once',
    'how it leaves',
    'which of its four sockets carried what',
  ],
  userAgent: 'codex-mcp-client',
  clientInfo: { name: 'codex-mcp-client', version: '0.169.0' },
  capabilities: { elicitation: {} },
  legacyVersion: '2025-06-18',
  probesModern: false,
  metadataProbes,
  probeHeaders: { 'mcp-protocol-version': '2024-11-05' },
  firstRequestId: 0,
  legacyOpening: ['hold-stream', 'tools/list'],
  listProgressToken: 0,
  modernOpening: ['tools/list'],
  parallelCalls: 4,
  keepAlive: true,
  echoesSession: true,
  initializesPerCall: false,
  streamRetries: 2,
  sendsVersionHeader: true,
  leaving: 'abandon',
  sessionLostOn: [404],
}
