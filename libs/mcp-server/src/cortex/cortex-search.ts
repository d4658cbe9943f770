import { parseObjectName } from '@squall/sql-policy'
import { z } from 'zod'
import { toText } from '../tools/object-name.ts'
import { defineTool, type Tool } from '../tools/tool.ts'
import { failure, type CortexClient } from './cortex-client.ts'

const longestQuery = 10_000
const mostResults = 100
const expectedLimit = `a whole number from 1 to ${mostResults}`
const column = z.string('names of columns as text').max(300, 'names of at most 300 characters')

/** As the service answers: https://docs.snowflake.com/en/user-guide/snowflake-cortex/cortex-search/query-cortex-search-service */
const replySchema = z.object({ results: z.array(z.record(z.string(), z.json())), request_id: z.string().optional() })

/** A tool that searches the operator's Cortex Search services. */
export function cortexSearch(client: CortexClient, services: readonly [string, ...string[]]): Tool {
  const [first] = services
  const description = `Searches text by meaning and words, in: ${services.join(', ')}.`
  return defineTool({
    name: 'cortex_search',
    title: 'Search text',
    description,
    annotations: { openWorldHint: true },
    input: z.strictObject({
      query: z.string('what to look for, as text').max(longestQuery, `text of at most ${longestQuery} characters`),
      service: z.enum(services, `one of ${services.join(', ')}`).default(first),
      columns: z
        .array(column, 'a list of columns')
        .max(50, 'at most 50 columns')
        .optional()
        .meta({ description: 'To give back; default the text searched' }),
      limit: z.int(expectedLimit).min(1, expectedLimit).max(mostResults, expectedLimit).default(10),
    }),
    output: z.object({ service: z.string(), results: z.array(z.any()), requestId: z.string() }),
    missingArguments: 'query parameter is required',
    failurePrefix: 'Error searching',
    async run({ query, service, columns, limit }, { requestId, signal }) {
      const body = { query, limit, ...(columns !== undefined && { columns }) }
      const reply = replySchema.safeParse(await client.post(searchPath(service), body, signal))
      if (!reply.success) throw failure('the answer holds no results')
      const { results } = reply.data
      return { text: render(results, requestId), structured: { service, results, requestId } }
    },
  })
}

function searchPath(service: string): string {
  const [database = '', schema = '', name = ''] = parseObjectName(service, 'service').map((part) =>
    encodeURIComponent(toText(part)),
  )
  return `/api/v2/databases/${database}/schemas/${schema}/cortex-search-services/${name}:query`
}

function render(results: readonly Readonly<Record<string, unknown>>[], requestId: string): string {
  if (results.length === 0) return 'Nothing found.'
  const items = results.map((result, index) => {
    const facts = Object.entries(result).map(
      ([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    )
    return `### ${index + 1}\n${facts.join('\n')}`
  })
  return `## Found ${results.length}\n\nRequest ID: ${requestId}\n\n${items.join('\n\n')}\n`
}
