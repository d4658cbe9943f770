import { expect, test } from 'vitest'
import { detectClientType, type ClientIdentity, type ClientType } from './index.ts'

const seen: readonly (readonly [ClientIdentity, ClientType])[] = [
  [{ name: 'claude-code', userAgent: 'claude-code/2.1.330 (sdk-cli)', transport: 'http' }, 'claude_code'],
  [{ userAgent: 'claude-code/2.1.330 (sdk-cli)', transport: 'http' }, 'claude_code'],
  [{ name: 'claude-ai', transport: 'http' }, 'claude_desktop'],
  [{ name: 'Anthropic/ClaudeAI', userAgent: 'Claude-User', transport: 'http' }, 'claude_ai'],
  [{ userAgent: 'Claude-User', transport: 'http' }, 'claude_ai'],
  [{ name: 'codex-mcp-client', transport: 'http' }, 'codex'],
  [{ name: 'gemini-cli-mcp-client', userAgent: 'node', transport: 'http' }, 'gemini'],
  [{ name: 'openai-mcp', userAgent: 'openai-mcp/1.0.0', transport: 'http' }, 'chatgpt'],
  [{ name: 'cursor-vscode', transport: 'http' }, 'cursor'],
  [{ name: 'Visual Studio Code', transport: 'http' }, 'vscode'],
  [{ name: 'Roo-Code', transport: 'http' }, 'roo_code'],
  [{ name: 'somebody', userAgent: 'node', transport: 'http' }, 'http_client'],
  [{ transport: 'websocket' }, 'websocket_client'],
  [{ name: 'somebody', transport: 'stdio' }, 'unknown'],
  [{}, 'unknown'],
]

test.each(seen)('%o is a %s', (identity, type) => {
  expect(detectClientType(identity)).toBe(type)
})

test('the name a client gives beats its User-Agent', () => {
  expect(detectClientType({ name: 'cursor-vscode', userAgent: 'claude-code/2.1', transport: 'http' })).toBe('cursor')
})
