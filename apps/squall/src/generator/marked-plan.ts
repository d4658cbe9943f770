import type { LoadPlan } from '@squall/load-plan'
import type { Assignment } from '@squall/load-protocol'

/**
 * The plan of an assignment; where SQUALL_MARK_REQUESTS is 1, with a header on every HTTP request that says which shard sent it, and under which epoch:
 * `x-squall-shard: 3.1`. A target can then tell whether two generators ever made one share at a time. No real client sends it, so it is off otherwise.
 */
export function markedPlan(
  { plan, share, epoch }: Assignment,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): LoadPlan {
  if (environment['SQUALL_MARK_REQUESTS'] !== '1') return plan
  const mark = { 'x-squall-shard': `${share.index}.${epoch}` }
  const scenarios = plan.scenarios.map((scenario) => ({
    ...scenario,
    client: { ...scenario.client, headers: { ...scenario.client.headers, ...mark } },
  }))
  return { ...plan, scenarios }
}
