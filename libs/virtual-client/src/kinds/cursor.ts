import type { ClientKind } from './client-kind.ts'

export const cursor: ClientKind = {
  name: 'cursor',
  evidence: 'reported',
  source: 'trace published in June 2026; its later pings are left out, their interval being unknown',
  clientInfo: { name: 'cursor-vscode', version: '1.0.0' },
  capabilities: { roots: { listChanged: false }, elicitation: {} },
  legacyVersion: '2025-06-18',
  probesModern: false,
  metadataProbes: ['/.well-known/oauth-protected-resource', '/.well-known/oauth-authorization-server'],
  firstRequestId: 0,
  legacyOpening: ['hold-stream', 'resources/list', 'tools/list', 'resources/list', 'prompts/list', 'resources/subscribe'],
  modernOpening: ['resources/list', 'tools/list', 'resources/list', 'prompts/list'],
  keepAlive: true,
  echoesSession: true,
  sendsVersionHeader: true,
  leaving: 'abandon',
  sessionLostOn: [404],
}
