import type { ClientKind } from './client-kind.ts'

/** A program of one's own: the handshake the protocol demands, nothing it does not, and a clean leave. */
export const httpClient: ClientKind = {
  name: 'http_client',
  evidence: 'assumed',
  source: 'a program of one’s own that does the least the specification allows',
  assumed: ['everything: it stands for programs, not for one product'],
  userAgent: 'squall',
  clientInfo: { name: 'squall', version: '0.0.0' },
  capabilities: {},
  legacyVersion: '2025-11-25',
  probesModern: false,
  metadataProbes: [],
  firstRequestId: 1,
  legacyOpening: [],
  modernOpening: [],
  parallelCalls: 100,
  keepAlive: true,
  echoesSession: true,
  initializesPerCall: false,
  streamRetries: 2,
  sendsVersionHeader: true,
  leaving: 'end-session',
  sessionLostOn: [404],
}
