import { callTool } from './call-tool.ts'
import { getPrompt } from './get-prompt.ts'
import { initialize } from './initialize.ts'
import { listPrompts } from './list-prompts.ts'
import { listResources } from './list-resources.ts'
import { listTools } from './list-tools.ts'
import { log } from './log.ts'
import { loop } from './loop.ts'
import { mix } from './mix.ts'
import { pace } from './pace.ts'
import { ping } from './ping.ts'
import { readResource } from './read-resource.ts'
import type { StepType } from './step-type.ts'
import { think } from './think.ts'

/** Every step a flow may hold. */
const stepTypes: readonly StepType[] = [
  callTool,
  getPrompt,
  initialize,
  listPrompts,
  listResources,
  listTools,
  log,
  loop,
  mix,
  pace,
  ping,
  readResource,
  think,
]

const byName = new Map(stepTypes.map((type) => [type.name, type]))

/** The names of all steps, as a pack writes them. */
export const stepNames: readonly string[] = [...byName.keys()]

export const stepNamed = (name: string): StepType | undefined => byName.get(name)
