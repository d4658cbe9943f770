import { identifierName, isKeyword, type Token } from '@squall/snowflake-sql'
import { readName } from './described-object.ts'
import { objectionToContainer, objectionToName, type ObjectRules } from './allowed-name.ts'
import { touches } from './object-pattern.ts'
import { shownKind } from './show-rules.ts'
import type { Objection } from './verdict.ts'

/** What is listed of the account itself. Names of databases are no secret: the role hides those it may not use. */
const ofAccount = new Set(['DATABASES', 'PARAMETERS', 'REGIONS', 'ROLES', 'WAREHOUSES'])
/** What is listed of a database, a schema or a table. */
const ofDatabases = new Set([
  'COLUMNS',
  'DYNAMIC TABLES',
  'EVENT TABLES',
  'EXTERNAL TABLES',
  'HYBRID TABLES',
  'ICEBERG TABLES',
  'IMPORTED KEYS',
  'MATERIALIZED VIEWS',
  'OBJECTS',
  'PRIMARY KEYS',
  'SEMANTIC VIEWS',
  'TABLES',
  'UNIQUE KEYS',
  'VIEWS',
])

/** Judges where SHOW looks: only within what is allowed as a whole, as it lists all there is. */
export function objectionToScope(tokens: readonly Token[], rules: ObjectRules): Objection | undefined {
  const kind = shownKind(tokens)
  if (kind !== undefined && ofAccount.has(kind)) return undefined
  const inAt = tokens.findIndex((token) => isKeyword(token, 'IN'))
  const objection =
    kind === 'SCHEMAS'
      ? objectionToSchemas(tokens, inAt, rules)
      : kind !== undefined && ofDatabases.has(kind)
        ? objectionToPlace(kind, tokens, inAt, rules)
        : { reason: 'This may list objects that are not allowed.', hint: 'Show the tables or views of a schema that is allowed.' }
  return objection && { position: tokens[Math.max(inAt, 0)]?.offset ?? 0, ...objection }
}

/** Names of schemas may be listed where something in the database is allowed. */
function objectionToSchemas(tokens: readonly Token[], inAt: number, { allowed, place }: ObjectRules): Objection | undefined {
  const nameAt = isKeyword(tokens[inAt + 1], 'DATABASE') && identifierName(tokens[inAt + 2]) !== undefined ? inAt + 2 : inAt + 1
  const { parts } =
    inAt < 0 || isKeyword(tokens[nameAt], 'DATABASE') ? { parts: [place.database ?? ''] } : readName(tokens, nameAt)
  const isAccount = isKeyword(tokens[nameAt], 'ACCOUNT')
  if (!isAccount && parts.length === 1 && touches(allowed, parts)) return undefined
  return { reason: 'The schemas of this database may not be listed.', hint: 'Show the schemas of a database that is allowed.' }
}

function objectionToPlace(kind: string, tokens: readonly Token[], inAt: number, rules: ObjectRules): Objection | undefined {
  const { place } = rules
  const word = tokens[inAt + 1]
  const { parts } = readName(tokens, inAt + 2)
  if (inAt < 0) return objectionToHere(rules)
  if (isKeyword(word, 'ACCOUNT', 'APPLICATION'))
    return { reason: 'The whole account may not be listed.', hint: 'Show a schema that is allowed.' }
  if (isKeyword(word, 'TABLE', 'VIEW')) return objectionToName(parts, rules)
  if (isKeyword(word, 'DATABASE'))
    return objectionToContainer(parts.length > 0 ? parts : [place.database ?? ''], 'DATABASE', rules)
  if (isKeyword(word, 'SCHEMA')) return parts.length > 0 ? objectionToContainer(parts, 'SCHEMA', rules) : objectionToHere(rules)
  return objectionToBare(kind, readName(tokens, inAt + 1).parts, rules)
}

/** Without IN it is the current schema; where there is none the current database, and else the account. */
function objectionToHere(rules: ObjectRules): Objection | undefined {
  const { database, schema } = rules.place
  return objectionToContainer([database ?? '', schema ?? ''], 'SCHEMA', rules)
}

/** `IN x` may be a schema or a database, and `IN x.y` a schema or, for columns and keys, a table: all it may be must be allowed. */
function objectionToBare(kind: string, parts: readonly string[], rules: ObjectRules): Objection | undefined {
  const mayBeTable = /COLUMNS|KEYS/.test(kind)
  if (parts.length === 3 && mayBeTable) return objectionToName(parts, rules)
  const asSchema = objectionToContainer(parts, 'SCHEMA', rules)
  const asDatabase = parts.length === 1 ? objectionToContainer(parts, 'DATABASE', rules) : undefined
  return asSchema ?? asDatabase ?? (mayBeTable ? objectionToName(parts, rules) : undefined)
}
