/** How the server names itself to clients. */
export interface ServerInfo {
  readonly name: string
  readonly title: string
  readonly version: string
}

/** What a client's model is told about the server as a whole. */
export const instructions =
  'Read-only access to Snowflake. list_databases, then list_views, shows what there is; describe_view gives columns; ' +
  'query_view gives sample rows; execute_query runs SQL that only reads. Every error says how to mend the call.'
