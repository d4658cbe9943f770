import { z } from 'zod'
import { mostRows } from '../tools/arguments.ts'

/** The kinds of values a parameter may take. */
export const parameterTypes = ['string', 'integer', 'number', 'boolean', 'date'] as const

const parameterName = /^[a-z][a-z0-9_]{0,63}$/
const toolName = /^[a-z][a-z0-9_]{2,63}$/
const longestDescription = 2000
const value = z.union([z.string(), z.number(), z.boolean()])

const parameterSchema = z.strictObject({
  name: z.string().regex(parameterName, 'a name of small letters, digits and _'),
  type: z.enum(parameterTypes, `one of ${parameterTypes.join(', ')}`),
  description: z.string().min(1).max(longestDescription),
  /** Whether a call must give it; where neither that nor a default, NULL stands in. */
  required: z.boolean().default(true),
  default: value.optional(),
  /** The only values it may take. */
  enum: z.array(value).min(1).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  maxLength: z.int().min(1).max(100_000).default(1000),
})

/** A tool as an operator writes it. */
export const ownToolSchema = z.strictObject({
  name: z.string().regex(toolName, 'a name of three or more small letters, digits and _'),
  title: z.string().min(1).max(200).optional(),
  description: z
    .string()
    .min(20, 'at least 20 characters that tell a model what it gives and when to use it')
    .max(longestDescription),
  /** For names the SQL does not qualify. */
  database: z.string().optional(),
  schema: z.string().optional(),
  parameters: z.array(parameterSchema).max(50).default([]),
  /** One statement that only reads, with parameters as `:name`. */
  sql: z.string().min(1).max(200_000),
  limit: z.int().min(1).max(mostRows).default(100),
})

export const ownToolsSchema = z.strictObject({ tools: z.array(z.unknown()).min(1, 'at least one tool') })

export type OwnTool = z.output<typeof ownToolSchema>
export type OwnParameter = z.output<typeof parameterSchema>
