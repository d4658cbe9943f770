import { describeModel } from '@squall/controller'
import { planDurationMs, shownTarget, type Json, type LoadPlan, type ScenarioPlan } from '@squall/load-plan'
import { formatDuration, renderTextTable } from '@squall/report'
import { clientKindNamed, stepNames } from '@squall/virtual-client'
import { toolCallsOf } from './tool-calls.ts'

/** What a run of this plan will do, for somebody who has not read the pack. */
export function describePlan(plan: Omit<LoadPlan, 'target'>, target: string | undefined): string {
  return [describeLoad(plan, target), describeScenarios(plan), describeKinds(plan), describeTools(plan)]
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')
}

const seconds = (ms: number): string => formatDuration(ms / 1000)

function describeLoad(plan: Omit<LoadPlan, 'target'>, target: string | undefined): string[] {
  const { model, warmUpMs, requestTimeoutMs, maxLagMs, seed, thresholds, payloads, variables, tls, proxyUrl } = plan
  const names = Object.keys(variables)
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['load', describeModel(model)],
    ['lasts', seconds(planDurationMs(plan))],
    ['target', target === undefined ? 'the Snowflake MCP server, started for the run' : shownTarget(target)],
    ['through', proxyUrl === undefined ? undefined : shownTarget(proxyUrl)],
    ['security', tls && describeTls(tls)],
    ['warm-up', warmUpMs > 0 ? `${seconds(warmUpMs)}, left out of the numbers` : undefined],
    [
      'data',
      payloads.map(({ fields, rows, order }) => `${fields.join(', ')} (${rows.length} rows, ${order})`).join('; ') || undefined,
    ],
    ['variables', names.join(', ') || undefined],
    ['patience', `a call has ${seconds(requestTimeoutMs)}; a start more than ${seconds(maxLagMs)} late is dropped and counted`],
    ['seed', String(seed)],
    ['must hold', thresholds.join(', ')],
  ]
  return renderTextTable(
    [{ title: 'what' }, { title: 'how' }],
    facts.flatMap(([what, how]) => (how === undefined ? [] : [[what, how]])),
  ).slice(1)
}

function describeTls({ ca, cert, serverName, rejectUnauthorized }: NonNullable<LoadPlan['tls']>): string {
  const facts = [
    ...(rejectUnauthorized === false ? ['any certificate of the server is taken'] : []),
    ...(ca === undefined ? [] : ['own authorities']),
    ...(cert === undefined ? [] : ['with a client certificate']),
    ...(serverName === undefined ? [] : [`the server is to be ${serverName}`]),
  ]
  return facts.join(', ')
}

function describeScenarios({ scenarios }: Pick<LoadPlan, 'scenarios'>): string[] {
  const whole = scenarios.reduce((sum, { weight }) => sum + weight, 0)
  const byWeight = scenarios.toSorted((left, right) => right.weight - left.weight)
  return renderTextTable(
    [
      { title: 'scenario' },
      { title: 'share', align: 'right' },
      { title: 'client kind' },
      { title: 'transport' },
      { title: 'does' },
    ],
    byWeight.map(({ name, weight, client, flow }) => [
      name,
      `${Number(((100 * weight) / whole).toFixed(1))} %`,
      client.clientKind,
      client.transport,
      flow.map(describeStep).join(', '),
    ]),
  )
}

/** `callTool echo`, or the bare name of any other step. */
function describeStep(step: Json): string {
  if (typeof step !== 'object' || step === null || Array.isArray(step)) return 'a step'
  const members = Object.entries(step as { readonly [key: string]: Json })
  const [name, body] = members.find(([key]) => stepNames.includes(key)) ?? ['a step', null]
  if (Array.isArray(body)) return `${name} of ${body.length}`
  const named = typeof body === 'object' && body !== null && 'name' in body ? body['name'] : ''
  return typeof named === 'string' && named !== '' ? `${name} ${named}` : name
}

function describeKinds({ scenarios }: Pick<LoadPlan, 'scenarios'>): string[] {
  const names = [...new Set(scenarios.map(({ client }: ScenarioPlan) => client.clientKind))].toSorted()
  const rows = names.map((name) => {
    const kind = clientKindNamed(name)
    return [name, kind?.evidence ?? '', kind?.source ?? '']
  })
  return renderTextTable([{ title: 'client kind' }, { title: 'evidence' }, { title: 'what it rests on' }], rows)
}

function describeTools(plan: Pick<LoadPlan, 'scenarios'>): string[] {
  const calls = toolCallsOf(plan)
  const tools = [...new Set(calls.map(({ tool }) => tool))].toSorted()
  if (tools.length === 0) return ['no tool is called']
  const callers = (tool: string): string =>
    [...new Set(calls.filter((call) => call.tool === tool).map(({ scenario }) => scenario))].join(', ')
  return renderTextTable(
    [{ title: 'tool' }, { title: 'called by' }],
    tools.map((tool) => [tool, callers(tool)]),
  )
}
