import { isIP } from 'node:net'
import { withoutMapping } from './ip-ranges.ts'

/** Whether an IP address, or the name `localhost`, is of this machine alone. */
export function isLoopback(host: string): boolean {
  const address = withoutMapping(host)
  if (isIP(address) === 4) return address.startsWith('127.')
  return address === '::1' || address === 'localhost'
}
