import type { ClientKind } from './client-kind.ts'

export const vscode: ClientKind = {
  name: 'vscode',
  evidence: 'reported',
  source:
    'VS Code 1.140, from reports and an older snapshot of its source: ids from 1, capabilities, stream, resume, DELETE, 400 and 404',
  assumed: [
    'which lists it asks for',
    'how many calls it makes at once',
    'its fall-back to the legacy SSE transport is left out',
  ],
  clientInfo: { name: 'Visual Studio Code', version: '1.140.0' },
  capabilities: { roots: { listChanged: true }, sampling: {}, elicitation: {} },
  legacyVersion: '2025-11-25',
  probesModern: false,
  metadataProbes: [],
  firstRequestId: 1,
  legacyOpening: ['hold-stream', 'tools/list', 'prompts/list'],
  modernOpening: ['tools/list', 'prompts/list'],
  parallelCalls: 4,
  keepAlive: true,
  echoesSession: true,
  initializesPerCall: false,
  streamRetries: Number.POSITIVE_INFINITY,
  sendsVersionHeader: true,
  leaving: 'end-session',
  sessionLostOn: [400, 404],
}
