import type { Json } from '@squall/load-plan'
import type { McpRequest } from '@squall/mcp-wire'
import type { z } from 'zod'
import type { ReplyCheck } from '../reply-checks.ts'
import type { JsonTemplate } from '../templates/json-template.ts'
import type { TextTemplate } from '../templates/text-template.ts'
import type { TemplateScope } from '../templates/template-scope.ts'

/** One client on its way through its flow, as the steps see it. */
export interface FlowRun extends TemplateScope {
  /** When this iteration should have started. */
  readonly intendedMs: number
  /** When the next call became due, on the monotonic clock: its response time counts from here. */
  readonly dueMs: number
  /** Set by `pace`. */
  nextIntendedMs: number | undefined
  /** True once the rest of the iteration makes no sense: the run ended, or there is no session left. */
  readonly isOver: boolean
  /** Makes one recorded call. */
  call(site: CallSite): Promise<void>
  /** Leaves as the client's kind does, and comes back as a new session. */
  reopen(): Promise<void>
  /** Waits until then, or until the run ends; the next call is due then. */
  waitUntil(dueMs: number): Promise<void> | undefined
  log(text: string): void
}

/** A place in a flow that makes a call; compiled once, shared by all clients. */
export interface CallSite {
  readonly method: string
  /** The tool, the prompt or the resource; it names the numbers of a tool, and the modern era repeats it in a header. */
  readonly name?: TextTemplate
  readonly params: JsonTemplate
  /** The request itself where nothing in it varies. */
  readonly fixedRequest?: McpRequest
  readonly checks: readonly ReplyCheck[]
  /** For observers of calls. */
  readonly expect?: Json
}

/** A step ready to run. What it returns is awaited before the next step. */
export type CompiledStep = (run: FlowRun) => Promise<void> | undefined

/** A step found inside a step, with its place below that one: `.loop[0]`. */
export interface NestedStep {
  readonly place: string
  readonly step: unknown
}

/** One kind of step: what may stand in a pack, and what it does. */
export interface StepType<V = unknown> {
  readonly name: string
  /** Of the whole step: `{ loop: […], count: 5 }`. */
  readonly schema: z.ZodType<V>
  /** True where the step makes sense only at the top of a flow, once. */
  readonly onlyOnceAtTop?: boolean
  /** Steps within, whether or not the rest of the step is right, so that all mistakes are found at once. */
  readonly nested?: (step: Readonly<Record<string, unknown>>) => readonly NestedStep[]
  readonly compile: (step: V, compileFlow: (flow: readonly Json[]) => CompiledStep) => CompiledStep
}

/** Keeps a step type's own value type while it is defined, and forgets it for the table. */
export function defineStep<V>(type: StepType<V>): StepType {
  // Sound because `compile` is only ever handed what the same type's `schema` returned.
  return type as StepType
}
