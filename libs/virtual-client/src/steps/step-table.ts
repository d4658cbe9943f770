import { callTool } from './call-tool.ts'
import { cancel } from './cancel.ts'
import { capture } from './capture.ts'
import { complete } from './complete.ts'
import { functionStep } from './function.ts'
import { getPrompt } from './get-prompt.ts'
import { ifTrue } from './if-true.ts'
import { initialize } from './initialize.ts'
import { listPrompts } from './list-prompts.ts'
import { listResources } from './list-resources.ts'
import { listTools } from './list-tools.ts'
import { log } from './log.ts'
import { loop } from './loop.ts'
import { match } from './match.ts'
import { mix } from './mix.ts'
import { notify } from './notify.ts'
import { pace } from './pace.ts'
import { parallel } from './parallel.ts'
import { ping } from './ping.ts'
import { readResource } from './read-resource.ts'
import { reconnect } from './reconnect.ts'
import type { StepType } from './step-type.ts'
import { subscribe, unsubscribe } from './subscribe.ts'
import { think } from './think.ts'

/** Every step a flow may hold. */
const stepTypes: readonly StepType[] = [
  callTool,
  cancel,
  capture,
  complete,
  functionStep,
  getPrompt,
  ifTrue,
  initialize,
  listPrompts,
  listResources,
  listTools,
  log,
  loop,
  match,
  mix,
  notify,
  pace,
  parallel,
  ping,
  readResource,
  reconnect,
  subscribe,
  think,
  unsubscribe,
]

const byName = new Map(stepTypes.map((type) => [type.name, type]))

/** The names of all steps, as a pack writes them. */
export const stepNames: readonly string[] = [...byName.keys()]

export const stepNamed = (name: string): StepType | undefined => byName.get(name)
