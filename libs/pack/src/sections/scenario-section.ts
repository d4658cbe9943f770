import type { ClientPlan, Json, ScenarioPlan } from '@squall/load-plan'
import { checkFlow, clientKindNamed } from '@squall/virtual-client'
import { z } from 'zod'
import { isObject } from '../apply-environment.ts'
import { clientCount, text, weight } from '../fields.ts'
import { parseKeyPath, toKeyPath, type KeyPath } from '../key-path.ts'
import type { PackCheck } from '../pack-check.ts'
import { scenarioMcpSection, type McpSection, type ScenarioMcpSection } from './mcp-section.ts'

/** Hooks of Artillery's own engines; they call functions that only stock Artillery loads. */
export const hookNames = ['beforeScenario', 'afterScenario', 'beforeRequest', 'afterResponse', 'onError'] as const
const hooks = Object.fromEntries(hookNames.map((name) => [name, z.unknown().optional()]))

const scenarioSection = z.strictObject(
  {
    name: text('a name').optional(),
    engine: z.literal('mcp', 'the engine mcp, since Squall drives MCP servers alone'),
    weight: weight().optional(),
    /** In the closed model: exactly so many clients, whatever the weights. */
    clients: clientCount().optional(),
    mcp: scenarioMcpSection.optional(),
    // Checked step by step by those who run it.
    flow: z.custom<readonly Json[]>((value) => value !== undefined, 'a list of steps'),
    expect: z.unknown().optional(),
    ...hooks,
  },
  'a scenario with an engine and a flow',
)

/** What `config` says to scenarios that say nothing themselves. */
export interface ScenarioDefaults {
  readonly mcp: McpSection
  readonly engine: Json
}

/** Reads one of `scenarios`, its flow step by step. */
export function readScenario(
  written: Json,
  index: number,
  { mcp, engine }: ScenarioDefaults,
  check: PackCheck,
): ScenarioPlan | undefined {
  const path: KeyPath = ['scenarios', index]
  const scenario = check.read(scenarioSection, isObject(written) ? { engine, ...written } : written, path)
  if (isObject(written) && 'flow' in written) checkSteps(written['flow'], path, check)
  return (
    scenario && {
      name: scenario.name ?? `scenario ${index + 1}`,
      weight: scenario.weight ?? 1,
      ...(scenario.clients !== undefined && { fixedClients: scenario.clients }),
      client: toClientPlan(mcp, scenario.mcp ?? {}),
      flow: scenario.flow,
    }
  )
}

function checkSteps(flow: unknown, path: KeyPath, check: PackCheck): void {
  for (const { where, ...problem } of checkFlow(flow, toKeyPath([...path, 'flow']))) check.at(parseKeyPath(where), problem)
}

const transportOf = (clientKind: string): ClientPlan['transport'] => clientKindNamed(clientKind)?.transport ?? 'streamable-http'

function toClientPlan(defaults: McpSection, own: ScenarioMcpSection): ClientPlan {
  const clientKind = own.clientKind ?? defaults.clientKind ?? 'http_client'
  const lifeCycles = own.lifeCycle ?? defaults.lifeCycle
  const answers = own.answers ?? defaults.answers
  const auth = own.auth ?? defaults.auth
  return {
    clientKind,
    transport: own.transport ?? defaults.transport ?? transportOf(clientKind),
    protocolVersion: own.protocolVersion ?? defaults.protocolVersion ?? 'auto',
    headers: { ...defaults.headers, ...own.headers },
    ...(lifeCycles && { lifeCycles }),
    ...(answers && { answers }),
    ...(auth && { auth }),
  }
}
