import type { ClientKind } from './client-kind.ts'

const metadataPaths = ['oauth-protected-resource', 'oauth-authorization-server', 'openid-configuration']

export const codex: ClientKind = {
  name: 'codex',
  evidence: 'captured',
  source: 'Codex 0.169.0; of its eight metadata requests three are kept, the others differ only in their path',
  userAgent: 'codex-mcp-client',
  clientInfo: { name: 'codex-mcp-client', version: '0.169.0' },
  capabilities: { elicitation: {} },
  legacyVersion: '2025-06-18',
  probesModern: false,
  metadataProbes: metadataPaths.map((path) => `/.well-known/${path}`),
  firstRequestId: 0,
  legacyOpening: ['hold-stream', 'tools/list'],
  modernOpening: ['tools/list'],
  keepAlive: true,
  echoesSession: true,
  sendsVersionHeader: true,
  leaving: 'abandon',
  sessionLostOn: [404],
}
