import { ScriptedServer, type Fault, type SeenRequest } from '@squall/testing'
import { onTestFinished } from 'vitest'

const id = { type: 'integer', minimum: 1 }
const object = (properties: object, required: readonly string[] = []): object => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})

/** Two pages of tools: one that reads by its hint, one by its name, one that fails, two that must not be called. */
const pages: readonly (readonly object[])[] = [
  [
    {
      name: 'find_book',
      description: 'Finds a book.',
      inputSchema: object({ id, lang: { enum: ['en', 'de'] } }, ['id']),
      annotations: { readOnlyHint: true },
    },
    { name: 'list_books', description: 'Lists books.', inputSchema: object({ limit: id }) },
    { name: 'read_page', inputSchema: object({ page: id }, ['page']) },
  ],
  [
    { name: 'burn_book', inputSchema: object({ id }, ['id']), annotations: { destructiveHint: true } },
    { name: 'lend_book', inputSchema: object({ id }, ['id']) },
  ],
]

/** A server of books, gone with the test. */
export async function startShelf(): Promise<ScriptedServer> {
  const server = await ScriptedServer.start({
    tools: Object.fromEntries(['find_book', 'list_books', 'burn_book', 'lend_book'].map((name) => [name, () => `${name}!`])),
    fault: listPages,
  })
  onTestFinished(() => server[Symbol.asyncDispose]())
  return server
}

function listPages({ method, params }: SeenRequest): Fault | undefined {
  if (method !== 'tools/list') return undefined
  const page = Number(params['cursor'] ?? 0)
  return { result: { tools: pages[page] ?? [], ...(page + 1 < pages.length && { nextCursor: String(page + 1) }) } }
}
