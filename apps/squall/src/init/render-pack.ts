import type { PlannedTool } from './try-tools.ts'

/** What a first pack for a server is made from. */
export interface PackFacts {
  /** For the pack's first line. */
  readonly serverName: string
  /** As the pack's `config.target`; without credentials. */
  readonly target: string
  readonly transport: string
  /** Header names, and what stands for their values: `{{ $env.MCP_AUTHORIZATION }}`. */
  readonly headers: Readonly<Record<string, string>>
  /** `config.tls`, with paths relative to the pack. */
  readonly tls: Readonly<Record<string, string | boolean>>
  /** `config.squall.proxy`. */
  readonly proxy: string | undefined
  readonly tools: readonly PlannedTool[]
}

/** The text of a pack that runs, with comments for somebody who writes their first one. */
export function renderPack(facts: PackFacts): string {
  const called = facts.tools.filter(({ isCalled }) => isCalled)
  const left = facts.tools.filter(({ isCalled }) => !isCalled)
  return `# A first load pack for ${oneLine(facts.serverName)}, written from the tools it listed.
# What it does:   squall check .        How it runs:  squall run .        What travels:  squall run . --debug
config:
  target: ${quote(facts.target)}
  engines: { mcp: {} }
${renderMcp(facts)}${renderTls(facts.tls)}  squall:
    model: closed # clients that stay; for arrivals instead, write config.phases as in Artillery
    clients: ${facts.transport === 'stdio' ? '2 # each is a process of its own' : '5'}
    spawnRate: 5 # clients started per second
    duration: 10s
${facts.proxy === undefined ? '' : `    proxy: ${quote(facts.proxy)}\n`}    thresholds: # what must hold; squall run ends with exit code 3 where it does not
      - failed<1%
      - p95<2s
scenarios:
  - name: ${called.length === 0 ? 'list the tools' : 'read'}
    engine: mcp
    mcp: { clientKind: http_client } # or claude_code, cursor, vscode, …: how the client behaves beside its calls
    flow:
${called.length === 0 ? noCall : renderMix(called)}
      - think: { min: 0.5, max: 1.5 } # seconds; a person or a model reads the answer
${renderLeft(left)}`
}

const noCall = `      # No tool may be called without somebody having looked at it; see below.
      - listTools: {}`

function renderMcp({ transport, headers }: PackFacts): string {
  const lines = [
    `    transport: ${transport}`,
    ...(Object.keys(headers).length > 0
      ? ['    headers:', ...Object.entries(headers).map(([name, value]) => `      ${quote(name)}: ${quote(value)}`)]
      : []),
  ]
  return `  mcp:\n${lines.join('\n')}\n`
}

const renderTls = (tls: PackFacts['tls']): string => (Object.keys(tls).length === 0 ? '' : `  tls: ${JSON.stringify(tls)}\n`)

function renderMix(called: readonly PlannedTool[]): string {
  const items = called.map((planned) => `${renderComment(planned, '          ')}          - ${renderStep(planned)}`)
  return `      # One of these each time, by weight.\n      - mix:\n${items.join('\n')}`
}

/** Flow style: JSON is YAML. */
function renderStep({ tool, args }: PlannedTool): string {
  return `{ weight: 1, callTool: { name: ${quote(tool.name)}, arguments: ${JSON.stringify(args)} } }`
}

function renderComment({ tool, reason }: PlannedTool, indent: string): string {
  const lines = [tool.description ?? '', optionalOf(tool.inputSchema), reason].map(oneLine).filter((line) => line !== '')
  return lines.map((line) => `${indent}# ${line}\n`).join('')
}

/** Which arguments a person may add. */
function optionalOf({ properties, required }: Readonly<Record<string, unknown>>): string {
  const needed: readonly unknown[] = Array.isArray(required) ? required : []
  const names = Object.keys(typeof properties === 'object' && properties !== null ? properties : {})
  const optional = names.filter((name) => !needed.includes(name))
  return optional.length === 0 ? '' : `also takes ${optional.join(', ')}`
}

function renderLeft(left: readonly PlannedTool[]): string {
  if (left.length === 0) return ''
  const items = left.map((planned) => `${renderComment(planned, '  ')}  # - ${renderStep(planned)}`)
  return `
# Not called by this pack. Whoever knows that it does no harm may move a line up into the mix, with arguments that make sense.
${items.join('\n').replaceAll(/^ {2}/gm, '')}
`
}

const longest = 140
// A line end would end the comment; other controls have no place in a file somebody reads.
const oneLine = (text: string): string => {
  const line = text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line
}

/** Words that YAML of one version or another takes for something else than text. */
const noText = /^(?:true|false|null|yes|no|on|off|y|n)$/i

const quote = (text: string): string => (/^[A-Za-z][\w./-]*$/.test(text) && !noText.test(text) ? text : JSON.stringify(text))
