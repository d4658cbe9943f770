import { z } from 'zod'
import type { LoggedQuery } from '../queries/query-log.ts'
import type { StoredResult } from '../results/result-store.ts'
import type { WithReader } from '../snowflake/reader.ts'
import { parseArguments } from './parse-arguments.ts'

/** What a tool may use while it runs. */
export interface ToolWork {
  readonly requestId: string
  /** Aborts when the call is cancelled, or its client is gone. */
  readonly signal: AbortSignal
  readonly withReader: WithReader
  /** Results the caller may read on, and nobody else. */
  readonly results: OwnResults
  /** Queries of the caller, running or lately ended, and of nobody else. */
  readonly queries: OwnQueries
  /** How many rows of one result may be read in all. */
  readonly maxPagedRows: number
  /**
   * Starts work that goes on after the call was answered, until it ends or its query is cancelled; it may take longer than a call.
   * How it ended is known to `queries` by the id of this request.
   * @throws CodedError MCP_TOO_MANY_BACKGROUND
   */
  inBackground(work: (withReader: WithReader) => Promise<void>): void
}

export interface OwnResults {
  put(result: StoredResult): string
  get(handle: string): StoredResult | undefined
  update(handle: string, result: StoredResult): void
}

export interface OwnQueries {
  /** By the id of the request or of a statement. */
  find(id: string): LoggedQuery | undefined
  running(): readonly LoggedQuery[]
}

/** What a tool found: text for people and models, and the same as data. */
interface ToolAnswer {
  readonly text: string
  readonly structured: Readonly<Record<string, unknown>>
}

/** A tool as its own file states it. */
export interface ToolDefinition<Input extends z.ZodObject, Output extends z.ZodObject> {
  readonly name: string
  readonly title: string
  /** Written for a model: what it gives, when to use it, and what to do when it fails. */
  readonly description: string
  readonly input: Input
  readonly output: Output
  /** Says which arguments are required, in the words of the original server. */
  readonly missingArguments?: string
  /** How the text of a failure begins. */
  readonly failurePrefix: string
  /** Where a tool is not what almost all are: it only reads, and knows nothing beyond one account. */
  readonly annotations?: Partial<ToolAnnotations>
  run(args: z.output<Input>, work: ToolWork): Promise<ToolAnswer & { readonly structured: z.input<Output> }>
}

/** What a client may assume of a tool, in the protocol's words; the last two mean something only where `readOnlyHint` is false. */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean
  readonly openWorldHint: boolean
  readonly idempotentHint: boolean
  readonly destructiveHint: boolean
}

const reading = { readOnlyHint: true, openWorldHint: false } as const

/** A tool as `tools/list` shows it. */
export interface ToolDescriptor {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly inputSchema: JsonObjectSchema
  readonly outputSchema: JsonObjectSchema
  readonly annotations: Partial<ToolAnnotations>
}

interface JsonObjectSchema {
  readonly type: 'object'
  readonly [keyword: string]: unknown
}

/** A tool as the server uses it. */
export interface Tool {
  readonly descriptor: ToolDescriptor
  readonly failurePrefix: string
  /**
   * Checks arguments and gives back the work to do.
   * @throws CodedError MCP_BAD_ARGUMENTS with every problem at once.
   */
  prepare(args: unknown): (work: ToolWork) => Promise<ToolAnswer>
}

/** Makes a tool of its definition: the schemas become JSON Schema once, and arguments are checked before anything runs. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: ToolDefinition<Input, Output>,
): Tool {
  const { name, title, description, input, output, failurePrefix } = definition
  return {
    failurePrefix,
    descriptor: Object.freeze({
      name,
      title,
      description,
      inputSchema: toJsonSchema(input, 'input'),
      outputSchema: toJsonSchema(output, 'output', [...saidByAll, ...Object.keys(input.shape)]),
      annotations: { ...reading, ...definition.annotations },
    }),
    prepare(args) {
      const parsed = parseArguments(definition, args)
      return (work) => definition.run(parsed, work)
    },
  }
}

/** What every answer may hold; beside it, an answer repeats the arguments it answers. */
const saidByAll = ['requestId', 'queryId', 'cutCells']

/**
 * The schema as models read it, with each of their requests, so in as few words as it takes. Lengths are checked all the same.
 * Of an answer it states the properties it may have, and not which of them it must.
 * @param unsaid properties that need no saying
 */
function toJsonSchema(schema: z.ZodObject, io: 'input' | 'output', unsaid: readonly string[] = []): JsonObjectSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    override({ zodSchema, jsonSchema, path }) {
      // Zod leaves out the default of whatever is transformed; here the value given is of the same type as the value used.
      if (zodSchema._zod.def.type === 'default') jsonSchema.default = zodSchema._zod.def.defaultValue
      const stated = z.globalRegistry.get(zodSchema)?.['default']
      if (stated !== undefined) jsonSchema.default = stated as string
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
      delete jsonSchema.maxLength
      delete jsonSchema.pattern
      if (io === 'input') return
      delete jsonSchema.additionalProperties
      delete jsonSchema.required
      if (path.length > 0 || jsonSchema.properties === undefined) return
      const properties = Object.entries(jsonSchema.properties).filter(([name]) => !unsaid.includes(name))
      jsonSchema.properties = Object.fromEntries(properties)
    },
  })
  // A ZodObject always becomes a schema of type object.
  return rest as JsonObjectSchema
}
