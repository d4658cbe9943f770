import { CodedError } from '@squall/errors'
import { mcpWireErrors } from './errors.ts'

/**
 * Reads the address of an MCP endpoint.
 * @param schemes those the transport can connect to, with their colons.
 * @throws CodedError `WIRE_BAD_TARGET` where it is none of them.
 */
export function parseTarget(target: string, schemes: readonly string[]): URL {
  const url = URL.canParse(target) ? new URL(target) : undefined
  if (url && schemes.includes(url.protocol)) return url
  throw new CodedError(mcpWireErrors.WIRE_BAD_TARGET, {
    message: `"${target}" is no address of an MCP server`,
    problems: [
      {
        where: 'target',
        value: target,
        expected: `a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
      },
    ],
  })
}
