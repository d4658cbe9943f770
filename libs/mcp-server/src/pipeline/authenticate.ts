import { isIP } from 'node:net'
import { CodedError } from '@squall/errors'
import { mcpServerErrors } from '../errors.ts'
import type { Stage } from './stage.ts'

/**
 * Lets in only callers on this machine: whoever started this process on stdio, or a peer on the loopback interface.
 * Any other way of knowing a caller is a stage in this one's place.
 */
export const loopbackOnly: Stage = async ({ caller }, next) => {
  const { transport, remoteAddress } = caller
  if (transport === 'stdio' || (remoteAddress !== undefined && isLoopback(remoteAddress))) return next()
  return { kind: 'refused', status: 401, error: new CodedError(mcpServerErrors.MCP_UNAUTHENTICATED) }
}

/** Whether an IP address, or the name `localhost`, is of this machine alone. */
export function isLoopback(host: string): boolean {
  const address = host.startsWith('::ffff:') ? host.slice('::ffff:'.length) : host
  if (isIP(address) === 4) return address.startsWith('127.')
  return address === '::1' || address === 'localhost'
}
