/** How the server names itself to clients. */
export interface ServerInfo {
  readonly name: string
  readonly title: string
  readonly version: string
}

/** What a client's model is told about the server as a whole. */
export const instructions =
  'Read-only access to Snowflake. search_objects finds tables and views by name; list_databases, list_schemas, list_tables and list_views ' +
  'show what there is; describe_table and describe_view give columns; execute_query runs SQL that only reads, and read_result gives the ' +
  'rows behind a cursor. Every error says how to mend the call.'
