// What a JSON route costs on bare Fastify: it reads the request's JSON and writes the answer it was given for the tool called.
import { exitCodes } from '@squall/errors'
import { runProgram } from '@squall/program'
import fastify from 'fastify'

interface ToolCall {
  readonly id: number
  readonly params: { readonly name: string }
}

/** For each tool, the result to answer with: the same bytes as the server it is compared with. */
const results = JSON.parse(process.argv[2] ?? '{}') as Readonly<Record<string, object>>

await runProgram(async ({ ready, stopping }) => {
  const app = fastify()
  app.post<{ Body: ToolCall }>('/mcp', ({ body }) => ({ result: results[body.params.name], jsonrpc: '2.0', id: body.id }))
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/mcp`
  ready(`bare Fastify route listening on ${url}`, { url })
  await new Promise((resolve) => stopping.addEventListener('abort', resolve, { once: true }))
  await app.close()
  return exitCodes.ok
})
