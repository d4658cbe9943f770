import { isKeyword, type Token } from '@squall/snowflake-sql'
import { objectionToQuery } from './query-rules.ts'
import type { FunctionRules } from './call-rules.ts'
import type { Objection } from './verdict.ts'

/**
 * What SHOW may list. Left out on purpose: the transactions and locks of all who use this server, variables of the session, tokens
 * and credentials. Source: https://docs.snowflake.com/en/sql-reference/sql/show.
 */
const kinds: ReadonlySet<string> = new Set(
  `AGGREGATION POLICIES, ALERTS, APPLICATIONS, CATALOG INTEGRATIONS, CLASSES, COLUMNS, COMPUTE POOLS, CONNECTIONS,
  CORTEX SEARCH SERVICES, DATA METRIC FUNCTIONS, DATABASE ROLES, DATABASES, DATASETS, DYNAMIC TABLES, EVENT TABLES,
  EXTERNAL FUNCTIONS, EXTERNAL TABLES, EXTERNAL VOLUMES, FAILOVER GROUPS, FILE FORMATS, FUNCTIONS, GIT REPOSITORIES, GRANTS,
  HYBRID TABLES, ICEBERG TABLES, IMPORTED KEYS, INDEXES, INTEGRATIONS, LISTINGS, MASKING POLICIES, MATERIALIZED VIEWS, MODELS,
  NETWORK POLICIES, NETWORK RULES, NOTEBOOKS, NOTIFICATION INTEGRATIONS, OBJECTS, PARAMETERS, PASSWORD POLICIES, PIPES,
  PRIMARY KEYS, PROCEDURES, PROJECTION POLICIES, REGIONS, REPLICATION DATABASES, REPLICATION GROUPS, RESOURCE MONITORS, ROLES,
  ROW ACCESS POLICIES, SCHEMAS, SECURITY INTEGRATIONS, SEMANTIC DIMENSIONS, SEMANTIC FACTS, SEMANTIC METRICS, SEMANTIC VIEWS,
  SEQUENCES, SERVICES, SESSION POLICIES, SHARES, STAGES, STORAGE INTEGRATIONS, STREAMLITS, STREAMS, TABLES, TAGS, TASKS,
  UNIQUE KEYS, USER FUNCTIONS, USER PROCEDURES, USERS, VERSIONS, VIEWS, WAREHOUSES`.split(/,\s+/),
)
const mostWords = 3

/** The kind of things a SHOW statement lists, as in `kinds`; nothing for any other. */
export function shownKind(tokens: readonly Token[]): string | undefined {
  const start = isKeyword(tokens[1], 'TERSE') ? 2 : 1
  const words = tokens.slice(start, start + mostWords).map(({ kind, text }) => (kind === 'word' ? text.toUpperCase() : ''))
  // Longer names first: EXTERNAL TABLES is not TABLES, nor USER FUNCTIONS the kind USER.
  const names = words.map((_, at) => words.slice(0, words.length - at).join(' '))
  return names.find((name) => kinds.has(name))
}

/** SHOW lists known kinds of things, in which nothing is called or hidden. */
export function objectionToShow(tokens: readonly Token[], functions?: FunctionRules): Objection | undefined {
  if (shownKind(tokens) !== undefined) return objectionToQuery(tokens, functions)
  const hint = 'Show databases, schemas, tables, views, columns, functions, warehouses or the like.'
  return { reason: 'SHOW of this is not known to be harmless.', hint, position: tokens[1]?.offset ?? tokens[0]?.offset ?? 0 }
}
