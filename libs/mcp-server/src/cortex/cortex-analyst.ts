import { z } from 'zod'
import { fence } from '../text/fence.ts'
import { defineTool, type Tool } from '../tools/tool.ts'
import { failure, type CortexClient } from './cortex-client.ts'

const longestQuestion = 10_000

/** What the analyst may say, one after the other; kinds nobody knows yet are left out. */
const partSchema = z.union([
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('sql'), statement: z.string() }),
  z.object({ type: z.literal('suggestions'), suggestions: z.array(z.string()) }),
])

/** As the service answers: https://docs.snowflake.com/en/user-guide/snowflake-cortex/cortex-analyst/rest-api */
const replySchema = z.object({
  message: z.object({ content: z.array(z.unknown()) }),
  warnings: z.array(z.object({ message: z.string() })).optional(),
})

/** What the analyst answers from: a semantic view by its name, or a model file on a stage. */
export type SemanticModel = { readonly view: string } | { readonly file: string }

/** A tool that turns questions into SQL by Cortex Analyst. The SQL is not run: execute_query does that, behind the gate. */
export function cortexAnalyst(client: CortexClient, model: SemanticModel): Tool {
  const source = 'view' in model ? { semantic_view: model.view } : { semantic_model_file: model.file }
  return defineTool({
    name: 'cortex_analyst',
    title: 'Ask the analyst',
    description: 'Turns a question in plain words into SQL, by the model an operator has made. Run the SQL with execute_query.',
    annotations: { openWorldHint: true },
    input: z.strictObject({
      question: z.string('a question as text').max(longestQuestion, `text of at most ${longestQuestion} characters`),
    }),
    output: z.object({
      text: z.string(),
      sql: z.string().optional(),
      suggestions: z.array(z.string()),
      warnings: z.array(z.string()),
      requestId: z.string(),
    }),
    missingArguments: 'question parameter is required',
    failurePrefix: 'Error asking the analyst',
    async run({ question }, { requestId, signal }) {
      const messages = [{ role: 'user', content: [{ type: 'text', text: question }] }]
      const body = { messages, stream: false, ...source }
      const reply = replySchema.safeParse(await client.post('/api/v2/cortex/analyst/message', body, signal))
      if (!reply.success) throw failure('the answer holds no message')
      const found = {
        ...readParts(reply.data.message.content),
        warnings: (reply.data.warnings ?? []).map(({ message }) => message),
      }
      return { text: render(found, requestId), structured: { ...found, requestId } }
    },
  })
}

interface Said {
  readonly text: string
  readonly sql?: string
  readonly suggestions: string[]
}

function readParts(content: readonly unknown[]): Said {
  const parts = content.flatMap((part) => partSchema.safeParse(part).data ?? [])
  const text = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n')
  const sql = parts.find((part) => part.type === 'sql')?.statement
  const suggestions = parts.flatMap((part) => (part.type === 'suggestions' ? part.suggestions : []))
  return { text, ...(sql !== undefined && { sql }), suggestions }
}

function render(
  { text, sql, suggestions, warnings }: Said & { readonly warnings: readonly string[] },
  requestId: string,
): string {
  return [
    ...(text === '' ? [] : [text]),
    ...(sql === undefined ? [] : [fence('sql', sql)]),
    ...(suggestions.length === 0
      ? []
      : [`Questions it can answer:\n${suggestions.map((question) => `- ${question}`).join('\n')}`]),
    ...warnings.map((warning) => `Warning: ${warning}`),
    `Request ID: ${requestId}`,
  ].join('\n\n')
}
