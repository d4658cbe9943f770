import { expect, test } from 'vitest'
import { demoPlan } from './test/demo-plan.ts'
import { createTargetAllowlist } from './target-allowlist.ts'

const plan = demoPlan(1, {})

function isAllowed(target: string, patterns: readonly string[] = []): boolean {
  try {
    createTargetAllowlist(patterns).check({ ...plan, target })
    return true
  } catch {
    return false
  }
}

test('who says nothing lets load be made on the machine itself alone', () => {
  for (const host of ['localhost', '127.0.0.1:3000', '127.1', '[::1]:80']) expect(isAllowed(`http://${host}/mcp`)).toBe(true)
  for (const host of ['example.com', '10.0.0.1', 'localhost.example.com', '127.0.0.1.example.com', '0.0.0.0'])
    expect(isAllowed(`http://${host}/mcp`)).toBe(false)
})

test.each([
  ['https://a.test.example.com/mcp', '*.test.example.com', true],
  ['https://A.TEST.example.com/mcp', '*.test.EXAMPLE.com', true],
  ['https://test.example.com.evil.org/mcp', '*.test.example.com', false],
  ['https://xtest.example.com/mcp', '*.test.example.com', false],
  ['https://test-example.com/mcp', 'test.example.com', false],
  ['wss://10.0.0.7:3000/mcp', '10.0.0.7:3000', true],
  ['ws://10.0.0.7:3001/mcp', '10.0.0.7:3000', false],
  ['http://10.0.0.7:3001/mcp', '10.0.0.7', true],
  ['http://user:10.0.0.7@evil.org/mcp', '10.0.0.7', false],
])('%s with %s: %s', (target, pattern, expected) => {
  expect(isAllowed(target, [pattern])).toBe(expected)
})

test('a command line is allowed by itself alone', () => {
  expect(isAllowed('npx -y server', ['*'])).toBe(false)
  expect(isAllowed('npx -y server', ['npx -y server'])).toBe(true)
})

test('proxies and authorization servers are targets too, and all that is refused is told without secrets', () => {
  const client = { clientKind: 'http_client', transport: 'streamable-http', protocolVersion: 'auto', headers: {} } as const
  const auth = { type: 'client_credentials', clientId: 'x', tokenUrl: 'https://login.evil.org/token' } as const
  const scenarios = [{ name: 's', weight: 1, client: { ...client, auth }, flow: [] }]
  const check = () =>
    createTargetAllowlist([]).check({ target: 'http://localhost/mcp', proxyUrl: 'http://me:secret@proxy.evil.org', scenarios })
  expect(check).toThrow(
    expect.objectContaining({
      code: 'FABRIC_TARGET_NOT_ALLOWED',
      message: 'makes no load on http://***@proxy.evil.org/, https://login.evil.org/token; it allows localhost, 127.0.0.1, [::1]',
    }) as Error,
  )
})
