import { z } from 'zod'
import type { WithReader } from '../snowflake/reader.ts'
import { parseArguments } from './parse-arguments.ts'

/** What a tool may use while it runs. */
interface ToolWork {
  readonly requestId: string
  readonly withReader: WithReader
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
  run(args: z.output<Input>, work: ToolWork): Promise<ToolAnswer & { readonly structured: z.input<Output> }>
}

/** A tool as `tools/list` shows it. */
export interface ToolDescriptor {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly inputSchema: JsonObjectSchema
  readonly outputSchema: JsonObjectSchema
  readonly annotations: Readonly<Record<string, boolean | string>>
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
      outputSchema: toJsonSchema(output, 'output'),
      annotations: { title, readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    }),
    prepare(args) {
      const parsed = parseArguments(definition, args)
      return (work) => definition.run(parsed, work)
    },
  }
}

function toJsonSchema(schema: z.ZodObject, io: 'input' | 'output'): JsonObjectSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    override({ zodSchema, jsonSchema }) {
      // Zod leaves out the default of whatever is transformed; here the value given is of the same type as the value used.
      if (zodSchema._zod.def.type === 'default') jsonSchema.default = zodSchema._zod.def.defaultValue
    },
  })
  // A ZodObject always becomes a schema of type object.
  return rest as JsonObjectSchema
}
