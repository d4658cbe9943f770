import { ScriptedServer, type SeenRequest } from '@squall/testing'
import { expect, onTestFinished, test } from 'vitest'
import { squall } from './test/run-squall.ts'
import { wholeRun } from './test/whole-run.ts'

/** Weights, and the name each kind's clients call themselves by when they open; the promise is of exact shares in each block of ten. */
const kinds = [
  { kind: 'claude_desktop', weight: 5, clientName: 'claude-ai' },
  { kind: 'cursor', weight: 3, clientName: 'cursor-vscode' },
  { kind: 'gemini', weight: 2, clientName: 'gemini-cli-mcp-client' },
]

function packOf(settings: string): string {
  const scenarios = kinds.map(
    ({ kind, weight }) => `  - name: ${kind}
    engine: mcp
    weight: ${weight}
    mcp: { clientKind: ${kind} }
    flow: [ { callTool: { name: echo, arguments: { text: hi } } } ]
`,
  )
  return `config:\n  squall: { ${settings} }\nscenarios:\n${scenarios.join('')}`
}

/** Runs it on two workers, and counts at the target who opened a session. */
async function openedAtTarget(settings: string) {
  const server = await ScriptedServer.start({ era: 'legacy' })
  onTestFinished(() => server[Symbol.asyncDispose]())
  const files = { 'mix.yml': packOf(settings) }
  const { code, stderr, summary } = await squall(
    ['run', 'mix.yml', '--target', server.url, '--workers', '2', '--report', 'report'],
    { files },
  )
  expect(wholeRun, stderr).toContain(code)
  const names = server.seen.filter(({ method }) => method === 'initialize').map(clientName)
  const calls = kinds.map(({ kind }) => summary?.clientKinds[kind]?.calls)
  const opened = kinds.map((one) => names.filter((name) => name === one.clientName).length)
  const all = opened.reduce((sum, count) => sum + count, 0)
  // One more is the look that `squall run` takes at a target beforehand; a client of any other name would be none of the pack's.
  expect(names.length - all).toBe(1)
  return { opened, all, calls }
}

function clientName({ params }: SeenRequest): unknown {
  const { clientInfo } = params
  return typeof clientInfo === 'object' && clientInfo !== null && 'name' in clientInfo ? clientInfo.name : undefined
}

test('a pack that mixes client kinds by weight opens exactly as many of each as its weights say, as the target counts them [L3]', async () => {
  const { opened, all, calls } = await openedAtTarget('clients: 40, spawnRate: 100, duration: 30s, iterations: 2')
  expect([opened, all]).toEqual([[20, 12, 8], 40])
  expect(calls).toEqual([40, 24, 16])
})

test('arrivals, too, are of each kind by weight, to within the block that was begun last', async () => {
  const { opened, all } = await openedAtTarget('model: open, rate: 25, duration: 2s')
  expect(all).toBeGreaterThanOrEqual(45)
  for (const [index, { weight }] of kinds.entries()) expect(Math.abs((opened[index] ?? 0) - (all * weight) / 10)).toBeLessThan(3)
})
