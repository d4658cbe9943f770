import {
  type CallFailure,
  type CallOutcome,
  type Dialect,
  initializeRequest,
  type JsonObject,
  type McpConnection,
  type McpRequest,
  modernVersion,
} from '@squall/mcp-wire'
import { firstDialect, legacyDialect } from './connect.ts'
import type { EndSignals } from './end-signals.ts'
import type { ClientKind, OpeningMove } from './kinds/client-kind.ts'
import type { LifeCycle } from './life-cycle.ts'
import type { Scenario } from './scenario.ts'

/** Makes one call and records it; a failure that `isFine` is recorded as an answer like any other. */
export type RecordedCall = (request: McpRequest, isFine?: (failure: CallFailure) => boolean) => Promise<CallOutcome>

/** What a call of the opening needs of the client that opens. */
export interface OpeningParts {
  readonly scenario: Scenario
  readonly lifeCycle: LifeCycle
  readonly connection: McpConnection
  readonly end: EndSignals
  readonly call: RecordedCall
  /** Says what needs no answer; a refusal of it is recorded as a failed call. */
  readonly notify: (method: string) => Promise<CallOutcome>
}

/**
 * Brings a new connection to where its kind begins to work: probes, handshake, stream, lists.
 * @returns false where a call failed without which there is no session, or the run ended meanwhile; lists may fail.
 */
export async function runOpening(parts: OpeningParts): Promise<boolean> {
  const { scenario, lifeCycle, connection, end } = parts
  const { kind, fixedDialect } = scenario
  if (end.ending.aborted) return false
  connection.speak(fixedDialect ?? firstDialect(kind))
  const found = connection.dialect.era === 'modern' ? await discover(parts) : await handshake(parts)
  if (!found) return false
  const moves = connection.dialect.era === 'modern' ? lifeCycle.modernOpening : lifeCycle.legacyOpening
  await makeMoves(parts, moves, found)
  return !end.ending.aborted
}

/** @returns the server's capabilities, or undefined where there is no session to be had. */
async function discover(parts: OpeningParts): Promise<JsonObject | undefined> {
  const { scenario, connection, call } = parts
  // Asking is a kind's habit; the protocol does not demand it, so others begin to work at once.
  if (!scenario.kind.probesModern) return everything
  const isFine = scenario.fixedDialect === undefined ? isRefusal : undefined
  const outcome = await call({ method: 'server/discover', paramsJson: '{}', id: 'server-discover-probe-1' }, isFine)
  if (outcome.ok && speaksModern(outcome.result)) return capabilitiesOf(outcome.result)
  if (!outcome.ok && isFine?.(outcome) !== true) return undefined
  connection.speak(legacyDialect(scenario.kind))
  return handshake(parts)
}

/** How a server of the older era answers a question it does not know: the probe got what it asked for. */
const isRefusal = ({ code }: CallFailure): boolean => /^(?:http\.4(?!29|01|03)|rpc\.)/.test(code)

const speaksModern = ({ supportedVersions }: JsonObject): boolean =>
  !Array.isArray(supportedVersions) || supportedVersions.includes(modernVersion)

/** @returns the server's capabilities, or undefined where there is no session to be had. */
export async function handshake({ scenario, connection, end, call, notify }: OpeningParts): Promise<JsonObject | undefined> {
  if (end.ending.aborted) return undefined
  const outcome = await call(initializeRequest(scenario.kind, connection.dialect))
  if (!outcome.ok) return undefined
  const told = await notify('notifications/initialized')
  return told.ok ? capabilitiesOf(outcome.result) : undefined
}

const capabilitiesOf = ({ capabilities }: JsonObject): JsonObject =>
  typeof capabilities === 'object' && capabilities !== null ? (capabilities as JsonObject) : {}

const everything: JsonObject = { tools: {}, resources: {}, prompts: {} }

async function makeMoves(
  { scenario, connection, end, call }: OpeningParts,
  moves: readonly OpeningMove[],
  capabilities: JsonObject,
): Promise<void> {
  let firstUri: unknown
  for (const move of moves) {
    if (end.ending.aborted) return
    if (move === 'hold-stream') connection.holdStream()
    else if (isOffered(move, capabilities) && (move !== 'resources/subscribe' || typeof firstUri === 'string')) {
      const outcome = await call({ method: move, paramsJson: paramsOf(move, scenario.kind, connection.dialect, firstUri) })
      if (move === 'resources/list' && outcome.ok) firstUri = firstUriOf(outcome.result)
    }
  }
}

function paramsOf(move: OpeningMove, { listProgressToken }: ClientKind, { era }: Dialect, firstUri: unknown): string {
  if (move === 'resources/subscribe') return JSON.stringify({ uri: firstUri })
  const hasToken = move === 'tools/list' && listProgressToken !== undefined && era === 'legacy'
  return hasToken ? JSON.stringify({ _meta: { progressToken: listProgressToken } }) : '{}'
}

function isOffered(move: OpeningMove, capabilities: JsonObject): boolean {
  if (move === 'ping' || move === 'hold-stream') return true
  if (move === 'resources/subscribe') return (capabilities['resources'] as JsonObject | undefined)?.['subscribe'] === true
  return capabilities[move.slice(0, move.indexOf('/'))] !== undefined
}

function firstUriOf({ resources }: JsonObject): unknown {
  const first: unknown = Array.isArray(resources) ? resources[0] : undefined
  return (first as JsonObject | undefined)?.['uri']
}
