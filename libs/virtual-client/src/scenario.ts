import { CodedError } from '@squall/errors'
import type { ClientPlan, Json, LoadPlan, ScenarioPlan } from '@squall/load-plan'
import { type ConnectionObserver, type Dialect, modernVersion, withAnswerable } from '@squall/mcp-wire'
import { CallRecorder } from './call-recorder.ts'
import { type ClientHost, writeLine } from './client-host.ts'
import { createCredentials } from './credentials.ts'
import { CurrentDestination } from './destination.ts'
import { virtualClientErrors } from './errors.ts'
import type { ClientKind } from './kinds/client-kind.ts'
import { clientKindNamed, clientKindNames } from './kinds/client-kinds.ts'
import { loadPackFunctions, type PackFunctions } from './pack-functions.ts'
import { checkFlow } from './steps/check-flow.ts'
import { findFunctionMistakes } from './steps/find-function-mistakes.ts'
import { createLifeCycles, type LifeCycle } from './life-cycle.ts'
import { createFlowCompiler } from './steps/compile-flow.ts'
import type { CompiledStep } from './steps/step-type.ts'

/** One scenario of a plan, ready for any number of clients. */
export interface Scenario {
  readonly plan: LoadPlan
  readonly scenario: ScenarioPlan
  readonly kind: ClientKind
  /** Absent where the kind decides. */
  readonly fixedDialect?: Dialect
  readonly recorder: CallRecorder
  readonly destination: CurrentDestination
  /** Hears what happens on all connections of the scenario. */
  readonly lineObserver: ConnectionObserver
  readonly lifeCycleOf: (index: number) => LifeCycle
  /** Tells a person something about the scenario, once however many clients say it. */
  readonly notice: (text: string) => void
  /** What each iteration runs. */
  readonly flow: CompiledStep
  /** The flow's `pace`, for iterations that end before they come to it. */
  readonly pace?: CompiledStep
  readonly host: ClientHost
}

/**
 * Compiles a scenario once for all its clients.
 * @throws CodedError `CLIENT_FLOW_INVALID`, `CLIENT_KIND_UNKNOWN` or `CLIENT_TRANSPORT_UNKNOWN`.
 */
export function compileScenario(plan: LoadPlan, scenario: ScenarioPlan, host: ClientHost): Scenario {
  const { client, flow } = scenario
  const functions = host.functions ?? loadPackFunctions(plan)
  const problems = checkFlow(flow, `scenarios.${scenario.name}.flow`)
  if (problems.length > 0) throw new CodedError(virtualClientErrors.CLIENT_FLOW_INVALID, { problems })
  refuseFunctionMistakes(flow, functions)
  const kind = answering(findKind(client.clientKind), client)
  const compiler = createFlowCompiler(functions)
  const { recorder, phaseAt } = host
  const paces = flow.filter((step) => isStep(step, 'pace'))
  const { clientKind, transport } = client
  return {
    plan,
    scenario,
    kind,
    host,
    destination: new CurrentDestination(plan.target, (target) => ({
      target,
      metadataPaths: toPaths(kind.metadataProbes, target),
      ...(client.auth && { credentials: createCredentials({ ...plan, target }, client.auth, host) }),
    })),
    lineObserver: createLineObserver(recorder),
    lifeCycleOf: createLifeCycles(kind, client.lifeCycles, plan.seed),
    notice: createNotice(scenario.name, host),
    ...toDialect(client.protocolVersion),
    recorder: new CallRecorder({ recorder, clientKind, transport, ...(phaseAt && { phaseAt }) }),
    ...(paces.length > 0 && { pace: compiler.flow(paces) }),
    // Every client initializes when it opens, so a flow that begins with it says nothing new.
    flow: compiler.flow(isStep(flow[0], 'initialize') ? flow.slice(1) : flow),
  }
}

function refuseFunctionMistakes(flow: readonly Json[], functions: PackFunctions): void {
  const problems = findFunctionMistakes(flow, functions)
  if (problems.length > 0) throw new CodedError(virtualClientErrors.CLIENT_FUNCTION_UNKNOWN, { problems })
}

/** What connections tell beside their calls. */
function createLineObserver(recorder: ClientHost['recorder']): ConnectionObserver {
  return {
    onNotification: ({ sinceSentMs }) => {
      if (sinceSentMs !== undefined) recorder.latency('notification', Math.max(0, sinceSentMs))
    },
    onCancelled: ({ latencyMs }) => recorder.latency('cancellation', Math.max(0, latencyMs)),
  }
}

function findKind(name: string): ClientKind {
  const kind = clientKindNamed(name)
  if (kind) return kind
  throw new CodedError(virtualClientErrors.CLIENT_KIND_UNKNOWN, {
    message: `"${name}" is no client kind; there are ${clientKindNames.join(', ')}`,
  })
}

/** A client that answers questions must say that it can, or no server would ask. */
function answering(kind: ClientKind, { answers }: ClientPlan): ClientKind {
  return answers ? { ...kind, capabilities: withAnswerable(kind.capabilities, answers) } : kind
}

function toDialect(version: string): { readonly fixedDialect?: Dialect } {
  if (version === 'auto') return {}
  if (!/^\d{4}-\d\d-\d\d$/.test(version)) {
    throw new CodedError(virtualClientErrors.CLIENT_TRANSPORT_UNKNOWN, {
      message: `"${version}" is no MCP protocol version; versions are dates such as 2025-11-25 and ${modernVersion}, or auto`,
    })
  }
  return { fixedDialect: { era: version < modernVersion ? 'legacy' : 'modern', protocolVersion: version } }
}

function toPaths(probes: readonly string[], target: string): readonly string[] {
  const path = URL.canParse(target) ? new URL(target).pathname.replace(/\/$/, '') : ''
  return probes.map((probe) => probe.replace('{path}', path) || '/')
}

// A text may hold what varies, such as an id: a run must not drown in it.
const noticesTold = 20

function createNotice(scenario: string, { log = writeLine }: ClientHost): (text: string) => void {
  const told = new Set<string>()
  return (text) => {
    if (told.has(text) || told.size >= noticesTold) return
    log(`${scenario}: ${text}`)
    told.add(text)
  }
}

const isStep = (step: unknown, name: string): boolean => typeof step === 'object' && step !== null && name in step
