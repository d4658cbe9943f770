import type { Backend } from '@squall/mcp-server'

/** What serves as Snowflake, for the line that says where the server listens. */
export function describeBackend({ kind, account }: Pick<Backend, 'kind' | 'account'>): string {
  return kind === 'embedded' ? 'embedded Snowflake with sample data: no account is configured' : `account ${account}`
}
