import { createHash, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import { CodedError } from '@squall/errors'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { squallErrors } from '../../errors.ts'

export interface GuardOptions {
  /** What callers must show; nothing where absent. */
  readonly token: string | undefined
  /** Names this server is called by, beside addresses and `localhost`. */
  readonly hosts: readonly string[]
  /** Open to whoever knows none of the secrets. */
  readonly openPaths: readonly string[]
}

/** Turns away who may not ask, before a body is read. */
export function guardRequests(app: FastifyInstance, { token, hosts, openPaths }: GuardOptions): void {
  const isOwnName = createNameCheck(hosts)
  const isToken = token === undefined ? undefined : createTokenCheck(token)
  app.addHook('onRequest', (request, _reply, done) => {
    done(refusalOf(request, { isOwnName, isToken: openPaths.includes(request.url) ? undefined : isToken }))
  })
}

interface Checks {
  readonly isOwnName: (host: string) => boolean
  readonly isToken: ((shown: string) => boolean) | undefined
}

function refusalOf({ headers }: FastifyRequest, { isOwnName, isToken }: Checks): CodedError | undefined {
  const { host = '', origin, authorization = '' } = headers
  // A page of another server may make its own name lead here; it cannot make it an address, or ours.
  if (!isOwnName(host)) return foreign(`it was called by the name ${host}`)
  // Browsers say which page a request comes from.
  if (origin !== undefined && URL.parse(origin)?.host !== host) return foreign(`the request comes from ${origin}`)
  const [, shown = ''] = /^Bearer +(\S+) *$/i.exec(authorization) ?? []
  if (isToken === undefined || isToken(shown)) return undefined
  return CodedError.refusal(squallErrors.SQUALL_SERVE_UNAUTHORIZED)
}

const foreign = (message: string): CodedError => CodedError.refusal(squallErrors.SQUALL_SERVE_FOREIGN, { message })

function createNameCheck(hosts: readonly string[]): (host: string) => boolean {
  const names = new Set(['localhost', ...hosts.map((name) => name.toLowerCase())])
  return (host) => {
    const hostname = URL.parse(`http://${host}`)?.hostname ?? ''
    return names.has(hostname) || isIP(hostname.replaceAll(/[[\]]/g, '')) !== 0
  }
}

const hash = (text: string): Buffer => createHash('sha256').update(text).digest()

/** In a time that does not tell how much of it was right. */
function createTokenCheck(token: string): (shown: string) => boolean {
  const right = hash(token)
  return (shown) => timingSafeEqual(hash(shown), right)
}
