import { BlockList, isIP } from 'node:net'

/** A set of IP addresses: single ones and CIDR ranges, of both families. */
export class IpRanges {
  readonly #list = new BlockList()

  /** @param ranges texts for which `isIpRange` holds. */
  constructor(ranges: readonly string[]) {
    for (const range of ranges) {
      const { address, family, prefix } = readRange(range)
      this.#list.addSubnet(address, prefix, family)
    }
  }

  has(address: string): boolean {
    const plain = withoutMapping(address)
    const family = isIP(plain)
    return family !== 0 && this.#list.check(plain, family === 6 ? 'ipv6' : 'ipv4')
  }
}

/** Whether text is an address (`10.1.2.3`) or a range in CIDR notation (`10.0.0.0/8`, `2001:db8::/32`). */
export function isIpRange(text: string): boolean {
  const { address, family, prefix } = readRange(text)
  return isIP(address) !== 0 && Number.isInteger(prefix) && prefix >= 0 && prefix <= (family === 'ipv6' ? 128 : 32)
}

/** An IPv4 peer as a socket of both families tells it: `::ffff:10.1.2.3` is 10.1.2.3. */
export function withoutMapping(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address
}

function readRange(text: string): { address: string; family: 'ipv4' | 'ipv6'; prefix: number } {
  const [address = '', prefix, ...rest] = text.split('/')
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (prefix === undefined) return { address, family, prefix: family === 'ipv6' ? 128 : 32 }
  return { address, family, prefix: rest.length === 0 && /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN }
}
