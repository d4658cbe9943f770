import { expect, test } from 'vitest'
import { checkTarget, type ProbeResult } from './check-target.ts'

const check = (result: ProbeResult, target = 'http://h/mcp'): Promise<void> =>
  checkTarget(target, async () => result, new AbortController().signal)

test('an MCP server is let through', async () => {
  await expect(check({ type: 'mcp' })).resolves.toBeUndefined()
})

test.each([
  ['unreachable', 'CONTROLLER_TARGET_UNREACHABLE', 'http://h/mcp cannot be reached: why'],
  ['insecure', 'CONTROLLER_TARGET_INSECURE', 'http://h/mcp cannot be reached securely: why'],
  ['not-mcp', 'CONTROLLER_TARGET_NOT_MCP', 'http://h/mcp answers, but is not an MCP server: why'],
  ['refused', 'CONTROLLER_TARGET_REFUSED', 'http://h/mcp does not let this client in: why'],
] as const)('a target that is %s is refused in words of its own', async (type, code, message) => {
  await expect(check({ type, detail: 'why' })).rejects.toMatchObject({ code, message, exitCode: 6 })
})

test('a password in the address is not told', async () => {
  await expect(check({ type: 'unreachable', detail: 'why' }, 'http://ann:s3cret@h/mcp')).rejects.toMatchObject({
    message: 'http://***@h/mcp cannot be reached: why',
  })
})
