import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { exitCodes, type ExitCode } from '@squall/errors'
import { shownTarget, type LoadPlan } from '@squall/load-plan'
import { loadPack } from '@squall/pack'
import type { InitSettings } from '../settings/init-settings.ts'
import { listTools } from '../target/list-tools.ts'
import { withTargetSession, type TargetSession } from '../target/target-session.ts'
import { renderReadme } from './render-readme.ts'
import { renderPack, type PackFacts } from './render-pack.ts'
import { sortTool } from './sort-tools.ts'
import { planTool, tryTool, type PlannedTool } from './try-tools.ts'
import { writeFiles } from './write-files.ts'

/**
 * Writes a first pack for a server out of the server's own list of tools: one that runs, and that its reader learns from.
 * @throws CodedError of the settings, the target, and what would be overwritten.
 */
export async function initPack(settings: InitSettings, stopping: AbortSignal): Promise<ExitCode> {
  const plan = planOf(settings)
  const found = await withTargetSession(plan, stopping, async (session) => ({
    serverName: session.serverName === '' ? 'an MCP server' : session.serverName,
    tools: await planTools(session, settings),
  }))
  const directory = settings.outDirectory ?? folderNameOf(found.serverName)
  const facts = { ...factsOf(settings, directory), ...found }
  const files = { 'pack.yml': renderPack(facts), 'README.md': renderReadme(facts, directory) }
  await writeFiles(directory, files, settings.isForced)
  // What was just written has nothing wrong with it, or this program has.
  loadPack({ path: directory, processEnvironment: { ...placeholders(facts), ...process.env } })
  process.stdout.write(describeOutcome(directory, facts))
  return exitCodes.ok
}

/** How the server is reached, read as a pack says it, so that both mean the same. */
function planOf({ target, transport, headers, overrides }: InitSettings): LoadPlan {
  const directory = mkdtempSync(join(tmpdir(), 'squall-init-'))
  try {
    const path = join(directory, 'pack.yml')
    const config = { target, mcp: { transport, headers }, squall: { clients: 1, duration: 1 } }
    writeFileSync(path, JSON.stringify({ config, scenarios: [{ engine: 'mcp', flow: [{ listTools: {} }] }] }))
    return { ...loadPack({ path, processEnvironment: process.env, overrides }).plan, target }
  } finally {
    rmSync(directory, { recursive: true })
  }
}

async function planTools(session: TargetSession, { triesTools }: InitSettings): Promise<readonly PlannedTool[]> {
  const tools = await listTools(session)
  const planned: PlannedTool[] = []
  for (const tool of tools.map((one) => planTool(sortTool(one)))) {
    const isToTry = triesTools && tool.isCalled
    if (isToTry) process.stderr.write(`calling ${tool.tool.name} once\n`)
    planned.push(isToTry ? await tryTool(tool, session) : tool)
  }
  return planned
}

function factsOf(settings: InitSettings, directory: string): Omit<PackFacts, 'serverName' | 'tools'> {
  const { target, transport, headers, overrides } = settings
  const fileOf = (name: 'ca' | 'cert' | 'key'): Record<string, string> =>
    typeof overrides[name]?.value === 'string' ? { [name]: relative(resolve(directory), resolve(overrides[name].value)) } : {}
  const serverName = overrides.serverName?.value
  return {
    target: shownTarget(target) === target ? target : '{{ $env.MCP_TARGET }}',
    transport,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, withoutSecret(name, value)])),
    tls: {
      ...fileOf('ca'),
      ...fileOf('cert'),
      ...fileOf('key'),
      ...(typeof serverName === 'string' && { serverName }),
      ...(overrides.passphrase && { passphrase: '{{ $env.SQUALL_PASSPHRASE }}' }),
      ...(overrides.insecure?.value === true && { rejectUnauthorized: false }),
    },
    proxy: typeof overrides.proxy?.value === 'string' ? proxyOf(overrides.proxy.value) : undefined,
  }
}

const proxyOf = (url: string): string => (shownTarget(url) === url ? url : '{{ $env.SQUALL_PROXY }}')

/** A credential does not belong into a file that is shared: where the value is no template yet, a variable takes its place. */
const withoutSecret = (name: string, value: string): string =>
  value.includes('{{') ? value : `{{ $env.MCP_${name.replaceAll(/\W+/g, '_').toUpperCase()} }}`

const variablePattern = /\{\{ \$env\.(\w+) \}\}/g

/** The environment variables a pack needs. */
const variablesIn = ({ target, headers, tls, proxy }: PackFacts): readonly string[] =>
  [...JSON.stringify([target, headers, tls, proxy]).matchAll(variablePattern)].map(([, name = '']) => name)

const placeholders = (facts: PackFacts): Record<string, string> =>
  Object.fromEntries(
    variablesIn(facts).map((name) => [name, name === 'MCP_TARGET' || name === 'SQUALL_PROXY' ? 'http://placeholder/' : name]),
  )

const folderNameOf = (serverName: string): string =>
  serverName
    .toLowerCase()
    .replaceAll(/[^\w.-]+/g, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60) || 'mcp-server'

function describeOutcome(directory: string, facts: PackFacts): string {
  const called = facts.tools.filter(({ isCalled }) => isCalled).length
  const left = facts.tools.length - called
  const variables = [...new Set(variablesIn(facts))]
  return [
    `${join(directory, 'pack.yml')}: calls ${called} of the ${facts.tools.length} tools of ${facts.serverName}`,
    ...(left > 0 ? [`the other ${left} stand there as comments, each with the reason`] : []),
    ...(variables.length > 0 ? [`set ${variables.join(' and ')} before you run it; secrets are not written into packs`] : []),
    `next: squall check ${directory}    squall run ${directory}`,
    '',
  ].join('\n')
}
