import { gunzipSync } from 'node:zlib'
import type { FastifyInstance } from 'fastify'

/** The largest request: an array bind of some hundred thousand values. */
export const longestBodyBytes = 128 * 1024 * 1024

/**
 * Reads bodies as JSON whatever their type says; drivers may compress them. Whether one did is told by the content: the Node driver
 * announces gzip on a retry and yet sends plain text.
 */
export function readBodiesAsJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, parse(body as Buffer))
    } catch (error) {
      done(Object.assign(error as Error, { statusCode: 400 }))
    }
  })
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return undefined
  const isGzip = body[0] === 0x1f && body[1] === 0x8b
  return JSON.parse((isGzip ? gunzipSync(body, { maxOutputLength: longestBodyBytes }) : body).toString())
}
