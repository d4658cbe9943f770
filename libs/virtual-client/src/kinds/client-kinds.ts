import { claudeCode } from './claude-code.ts'
import { claudeDesktop } from './claude-desktop.ts'
import type { ClientKind } from './client-kind.ts'
import { codex } from './codex.ts'
import { cursor } from './cursor.ts'
import { geminiCli } from './gemini-cli.ts'
import { httpClient } from './http-client.ts'
import { rooCode } from './roo-code.ts'
import { vscode } from './vscode.ts'

/** Every client kind a pack may name. */
export const clientKinds: readonly ClientKind[] = [
  claudeCode,
  claudeDesktop,
  codex,
  cursor,
  geminiCli,
  httpClient,
  rooCode,
  vscode,
]

export const clientKindNames: readonly string[] = clientKinds.map(({ name }) => name)

export const clientKindNamed = (name: string): ClientKind | undefined => clientKinds.find((kind) => kind.name === name)
