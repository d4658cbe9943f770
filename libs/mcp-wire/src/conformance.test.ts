import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryDirectory } from '@squall/testing'
import { describe, expect, it } from 'vitest'

const suite = join(
  dirname(createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/package.json')),
  'dist/index.js',
)
const client = fileURLToPath(new URL('test/conformance-client.ts', import.meta.url))

/** The scenarios that apply to a client without a person: what the official suite asks of any, and client credentials. */
const scenarios = [
  ['initialize', '2025-06-18'],
  ['initialize', '2025-11-25'],
  ['tools_call', '2025-06-18'],
  ['tools_call', '2025-11-25'],
  ['tools_call', '2026-07-28'],
  ['sse-retry', '2025-11-25'],
  ['elicitation-sep1034-client-defaults', '2025-11-25'],
  ['request-metadata', '2026-07-28'],
  ['http-standard-headers', '2026-07-28'],
  ['http-custom-headers', '2026-07-28'],
  ['http-invalid-tool-headers', '2026-07-28'],
  ['sep-2322-client-request-state', '2026-07-28'],
  ['json-schema-ref-no-deref', '2026-07-28'],
  ['auth/client-credentials-basic', undefined],
  ['auth/client-credentials-jwt', undefined],
] as const

/** What the newest era no longer has, and a client of that era does not send. */
const goneMethods = ['ClientMcpMethodHeader_initialize', 'ClientMcpMethodHeader_notifications_initialized']

interface Check {
  readonly id: string
  readonly name: string
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO'
  readonly errorMessage?: string
}

describe('the official conformance suite', () => {
  it.concurrent.each(scenarios)('finds nothing to object to in %s (%s)', { timeout: 90_000 }, async (scenario, version) => {
    const checks = await runScenario(scenario, version)
    expect(checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING')).toEqual([])
    const skipped = checks.filter(({ status }) => status === 'SKIPPED').map(({ name }) => name)
    expect(skipped).toEqual(scenario === 'http-standard-headers' ? goneMethods : [])
    expect(checks.filter(({ status }) => status === 'SUCCESS').length).toBeGreaterThan(0)
  })
})

async function runScenario(scenario: string, version: string | undefined): Promise<readonly Check[]> {
  using cleanUp = new DisposableStack()
  const folder = temporaryDirectory((remove) => cleanUp.defer(remove))
  await runSuite([
    '--command',
    `"${process.execPath}" --conditions=@squall/source "${client}"`,
    '--scenario',
    scenario,
    '--timeout',
    '60000',
    '-o',
    folder,
    ...(version === undefined ? [] : ['--spec-version', version]),
  ])
  const files = globSync('**/checks.json', { cwd: folder })
  expect(files).toHaveLength(1)
  // Written by the suite.
  return JSON.parse(await readFile(join(folder, files[0] ?? ''), 'utf8')) as readonly Check[]
}

/** A hanging client would make the suite hang, whatever time it was given: it runs in a group of its own, which is ended. */
async function runSuite(args: readonly string[]): Promise<void> {
  const runner = spawn(process.execPath, [suite, 'client', ...args], { detached: true, stdio: 'ignore' })
  const timer = setTimeout(() => endGroup(runner.pid), 80_000)
  try {
    await once(runner, 'exit')
  } finally {
    clearTimeout(timer)
    endGroup(runner.pid)
  }
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // Usually everybody has left by now.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
