import type { ClientKind } from './client-kind.ts'

export const vscode: ClientKind = {
  name: 'vscode',
  evidence: 'reported',
  source: 'VS Code 1.140, from its published source; which lists it asks for is assumed',
  clientInfo: { name: 'Visual Studio Code', version: '1.140.0' },
  capabilities: { roots: { listChanged: true }, sampling: {}, elicitation: {} },
  legacyVersion: '2025-11-25',
  probesModern: false,
  metadataProbes: [],
  firstRequestId: 1,
  legacyOpening: ['hold-stream', 'tools/list', 'prompts/list'],
  modernOpening: ['tools/list', 'prompts/list'],
  keepAlive: true,
  echoesSession: true,
  sendsVersionHeader: true,
  leaving: 'end-session',
  sessionLostOn: [400, 404],
}
