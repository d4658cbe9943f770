import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Signer } from '../signer.ts'
import type { WireParts } from '../wire-parts.ts'

const signedParams = z.object({ signed: z.string() })

/** The path of a chunk. Its signature is the right to fetch it: drivers send no token there, as to cloud storage. */
export function toChunkUrl(signer: Signer, queryId: string, index: number): string {
  return `/chunks/${signer.sign(`${queryId}.${index}`)}`
}

/** Chunks of large results. */
export function addChunkRoutes(app: FastifyInstance, { addressSigner, statements, reportBug }: WireParts): void {
  app.get('/chunks/:signed', async ({ params }, reply): Promise<FastifyReply> => {
    const [queryId = '', index] = addressSigner.open(signedParams.parse(params).signed)?.split('.') ?? []
    const outcome = statements.byResultAddress(queryId)?.outcome
    try {
      const chunk = outcome?.kind === 'success' ? outcome.result.chunk(Number(index)) : undefined
      if (!chunk) return await reply.code(410).send('This result is no longer held.')
      // Not JSON by its type: drivers put the outer brackets around it themselves.
      return await reply.header('content-encoding', 'gzip').type('application/octet-stream').send(chunk)
    } catch (error) {
      reportBug(error)
      return reply.removeHeader('content-encoding').code(500).send('The result cannot be read.')
    }
  })
}
