import { CodedError } from '@squall/errors'
import { shownTarget, type LoadPlan } from '@squall/load-plan'
import { fabricErrors } from './errors.ts'

/** Decides on which targets load may be made. */
export interface TargetAllowlist {
  /** Hosts as they were given; this machine's own where none were. */
  readonly allowed: readonly string[]
  allows(address: string): boolean
  /** @returns what of a plan is not allowed, as it may be shown: its target, its proxy and its token endpoints. */
  refused(plan: PlanAddresses): string[]
  /** @throws CodedError FABRIC_TARGET_NOT_ALLOWED with everything of the plan that is not allowed. */
  check(plan: PlanAddresses): void
}

/** What of a plan names hosts. */
type PlanAddresses = Pick<LoadPlan, 'target' | 'proxyUrl' | 'scenarios'>

/** Who says nothing allows the machine itself alone. */
const loopback = ['localhost', '127.0.0.1', '[::1]']

/**
 * @param patterns hosts, with `*` for any characters, each with a port or without: `mcp.example.com`, `*.test:3000`. A target that is a command line is
 * allowed by that very command line alone, since to run it is all that its author needs.
 */
export function createTargetAllowlist(patterns: readonly string[]): TargetAllowlist {
  const allowed = patterns.length === 0 ? loopback : patterns
  const tests = allowed.map(toTest)
  const allows = (address: string): boolean => {
    const url = URL.parse(address)
    if (url === null || url.host === '') return allowed.includes(address)
    return tests.some((test) => test.test(url.host) || test.test(url.hostname))
  }
  const refused = ({ target, proxyUrl, scenarios }: PlanAddresses): string[] => {
    const tokenUrls = scenarios.map(({ client }) => client.auth?.tokenUrl)
    const addresses = [target, proxyUrl, ...tokenUrls].filter((address) => address !== undefined)
    return [...new Set(addresses)].filter((address) => !allows(address)).map(shownTarget)
  }
  return {
    allowed,
    allows,
    refused,
    check: (plan) => {
      const found = refused(plan)
      if (found.length === 0) return
      throw new CodedError(fabricErrors.FABRIC_TARGET_NOT_ALLOWED, {
        message: `makes no load on ${found.join(', ')}; it allows ${allowed.join(', ')}`,
      })
    },
  }
}

function toTest(pattern: string): RegExp {
  const parts = pattern
    .toLowerCase()
    .split('*')
    .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${parts.join('.*')}$`)
}
