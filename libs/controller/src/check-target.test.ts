import { expect, test } from 'vitest'
import { checkTarget, type ProbeResult } from './check-target.ts'

const check = (result: ProbeResult): Promise<void> =>
  checkTarget('http://h/mcp', async () => result, new AbortController().signal)

test('an MCP server is let through', async () => {
  await expect(check({ type: 'mcp' })).resolves.toBeUndefined()
})

test.each([
  ['unreachable', 'CONTROLLER_TARGET_UNREACHABLE', 'http://h/mcp cannot be reached: why'],
  ['not-mcp', 'CONTROLLER_TARGET_NOT_MCP', 'http://h/mcp answers, but is not an MCP server: why'],
  ['refused', 'CONTROLLER_TARGET_REFUSED', 'http://h/mcp does not let this client in: why'],
] as const)('a target that is %s is refused in words of its own', async (type, code, message) => {
  await expect(check({ type, detail: 'why' })).rejects.toMatchObject({ code, message, exitCode: 6 })
})
