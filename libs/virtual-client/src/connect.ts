import { CodedError } from '@squall/errors'
import { type Dialect, type McpConnection, modernVersion, StdioConnection, StreamableHttpConnection } from '@squall/mcp-wire'
import { virtualClientErrors } from './errors.ts'
import type { ClientKind } from './kinds/client-kind.ts'
import type { Scenario } from './scenario.ts'
import type { TemplateScope } from './templates/template-scope.ts'
import { compileText } from './templates/text-template.ts'

/** Opens one client's line to the target; nothing is sent yet. */
type Connector = (scenario: Scenario, scope: TemplateScope) => McpConnection

const connectors = { 'streamable-http': connectHttp, stdio: connectStdio } satisfies Readonly<Record<string, Connector>>

type Transport = keyof typeof connectors

/** The transports virtual clients speak. */
// Object.keys forgets the names; they are those of the table by construction.
export const transportNames = Object.keys(connectors) as [Transport, ...Transport[]]

/** @throws CodedError `CLIENT_TRANSPORT_UNKNOWN` for a transport without connector, and what the transport throws for a bad target. */
export function findConnector({ scenario }: Scenario): Connector {
  const { transport } = scenario.client
  const spoken = transportNames.find((name) => name === transport)
  if (spoken !== undefined) return connectors[spoken]
  throw new CodedError(virtualClientErrors.CLIENT_TRANSPORT_UNKNOWN, {
    message: `clients do not speak "${transport}" yet; they speak ${transportNames.join(', ')}`,
  })
}

function connectHttp({ plan, scenario, kind, fixedDialect, host }: Scenario, scope: TemplateScope): McpConnection {
  return new StreamableHttpConnection(plan.target, {
    clock: host.clock,
    identity: kind,
    dialect: fixedDialect ?? firstDialect(kind),
    headers: renderHeaders(kind, scenario.client.headers, scope),
    requestTimeoutMs: plan.requestTimeoutMs,
    firstRequestId: kind.firstRequestId,
    keepAlive: kind.keepAlive,
    echoesSession: kind.echoesSession,
    sendsVersionHeader: kind.sendsVersionHeader,
    ...(plan.tls && { tls: plan.tls }),
    ...(plan.proxyUrl !== undefined && { proxyUrl: plan.proxyUrl }),
    streamRetries: kind.streamRetries,
  })
}

function connectStdio({ plan, kind, fixedDialect, host }: Scenario): McpConnection {
  return new StdioConnection(plan.target, {
    clock: host.clock,
    identity: kind,
    dialect: fixedDialect ?? firstDialect(kind),
    requestTimeoutMs: plan.requestTimeoutMs,
    firstRequestId: kind.firstRequestId,
  })
}

/** How a kind begins to speak where the plan leaves it the choice. */
export function firstDialect(kind: ClientKind): Dialect {
  return kind.probesModern ? { era: 'modern', protocolVersion: modernVersion } : legacyDialect(kind)
}

export const legacyDialect = (kind: ClientKind): Dialect => ({ era: 'legacy', protocolVersion: kind.legacyVersion })

function renderHeaders(
  kind: ClientKind,
  headers: Readonly<Record<string, string>>,
  scope: TemplateScope,
): Record<string, string> {
  const rendered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), compileText(value).render(scope)])
  const own = kind.userAgent === undefined ? {} : { 'user-agent': kind.userAgent }
  return { ...own, ...(Object.fromEntries(rendered) as Record<string, string>) }
}
