import { chatgpt } from './chatgpt.ts'
import { claudeAi } from './claude-ai.ts'
import { claudeCode } from './claude-code.ts'
import { claudeDesktop } from './claude-desktop.ts'
import type { ClientKind } from './client-kind.ts'
import { codex } from './codex.ts'
import { cursor } from './cursor.ts'
import { gemini } from './gemini.ts'
import { httpClient } from './http-client.ts'
import { rooCode } from './roo-code.ts'
import { vscode } from './vscode.ts'
import { websocketClient } from './websocket-client.ts'

/** Every client kind a pack may name, with the evidence it rests on. */
export const clientKinds: readonly ClientKind[] = [
  chatgpt,
  claudeAi,
  claudeCode,
  claudeDesktop,
  codex,
  cursor,
  gemini,
  httpClient,
  rooCode,
  vscode,
  websocketClient,
]

export const clientKindNames: readonly string[] = clientKinds.map(({ name }) => name)

export const clientKindNamed = (name: string): ClientKind | undefined => clientKinds.find((kind) => kind.name === name)
