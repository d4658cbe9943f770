import { CodedError } from '@squall/errors'
import {
  type Dialect,
  type McpConnection,
  modernVersion,
  openConnection,
  type TransportName,
  transportNames,
} from '@squall/mcp-wire'
import { virtualClientErrors } from './errors.ts'
import type { ClientKind } from './kinds/client-kind.ts'
import type { Scenario } from './scenario.ts'
import type { TemplateScope } from './templates/template-scope.ts'
import { isHeaderText } from './header-rules.ts'
import { compileText } from './templates/text-template.ts'
import { UnwritableValue } from './templates/unwritable-value.ts'

/** Opens one client's line to the target; nothing is sent yet. */
type Connector = (scenario: Scenario, scope: TemplateScope) => McpConnection

/** @throws CodedError `CLIENT_TRANSPORT_UNKNOWN` for a transport without connector, and what the transport throws for a bad target. */
export function findConnector({ scenario }: Scenario): Connector {
  const { transport } = scenario.client
  const spoken = transportNames.find((name) => name === transport)
  if (spoken !== undefined) return (client, scope) => connect(spoken, client, scope)
  throw new CodedError(virtualClientErrors.CLIENT_TRANSPORT_UNKNOWN, {
    message: `clients do not speak "${transport}"; they speak ${transportNames.join(', ')}`,
  })
}

function connect(transport: TransportName, client: Scenario, scope: TemplateScope): McpConnection {
  const { plan, scenario, kind, fixedDialect, host, lineObserver: observer } = client
  const { target, credentials } = client.destination.now
  const { answers } = scenario.client
  const { firstRequestId, keepAlive, echoesSession, sendsVersionHeader } = kind
  return openConnection(transport, target, {
    clock: host.clock,
    identity: kind,
    dialect: fixedDialect ?? firstDialect(kind),
    headers: renderHeaders(client, scope),
    requestTimeoutMs: plan.requestTimeoutMs,
    firstRequestId,
    observer,
    keepAlive,
    echoesSession,
    sendsVersionHeader,
    ...(answers && { answers }),
    ...(credentials && { credentials: credentials() }),
    ...(host.tap && { tap: host.tap }),
    ...(plan.tls && { tls: plan.tls }),
    ...(plan.proxyUrl !== undefined && { proxyUrl: plan.proxyUrl }),
    streamRetries: kind.streamRetries,
  })
}

/** How a kind begins to speak where the plan leaves it the choice. */
export function firstDialect(kind: ClientKind): Dialect {
  return kind.probesModern ? { era: 'modern', protocolVersion: modernVersion } : legacyDialect(kind)
}

export const legacyDialect = (kind: ClientKind): Dialect => ({ era: 'legacy', protocolVersion: kind.legacyVersion })

function renderHeaders({ kind, scenario }: Scenario, scope: TemplateScope): Record<string, string> {
  const rendered = Object.entries(scenario.client.headers).map(([name, value]) => [
    name.toLowerCase(),
    headerValue(name, value, scope),
  ])
  const own = kind.userAgent === undefined ? {} : { 'user-agent': kind.userAgent }
  return { ...own, ...(Object.fromEntries(rendered) as Record<string, string>) }
}

/** @throws UnwritableValue where a variable puts into it what no header may hold. */
function headerValue(name: string, value: string, scope: TemplateScope): string {
  const text = compileText(value).render(scope)
  // It may be a secret, and is not shown.
  if (!isHeaderText(text)) throw new UnwritableValue(`the header ${name} has characters that no header may have`)
  return text
}
