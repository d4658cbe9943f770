import type { Json, LoadPlan } from '@squall/load-plan'

/** One `callTool` step of a plan. */
export interface ToolCall {
  readonly scenario: string
  /** As written: it may be a template. */
  readonly tool: string
  readonly args: Json
  /** The way to the step in the pack. */
  readonly path: readonly (string | number)[]
}

/** Every `callTool` of every scenario, however deep it stands in mixes and loops. */
export function toolCallsOf({ scenarios }: Pick<LoadPlan, 'scenarios'>): readonly ToolCall[] {
  return scenarios.flatMap(({ name, flow }, index) =>
    callsIn(flow, ['scenarios', index, 'flow']).map(({ tool, args, path }) => ({ scenario: name, tool, args, path })),
  )
}

type FoundCall = Omit<ToolCall, 'scenario'>

function callsIn(value: Json, path: ToolCall['path']): FoundCall[] {
  if (isList(value)) return value.flatMap((item, index) => callsIn(item, [...path, index]))
  if (!isMapping(value)) return []
  return Object.entries(value).flatMap(([key, member]) => {
    const inner = [...path, key]
    if (key !== 'callTool' || !isMapping(member)) return callsIn(member, inner)
    const { name, arguments: args = {} } = member
    return typeof name === 'string' ? [{ tool: name, args, path: inner }] : []
  })
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

const isMapping = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
