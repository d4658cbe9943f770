import type { ClientKind } from './client-kind.ts'

/** A program of one's own: the handshake the protocol demands, nothing it does not, and a clean leave. */
export const httpClient: ClientKind = {
  name: 'http_client',
  evidence: 'assumed',
  source: 'the least a client may do by the specification',
  userAgent: 'squall',
  clientInfo: { name: 'squall', version: '0.0.0' },
  capabilities: {},
  legacyVersion: '2025-11-25',
  probesModern: false,
  metadataProbes: [],
  firstRequestId: 1,
  legacyOpening: [],
  modernOpening: [],
  keepAlive: true,
  echoesSession: true,
  sendsVersionHeader: true,
  leaving: 'end-session',
  sessionLostOn: [404],
}
