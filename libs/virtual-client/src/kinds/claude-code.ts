import type { ClientKind } from './client-kind.ts'

export const claudeCode: ClientKind = {
  name: 'claude_code',
  evidence: 'captured',
  source: 'Claude Code 2.1.330, both eras; that it initializes anew after a lost session is assumed',
  userAgent: 'claude-code/2.1.330 (sdk-cli)',
  clientInfo: {
    name: 'claude-code',
    title: 'Claude Code',
    version: '2.1.330',
    description: "Anthropic's agentic coding tool",
    websiteUrl: 'https://claude.com/claude-code',
  },
  capabilities: { roots: { listChanged: true }, elicitation: { form: {}, url: {} } },
  legacyVersion: '2025-11-25',
  probesModern: true,
  metadataProbes: [],
  firstRequestId: 0,
  legacyOpening: ['hold-stream', 'tools/list'],
  modernOpening: ['hold-stream', 'tools/list'],
  keepAlive: true,
  echoesSession: true,
  sendsVersionHeader: true,
  leaving: 'abandon',
  sessionLostOn: [404],
}
