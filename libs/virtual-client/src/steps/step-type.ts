import type { Json } from '@squall/load-plan'
import type { JsonObject, McpRequest } from '@squall/mcp-wire'
import type { Timer } from '@squall/time'
import type { z } from 'zod'
import type { CallPlace } from '../call-recorder.ts'
import type { Condition } from '../conditions.ts'
import type { DurationRange } from '../duration.ts'
import type { Pending } from '../later.ts'
import type { PackFunctions } from '../pack-functions.ts'
import type { ReplyCheck } from '../reply-checks.ts'
import type { JsonTemplate } from '../templates/json-template.ts'
import type { TextTemplate } from '../templates/text-template.ts'
import type { TemplateScope } from '../templates/template-scope.ts'

/** One client on its way through its flow, as the steps see it. */
export interface FlowRun extends TemplateScope {
  /** When this iteration should have started. */
  readonly intendedMs: number
  /** On the monotonic clock. */
  readonly nowMs: number
  /** When the next call became due, on the monotonic clock: its response time counts from here. */
  dueMs: number
  /** Set by `pace`. */
  nextIntendedMs: number | undefined
  /** True once the rest of the iteration makes no sense: the run ended, or there is no session left. */
  readonly isOver: boolean
  /** Aborts when the run ends. */
  readonly signal: AbortSignal
  /** How many calls the client's kind has under way at once. */
  readonly parallelCalls: number
  /** Makes one recorded call. */
  call(site: CallSite): Pending
  /**
   * Makes one recorded call of a tool that nobody knew beforehand, on behalf of a place in the flow.
   * @returns its result, or undefined where it failed.
   */
  callTool(site: CallSite, tool: string, args: Readonly<Record<string, Json>>): Promise<JsonObject | undefined>
  /**
   * Begins or ends to hear of a resource, as the era does.
   * @param site the request of the legacy era.
   */
  subscribe(site: CallSite, uri: string, wanted: boolean): Promise<void>
  /** Tells the server something; only a refusal is recorded, under the place's method. */
  notify(place: CallPlace, paramsJson: string): Promise<void>
  /** Leaves as the client's kind does, and comes back as a new session. */
  reopen(): Promise<void>
  /** Breaks the push stream and opens it again. */
  resumeStream(): void
  /** Time was spent on what is no call: the next call is due now. */
  wasBusy(): void
  /** Another walker through the same iteration, which keeps its own account of when its calls are due. */
  fork(): FlowRun
  /** Ends the iteration, also for those who walk through it beside this one. */
  breakOff(): void
  /** Records that a function of the user's threw, and ends the iteration. */
  functionFailed(name: string, error: unknown): void
  /** How long the plan waits for anything, in milliseconds. */
  readonly patienceMs: number
  /** Calls back after so long. */
  after(delayMs: number, callback: () => void): Timer
  /** Waits until then, or until the run ends; the next call is due then. */
  waitUntil(dueMs: number): Pending | undefined
  log(text: string): void
}

/** A place in a flow that makes a call; compiled once, shared by all clients. */
export interface CallSite {
  readonly method: string
  /** The tool, the prompt or the resource; it names the numbers of a tool, and the modern era repeats it in a header. */
  readonly name?: TextTemplate
  /** The key in the parameters of a name that varies. `params` is without it then, so that chance is asked for it only once. */
  readonly nameKey?: 'name' | 'uri'
  readonly params: JsonTemplate
  /** The request itself where nothing in it varies. */
  readonly fixedRequest?: McpRequest
  readonly checks: readonly ReplyCheck[]
  readonly wantsProgress?: boolean
  /** When to lose interest in an answer; the call is then cancelled, and that is no failure. */
  readonly cancelAfter?: DurationRange
  /** For observers of calls. */
  readonly expect?: Json
}

/** A step ready to run. What it returns is awaited before the next step. */
export type CompiledStep = (run: FlowRun) => Pending | undefined

/** A step found inside a step, with its place below that one: `.loop[0]`. */
export interface NestedStep {
  readonly place: string
  readonly step: unknown
}

/** Compiles what stands inside a step. */
export interface FlowCompiler {
  /** Of the pack's processor. */
  readonly functions: PackFunctions
  /** @param checks what looks at the answer of the last step, if that makes a call. */
  flow(steps: readonly Json[], checks?: readonly ReplyCheck[]): CompiledStep
  condition(expression: string): Condition
}

/** One kind of step: what may stand in a pack, and what it does. */
export interface StepType<V = unknown> {
  readonly name: string
  /** Of the whole step: `{ loop: […], count: 5 }`. */
  readonly schema: z.ZodType<V>
  /** Whether `match` and `capture` may follow: the step makes a call, or its last step inside does. */
  readonly makesCall?: boolean
  /** What the step looks for in the answer of the call before it; such a step does nothing else. */
  readonly toChecks?: (step: V) => readonly ReplyCheck[]
  /** Whether the steps within stand each for itself, instead of one behind the other. */
  readonly hasBranches?: boolean
  /** True where the step makes sense only at the top of a flow, once. */
  readonly onlyOnceAtTop?: boolean
  /** Steps within, whether or not the rest of the step is right, so that all mistakes are found at once. */
  readonly nested?: (step: Readonly<Record<string, unknown>>) => readonly NestedStep[]
  /** @param checks what steps behind this one look for in the answer of its last call. */
  readonly compile: (step: V, compiler: FlowCompiler, checks: readonly ReplyCheck[]) => CompiledStep
}

/** Keeps a step type's own value type while it is defined, and forgets it for the table. */
export function defineStep<V>(type: StepType<V>): StepType {
  // Sound because `compile` is only ever handed what the same type's `schema` returned.
  return type as StepType
}
