import { defaultToolGroups, toolGroups } from '@squall/mcp-server'
import { httpUrl, listOf, path, setting, settingWithDefault, text, textList, wholeNumber } from './setting.ts'

const milliseconds = wholeNumber(1, 86_400_000)

/** Which tools there are, and how much they give. */
export const toolSettings = {
  maxRows: settingWithDefault(wholeNumber(1, 10_000), 10_000, {
    key: 'limits.maxRows',
    option: '--max-rows',
    variable: 'SQUALL_MCP_MAX_ROWS',
    about: 'Rows in one answer, whatever limit a call asks for',
    example: '10000',
  }),
  maxResultBytes: settingWithDefault(wholeNumber(1024, 104_857_600), 1_048_576, {
    key: 'limits.maxResultBytes',
    option: '--max-result-bytes',
    variable: 'SQUALL_MCP_MAX_RESULT_BYTES',
    about: 'Size of the rows in one answer',
    example: '1048576',
  }),
  maxCellChars: settingWithDefault(wholeNumber(100, 16_777_216), 65_536, {
    key: 'limits.maxCellChars',
    option: '--max-cell-chars',
    variable: 'SQUALL_MCP_MAX_CELL_CHARS',
    about: 'Characters of one cell; longer ones are cut, and the answer says so',
    example: '65536',
  }),
  maxPagedRows: settingWithDefault(wholeNumber(1, 100_000_000), 100_000, {
    key: 'limits.maxPagedRows',
    option: '--max-paged-rows',
    variable: 'SQUALL_MCP_MAX_PAGED_ROWS',
    about: 'Rows of one result that can be read page by page',
    example: '100000',
  }),
  maxBackgroundQueries: settingWithDefault(wholeNumber(0, 1000), 2, {
    key: 'limits.maxBackgroundQueries',
    option: '--max-background-queries',
    variable: 'SQUALL_MCP_MAX_BACKGROUND_QUERIES',
    about:
      'Queries that run on after their call was answered; each holds a session in Snowflake, and one is always left for calls',
    example: '2',
  }),
  backgroundTimeoutMs: settingWithDefault(milliseconds, 600_000, {
    key: 'limits.backgroundTimeoutMs',
    option: '--background-timeout-ms',
    variable: 'SQUALL_MCP_BACKGROUND_TIMEOUT_MS',
    about: 'A query in the background that takes longer is cancelled in Snowflake',
    example: '600000',
  }),
  tools: settingWithDefault(listOf(toolGroups), defaultToolGroups, {
    key: 'tools.groups',
    option: '--tools',
    variable: 'SQUALL_MCP_TOOLS',
    about: `Groups of tools that are offered, of ${toolGroups.join(', ')}`,
    example: 'discovery,query',
  }),
  ownTools: setting(path, {
    key: 'tools.ownFile',
    option: '--own-tools',
    variable: 'SQUALL_MCP_OWN_TOOLS',
    about: 'YAML or JSON file with tools of your own (docs/own-tools.md)',
    example: '/etc/snowflake-mcp/tools.yaml',
  }),
  cortexSearch: setting(textList, {
    key: 'cortex.search',
    option: '--cortex-search',
    variable: 'SQUALL_MCP_CORTEX_SEARCH',
    about: 'Cortex Search services to offer, the first by default (docs/cortex.md)',
    example: 'DOCS.PUBLIC.HANDBOOK_SEARCH',
  }),
  cortexAnalyst: setting(text, {
    key: 'cortex.analyst',
    option: '--cortex-analyst',
    variable: 'SQUALL_MCP_CORTEX_ANALYST',
    about: 'Semantic view, or model file on a stage, that Cortex Analyst answers from (docs/cortex.md)',
    example: 'SALES.PUBLIC.REVENUE',
  }),
  cortexUrl: setting(httpUrl, {
    key: 'cortex.url',
    option: '--cortex-url',
    variable: 'SQUALL_MCP_CORTEX_URL',
    about: 'Address of the Cortex services, where it is not that of the account',
    example: 'https://myorg-myaccount.snowflakecomputing.com',
  }),
} as const
