import type { ClientKind } from './client-kind.ts'

export const geminiCli: ClientKind = {
  name: 'gemini_cli',
  evidence: 'captured',
  source: 'Gemini CLI 0.61.0, its health check',
  userAgent: 'node',
  clientInfo: { name: 'gemini-cli-mcp-client', version: '0.0.1' },
  capabilities: {},
  legacyVersion: '2025-06-18',
  probesModern: false,
  metadataProbes: [],
  firstRequestId: 0,
  legacyOpening: ['hold-stream', 'ping'],
  modernOpening: [],
  keepAlive: true,
  echoesSession: true,
  sendsVersionHeader: false,
  leaving: 'abandon',
  sessionLostOn: [404],
}
