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
  const { protocolVersion = 'auto', clientKind = 'http_client' } = client
  return JSON.stringify({
    config: {
      mcp: { protocolVersion, clientKind },
      variables: { name: 'somebody' },
      squall: {
        model: 'closed',
        clients,
        spawnRate: clients * 10,
        warmUp: `${warmUpSeconds}s`,
        duration: `${warmUpSeconds + measuredSeconds}s`,
      },
    },
    scenarios: [{ engine: 'mcp', flow }],
  })
}
