import type { Capacity } from '@squall/report'

const boundWords: Readonly<Record<string, string>> = {
  pool: 'its connection pool',
  'server-cpu': "the server's processor",
  'server-memory': "the server's memory",
  warehouse: 'the warehouse behind it',
  'rate-limit': 'a rate limit',
  generator: 'the load generator, not by the server',
  network: 'the network',
}

/** One or two sentences for somebody who was not there: how much, how sure, what breaks first, what to run. */
export function describeCapacity(capacity: Omit<Capacity, 'sentence'>): string {
  const { maximum, reasons } = capacity
  if (maximum === null)
    return `No load was found under which ${capacity.slo} holds: ${reasons.join('; ') || 'nothing was measured'}.`
  return [...describeMaximum(capacity, maximum), ...describePlan(capacity)].join(' ')
}

function describeMaximum(
  { slo, bound, model, verdict }: Omit<Capacity, 'sentence'>,
  maximum: NonNullable<Capacity['maximum']>,
): string[] {
  const { load, isAtLeast, interval, callsPerSecond } = maximum
  const terms = slo.replaceAll(',', ', ')
  const what = model === 'closed' ? clientsOf(load) : `${load} arrivals a second`
  const rate = `${callsPerSecond < 10 ? callsPerSecond.toFixed(1) : Math.round(callsPerSecond)} calls a second`
  if (isAtLeast)
    return [
      `The server carries at least ${what} (${rate}) at ${terms}${verdict === 'inconclusive' ? '; the search ended before more could be said' : ''}.`,
    ]
  const cause = boundWords[bound.by]
  return [
    `The server carries ${what} (${rate}) at ${terms}, with 95 % confidence between ${interval[0]} and ${interval[1]}${cause === undefined ? '; what bounds it is not known' : `, bound by ${cause}`}.`,
  ]
}

function describePlan({ plan, maximum }: Omit<Capacity, 'sentence'>): string[] {
  if (plan === null) return []
  const most = maximum?.isAtLeast === true ? 'at most ' : ''
  const { clients, headroom, instances, poolSize, creditsPerThousandCalls } = plan
  const room = headroom === 0 ? 'without headroom' : `with ${Math.round(headroom * 100)} % of headroom`
  const pools = poolSize === null ? '' : ` with ${instances === 1 ? 'a pool' : 'pools'} of ${poolSize}`
  const cost =
    creditsPerThousandCalls === null ? '' : `, at ${Number(creditsPerThousandCalls.toPrecision(2))} credits for a thousand calls`
  return [
    `For ${clientsOf(clients)} ${room} run ${most}${instances} ${instances === 1 ? 'instance' : 'instances'}${pools}${cost}.`,
  ]
}

const clientsOf = (count: number): string => `${count} ${count === 1 ? 'client' : 'clients'}`
