import type { ClientKind } from './client-kind.ts'

export const cursor: ClientKind = {
  name: 'cursor',
  evidence: 'reported',
  source: 'a trace published in June 2026: two metadata requests, name, lists and subscription',
  assumed: [
    'version of the protocol, capabilities and the push stream',
    'its later pings are left out, their interval being unknown',
    'how many calls it makes at once',
    'how it leaves',
  ],
  clientInfo: { name: 'cursor-vscode', version: '1.0.0' },
  capabilities: { roots: { listChanged: false }, elicitation: {} },
  legacyVersion: '2025-06-18',
  probesModern: false,
  metadataProbes: ['/.well-known/oauth-protected-resource', '/.well-known/oauth-authorization-server'],
  firstRequestId: 0,
  legacyOpening: ['hold-stream', 'resources/list', 'tools/list', 'resources/list', 'prompts/list', 'resources/subscribe'],
  modernOpening: ['resources/list', 'tools/list', 'resources/list', 'prompts/list'],
  parallelCalls: 4,
  keepAlive: true,
  echoesSession: true,
  initializesPerCall: false,
  streamRetries: 2,
  sendsVersionHeader: true,
  leaving: 'abandon',
  sessionLostOn: [404],
}
