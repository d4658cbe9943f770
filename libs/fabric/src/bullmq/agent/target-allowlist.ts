import { CodedError } from '@squall/errors'
import { shownTarget, type LoadPlan } from '@squall/load-plan'
import { fabricErrors } from '../../errors.ts'

/** Decides for which targets an agent makes load. */
export interface TargetAllowlist {
  /** @throws CodedError FABRIC_TARGET_NOT_ALLOWED with everything of the plan that is not allowed. */
  check(plan: Pick<LoadPlan, 'target' | 'proxyUrl' | 'scenarios'>): void
}

/** Who says nothing allows the machine itself alone. */
const loopback = ['localhost', '127.0.0.1', '[::1]']

/**
 * @param patterns hosts, with `*` for any characters, each with a port or without: `mcp.example.com`, `*.test:3000`. A target that is a command line is
 * allowed by that very command line alone, since to run it is all that its author needs.
 */
export function createTargetAllowlist(patterns: readonly string[]): TargetAllowlist {
  const allowed = patterns.length === 0 ? loopback : patterns
  const tests = allowed.map(toTest)
  const isAllowed = (address: string): boolean => {
    const url = URL.parse(address)
    if (url === null || url.host === '') return allowed.includes(address)
    return tests.some((test) => test.test(url.host) || test.test(url.hostname))
  }
  return {
    check: ({ target, proxyUrl, scenarios }) => {
      const tokenUrls = scenarios.map(({ client }) => client.auth?.tokenUrl)
      const addresses = [target, proxyUrl, ...tokenUrls].filter((address) => address !== undefined)
      const refused = [...new Set(addresses)].filter((address) => !isAllowed(address)).map(shownTarget)
      if (refused.length === 0) return
      throw new CodedError(fabricErrors.FABRIC_TARGET_NOT_ALLOWED, {
        message: `makes no load on ${refused.join(', ')}; it allows ${allowed.join(', ')}`,
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
