import { setting, textList } from './setting.ts'

/** What statements may name, beyond what the read-only gate allows at all. */
export const policySettings = {
  allowedObjects: setting(textList, {
    key: 'policy.allowedObjects',
    option: '--allowed-objects',
    variable: 'SQUALL_MCP_ALLOWED_OBJECTS',
    about:
      'The only databases, schemas, tables and views that statements may name, with * for any letters (docs/securing-snowflake.md)',
    example: 'ANALYTICS_DB,SALES.PUBLIC,SALES.*.FACT_*',
  }),
  allowedFunctions: setting(textList, {
    key: 'policy.allowedFunctions',
    option: '--allowed-functions',
    variable: 'SQUALL_MCP_ALLOWED_FUNCTIONS',
    about:
      'Functions of the account that queries may call, by the names under which they are called; you vouch that they only read',
    example: 'SNOWFLAKE.CORTEX.*,UTIL.PUBLIC.TO_EUR',
  }),
} as const
