import { CodedError } from '@squall/errors'
import { parseObjectName } from '@squall/sql-policy'
import { mcpServerErrors } from '../errors.ts'
import { toText } from '../tools/object-name.ts'

/** A database, a schema, or a table or view, by its parts as Snowflake stores them. */
export type ResourceParts = readonly [database: string, schema?: string, object?: string]

const scheme = 'snowflake://'
const mostParts = 3
const longestUri = 3000

/** `snowflake://DB/SCHEMA/"My view"`, percent-encoded: names are written as SQL would write them. */
export function renderUri(parts: readonly string[]): string {
  return scheme + parts.map((part) => encodeURIComponent(toText(part))).join('/')
}

/**
 * Reads what `renderUri` writes, and what people write for it: names without quotes may be in any case.
 * @throws CodedError MCP_NO_SUCH_OBJECT for anything else.
 */
export function parseUri(uri: string): ResourceParts {
  const rest = uri.length <= longestUri && uri.startsWith(scheme) ? uri.slice(scheme.length).split('/') : []
  const parts = rest.map(readPart)
  const [database, schema, object] = parts
  if (database === undefined || parts.length > mostParts || parts.includes(undefined)) throw noSuchUri(uri)
  if (schema === undefined) return [database]
  return object === undefined ? [database, schema] : [database, schema, object]
}

function readPart(part: string): string | undefined {
  try {
    return parseObjectName(decodeURIComponent(part), 'uri', 1)[0]
  } catch {
    // Neither percent-encoded text nor a name: one message for both, made by the caller.
    return undefined
  }
}

function noSuchUri(uri: string): CodedError {
  const shown = uri.length > 100 ? `${uri.slice(0, 100)}…` : uri
  return new CodedError(mcpServerErrors.MCP_NO_SUCH_OBJECT, {
    message: `${shown} is not the address of a resource`,
    hint: 'Write snowflake://database/schema or snowflake://database/schema/table; names with other characters in double quotes, percent-encoded.',
  })
}
