import type { ClientKind } from './client-kind.ts'

export const claudeDesktop: ClientKind = {
  name: 'claude_desktop',
  evidence: 'reported',
  source: 'reports of its name and of its discover probe, the same as the official SDK makes',
  assumed: [
    'version, capabilities and lists, taken as the official SDK and its settings pages suggest',
    'how many calls it makes at once',
    'how it leaves',
  ],
  clientInfo: { name: 'claude-ai', version: '0.1.0' },
  capabilities: {},
  legacyVersion: '2025-11-25',
  probesModern: true,
  metadataProbes: [],
  firstRequestId: 0,
  legacyOpening: ['hold-stream', 'tools/list', 'resources/list', 'prompts/list'],
  modernOpening: ['tools/list', 'resources/list', 'prompts/list'],
  parallelCalls: 4,
  keepAlive: true,
  echoesSession: true,
  initializesPerCall: false,
  streamRetries: 2,
  sendsVersionHeader: true,
  leaving: 'abandon',
  sessionLostOn: [404],
}
