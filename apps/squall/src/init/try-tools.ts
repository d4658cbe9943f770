import type { JsonObject } from '@squall/mcp-wire'
import type { TargetTool } from '../target/list-tools.ts'
import type { TargetSession } from '../target/target-session.ts'
import { compileArgumentCheck } from '../tools/check-arguments.ts'
import { exampleArguments } from '../tools/example-arguments.ts'
import type { SortedTool } from './sort-tools.ts'

/** A tool with arguments made up for it. */
export interface PlannedTool extends SortedTool {
  readonly args: JsonObject
}

/** Makes up arguments; a tool whose schema they do not satisfy, or that a pack cannot write, is left to the person. */
export function planTool(sorted: SortedTool): PlannedTool {
  const args = exampleArguments(sorted.tool.inputSchema)
  if (!sorted.isCalled) return { ...sorted, args }
  const left = (reason: string): PlannedTool => ({ ...sorted, args, isCalled: false, reason })
  const mistake = mistakeIn(args, sorted.tool)
  if (mistake !== undefined) return left(`arguments made up for it do not fit: ${mistake}`)
  const unwritable = findUnwritable([sorted.tool.name, args])
  return unwritable === undefined ? { ...sorted, args } : left(`a pack cannot say its name or arguments: ${unwritable}`)
}

/** What means something else in a pack than it says. */
function findUnwritable(value: unknown): string | undefined {
  if (typeof value === 'string') return value.includes('{{') ? '"{{" begins a template there' : undefined
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value))
    return `${value} has more digits than a number holds`
  if (typeof value !== 'object' || value === null) return undefined
  const inside = [...Object.keys(value), ...(Object.values(value) as unknown[])]
  return inside.map(findUnwritable).find((reason) => reason !== undefined)
}

function mistakeIn(args: JsonObject, { inputSchema }: TargetTool): string | undefined {
  try {
    const [problem] = compileArgumentCheck(inputSchema)(args)
    return problem && `${problem.path.join('.')}: expected ${problem.expected}`
  } catch (error) {
    return `its schema cannot be used (${(error as Error).message})`
  }
}

/** Calls a tool once; one that fails with the arguments made up for it is left to the person, with the server's words. */
export async function tryTool(planned: PlannedTool, session: TargetSession): Promise<PlannedTool> {
  if (!planned.isCalled) return planned
  const outcome = await session.ask('tools/call', { name: planned.tool.name, arguments: planned.args })
  if (outcome.ok) return planned
  const words = outcome.code === 'tool.is_error' ? firstText(outcome.result) : `${outcome.message} (${outcome.code})`
  return { ...planned, isCalled: false, reason: `fails with the arguments made up for it: ${words}` }
}

function firstText(result: JsonObject | undefined): string {
  const content: unknown = result?.['content']
  const [first] = Array.isArray(content) ? (content as unknown[]) : []
  const text: unknown = typeof first === 'object' && first !== null && 'text' in first ? first.text : undefined
  return typeof text === 'string' ? text : 'it does not say why'
}
