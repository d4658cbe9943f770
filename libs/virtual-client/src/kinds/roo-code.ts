import type { ClientKind } from './client-kind.ts'

export const rooCode: ClientKind = {
  name: 'roo_code',
  evidence: 'assumed',
  source: 'no trace published; taken as an editor extension on the official SDK that lists everything a server has',
  assumed: ['everything but its name'],
  clientInfo: { name: 'Roo Code', version: '3.0.0' },
  capabilities: {},
  legacyVersion: '2025-06-18',
  probesModern: false,
  metadataProbes: [],
  firstRequestId: 0,
  legacyOpening: ['hold-stream', 'tools/list', 'resources/list', 'resources/templates/list'],
  modernOpening: ['tools/list', 'resources/list', 'resources/templates/list'],
  parallelCalls: 4,
  keepAlive: true,
  echoesSession: true,
  initializesPerCall: false,
  streamRetries: 2,
  sendsVersionHeader: true,
  leaving: 'abandon',
  sessionLostOn: [404],
}
