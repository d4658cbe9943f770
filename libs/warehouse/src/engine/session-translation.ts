import type { Token } from '@squall/snowflake-sql'
import { mayEnter } from '../access/require-privilege.ts'
import { isTemporary, type Catalog } from '../catalog/catalog.ts'
import { renderDdl } from '../catalog/render-ddl.ts'
import { informationSchemaRelation } from '../catalog/information-schema.ts'
import { historyRelation } from '../history/history-relation.ts'
import { parseObjectName } from '../translate/object-name.ts'
import { quoteName } from '../translate/quote.ts'
import type { ObjectName, Relation, TranslationSession } from '../translate/scope.ts'
import { toBindLiteral } from './bind-literal.ts'
import type { Bind } from './engine.ts'
import { qualify, requireDatabase, requireSchema, requireTable } from './name-resolution.ts'
import type { SessionState } from './session-state.ts'
import { doesNotExist, statementNotFound, unsetVariable, unsupportedFeature } from './snowflake-errors.ts'
import type { EngineParts } from './statement-frame.ts'
import { toValuesRelation } from './values-relation.ts'

/** What translating a statement found out that its execution must heed. */
export interface TranslationDemands {
  delaySeconds: number
  readsInformationSchema: boolean
}

export interface BindSource {
  readonly binds: readonly Bind[]
  /** Which element of binds that are arrays. */
  readonly row: number
  /** The statement's tokens, in which each `?` has its number. */
  readonly tokens: readonly Token[]
}

/** The view a translation has of a session. */
export function createTranslationSession(
  session: SessionState,
  parts: Pick<EngineParts, 'catalog' | 'results' | 'history'>,
  source: BindSource,
  demands: TranslationDemands,
): TranslationSession {
  const { catalog } = parts
  return {
    context: session,
    sessionId: session.id,
    hasSecondaryRoles: session.hasSecondaryRoles,
    availableRoles: () => session.access.rolesOf(session.user).map(({ name }) => name),
    lastQueryId: (position) => session.queries.at(position),
    resultScan: (queryId, token) => scanResult(queryId, token, session, parts),
    queryHistory: (request) => historyRelation(request, session, parts.history),
    transactionId: session.transaction?.id ?? null,
    resolveRelation: (name) => resolveRelation(name, session, catalog, demands),
    variableLiteral: (name, token) => {
      const variable = session.variables.get(name)
      if (!variable) throw unsetVariable(name, token)
      return variable.literal
    },
    bindLiteral: (token) => toBindLiteral(source.binds[bindIndex(token, source.tokens)], source.row, token),
    objectDdl: (kind, name, token) => renderObjectDdl(kind, parseObjectName(name, token), session, catalog),
    delayStatement: (seconds) => {
      demands.delaySeconds += seconds
    },
  }
}

/** The rows of an earlier statement of the same user. Throws 000709 where there are none, or where they are another's. */
function scanResult(queryId: string, token: Token, { user }: SessionState, { results }: Pick<EngineParts, 'results'>): Relation {
  const kept = results.get(queryId)
  if (kept?.user !== user) throw statementNotFound(queryId, token)
  const { rowCount, columns, batches } = kept.result
  if (rowCount * columns.length > mostScannedCells) throw unsupportedFeature(`RESULT_SCAN of ${rowCount} rows`, token)
  return toValuesRelation('RESULT_SCAN', columns, batches())
}

/** What is scanned becomes part of the statement's text. */
const mostScannedCells = 1_000_000

/** `:3` is the third value; each `?` takes the value of its turn. */
function bindIndex(token: Token, tokens: readonly Token[]): number {
  if (token.text !== '?') return Number(token.text.slice(1)) - 1
  return tokens.filter(({ text, offset, kind }) => kind === 'bind' && text === '?' && offset < token.offset).length
}

function resolveRelation(name: ObjectName, session: SessionState, catalog: Catalog, demands: TranslationDemands): Relation {
  const full = qualify(name, session, 'SELECT')
  if (full.schema === 'INFORMATION_SCHEMA') {
    requireDatabase(catalog, full.database, name.token)
    if (!mayEnter(session, full.database)) throw doesNotExist('Database', full.database, name.token)
    demands.readsInformationSchema = true
    return informationSchemaRelation(full.database, full.name, name.token)
  }
  const table = requireTable(catalog, session, name, 'SELECT')
  return { sql: table.duckName, ...(isTemporary(table) && { alias: `AS ${quoteName(table.name)}` }) }
}

function renderObjectDdl(kind: string, name: ObjectName, session: SessionState, catalog: Catalog): string {
  if (kind === 'DATABASE') return renderDdl.database(requireDatabase(catalog, name.parts.at(-1) ?? '', name.token))
  if (kind === 'SCHEMA') {
    const [schema = '', database = session.database ?? ''] = name.parts.toReversed()
    return renderDdl.schema(requireSchema(catalog, database, schema, name.token))
  }
  const table = requireTable(catalog, session, name, 'GET_DDL', kind === 'VIEW' ? 'View' : 'Table')
  return renderDdl.table(table)
}
