import type { ClientKind } from './client-kind.ts'

export const chatgpt: ClientKind = {
  name: 'chatgpt',
  evidence: 'reported',
  source:
    'reports of September and October 2026: its user agent, the discover probe, and a legacy server that gave it seventeen sessions in twenty requests because it never sent one back',
  assumed: [
    'name, version and capabilities',
    'that each of its sessions in the legacy era serves one call',
    'a new socket for each request',
    'how many calls it makes at once',
  ],
  userAgent: 'openai-mcp/1.0.0',
  clientInfo: { name: 'openai-mcp', version: '1.0.0' },
  capabilities: {},
  legacyVersion: '2025-11-25',
  probesModern: true,
  metadataProbes: [],
  firstRequestId: 0,
  legacyOpening: ['tools/list'],
  modernOpening: ['tools/list'],
  parallelCalls: 4,
  keepAlive: false,
  echoesSession: false,
  sendsVersionHeader: true,
  initializesPerCall: true,
  streamRetries: 0,
  leaving: 'abandon',
  sessionLostOn: [],
}
