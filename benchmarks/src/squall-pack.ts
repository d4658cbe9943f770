/** A closed load of Squall's own, as the benchmarks make it. */
export interface SquallLoad {
  readonly clients: number
  readonly warmUpSeconds: number
  readonly measuredSeconds: number
  /** The steps of its one scenario. */
  readonly flow: readonly object[]
  /** `auto` unless given, which is the older era for the kind of client that the benchmarks use. */
  readonly protocolVersion?: string
  readonly clientKind?: string
  readonly spawnRatePerSecond?: number
}

export const callEcho = { callTool: { name: 'echo', arguments: { text: 'hello' } } }

/** What users write around a bare call: templates, a weighted mix, a check of the answer, and a pause. */
export const fullFlow = [
  {
    mix: [
      { weight: 3, ...checkedCall('hello {{ $randomNumber(1, 1000) }}') },
      { weight: 1, ...checkedCall('bye {{ name }}') },
    ],
  },
  { think: '1ms' },
]

function checkedCall(text: string): object {
  const call = { name: 'echo', arguments: { text, limit: '{{ $randomNumber(1, 100) }}' } }
  return { callTool: { ...call, match: { json: '$.content[0].type', value: 'text' } } }
}

/** The pack's text. YAML takes JSON as it is. */
export function toPack({ clients, warmUpSeconds, measuredSeconds, flow, ...client }: SquallLoad): string {
  const { protocolVersion = 'auto', clientKind = 'http_client', spawnRatePerSecond = clients * 10 } = client
  return JSON.stringify({
    config: {
      mcp: { protocolVersion, clientKind },
      variables: { name: 'somebody' },
      squall: {
        model: 'closed',
        clients,
        spawnRate: spawnRatePerSecond,
        warmUp: `${warmUpSeconds}s`,
        duration: `${warmUpSeconds + measuredSeconds}s`,
      },
    },
    scenarios: [{ engine: 'mcp', flow }],
  })
}

/** Clients that open their session and then think for longer than the run lasts. */
export function toCrowdPack(
  {
    clients,
    spawnRatePerSecond,
    clientKind,
  }: { readonly clients: number; readonly spawnRatePerSecond: number; readonly clientKind: string },
  durationSeconds: number,
): string {
  return JSON.stringify({
    config: {
      mcp: { clientKind },
      squall: { model: 'closed', clients, spawnRate: spawnRatePerSecond, duration: `${durationSeconds}s` },
    },
    scenarios: [{ engine: 'mcp', flow: [{ think: `${durationSeconds * 2}s` }] }],
  })
}

/** Starts on a beat. */
export interface StartLoad {
  readonly startsPerSecond: number
  readonly warmUpSeconds: number
  readonly measuredSeconds: number
}

/** Clients that keep their connection, each with a pace of its own, so that together they start that often. */
export function startsOnKeptSockets({ startsPerSecond, clients, ...load }: StartLoad & { readonly clients: number }): string {
  const pace = `${(clients * 1000) / startsPerSecond}ms`
  return toPack({ ...load, clients, spawnRatePerSecond: startsPerSecond, flow: [callEcho, { pace }] })
}

/** Arrivals that each connect, open a session, make a call and leave. */
export function startsOnFreshSockets({ startsPerSecond, warmUpSeconds, measuredSeconds }: StartLoad): string {
  return JSON.stringify({
    config: {
      phases: [{ duration: warmUpSeconds + measuredSeconds, arrivalRate: startsPerSecond, mode: 'poisson' }],
      squall: { model: 'open', warmUp: `${warmUpSeconds}s` },
    },
    scenarios: [{ engine: 'mcp', flow: [callEcho] }],
  })
}
