import type { ClientKind } from './client-kind.ts'

export const claudeDesktop: ClientKind = {
  name: 'claude_desktop',
  evidence: 'reported',
  source: 'name and discover probe reported; the rest as the official SDK that it is built on does it',
  clientInfo: { name: 'claude-ai', version: '0.1.0' },
  capabilities: {},
  legacyVersion: '2025-11-25',
  probesModern: true,
  metadataProbes: [],
  firstRequestId: 0,
  legacyOpening: ['hold-stream', 'tools/list', 'resources/list', 'prompts/list'],
  modernOpening: ['tools/list', 'resources/list', 'prompts/list'],
  keepAlive: true,
  echoesSession: true,
  sendsVersionHeader: true,
  leaving: 'abandon',
  sessionLostOn: [404],
}
