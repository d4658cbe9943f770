import type { ClientKind } from './client-kind.ts'

export const claudeAi: ClientKind = {
  name: 'claude_ai',
  evidence: 'reported',
  source:
    'reports of the connector of claude.ai: user agent, name, discover probe, no push stream, the session sent back on none of thirty requests, source addresses that change',
  assumed: [
    'version and capabilities',
    'that each of its sessions in the legacy era serves one call',
    'a new socket for each request, as its changing addresses suggest',
    'the version header, which reports say is sometimes missing, is always sent',
    'how many calls it makes at once',
  ],
  userAgent: 'Claude-User',
  clientInfo: { name: 'Anthropic/ClaudeAI', version: '1.0.0' },
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
