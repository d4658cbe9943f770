import { nearestName, type Problem } from '@squall/errors'
import type { TargetTool } from '../target/list-tools.ts'
import { compileArgumentCheck, type ArgumentProblem, type CheckArguments } from '../tools/check-arguments.ts'
import type { ToolCall } from './tool-calls.ts'

export interface ToolFindings {
  readonly problems: readonly Problem[]
  /** What could not be checked, in words. */
  readonly notes: readonly string[]
}

/** The place of a key in the pack: `pack.yml:12:5 scenarios[0]…`. */
export type Locate = (path: ToolCall['path']) => string

/** Whether the server has the tools a plan calls, and whether their arguments fit the schemas it publishes. */
export function checkToolCalls(calls: readonly ToolCall[], tools: readonly TargetTool[], locate: Locate): ToolFindings {
  const { checks, notes } = compileAll(tools, new Set(calls.map(({ tool }) => tool)))
  const names = tools.map(({ name }) => name)
  return {
    problems: calls.filter((call) => !isTemplate(call)).flatMap((call) => problemsOf(call, names, checks, locate)),
    notes: [
      ...notes,
      ...calls.filter(isTemplate).map(({ tool, path }) => `${locate(path)}: which tool "${tool}" becomes shows only in the run`),
    ],
  }
}

const isTemplate = ({ tool }: ToolCall): boolean => tool.includes('{{')

function compileAll(
  tools: readonly TargetTool[],
  called: ReadonlySet<string>,
): { readonly checks: ReadonlyMap<string, CheckArguments>; readonly notes: readonly string[] } {
  const checks = new Map<string, CheckArguments>()
  const notes: string[] = []
  for (const { name, inputSchema } of tools.filter((tool) => called.has(tool.name)))
    try {
      checks.set(name, compileArgumentCheck(inputSchema))
    } catch (error) {
      notes.push(`the server's schema of ${name} cannot be used, so its arguments were not checked: ${(error as Error).message}`)
    }
  return { checks, notes }
}

function problemsOf(
  { tool, args, path }: ToolCall,
  names: readonly string[],
  checks: ReadonlyMap<string, CheckArguments>,
  locate: Locate,
): Problem[] {
  if (!names.includes(tool)) {
    const nearest = nearestName(tool, names)
    const expected = names.length === 0 ? 'a tool, but the server has none' : `one of the server's tools ${names.join(', ')}`
    return [
      {
        where: locate([...path, 'name']),
        value: tool,
        expected,
        ...(nearest !== undefined && { hint: `did you mean ${nearest}?` }),
      },
    ]
  }
  const place = (inner: readonly string[]): string => locate([...path, 'arguments', ...inner.map(toKey)])
  return (checks.get(tool)?.(args) ?? []).map((problem) => toPackProblem(problem, place(problem.path)))
}

/** Places in lists are numbers. */
const toKey = (key: string): string | number => (/^\d+$/.test(key) ? Number(key) : key)

function toPackProblem({ value, expected, hint }: ArgumentProblem, where: string): Problem {
  return { where, ...(value !== undefined && { value }), expected, ...(hint !== undefined && { hint }) }
}
