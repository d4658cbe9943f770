/** How load is made in a run that is disturbed. Each call says by a number which one of the plan it is. */
export type PackName = 'closed' | 'paced' | 'ramp'

export const packNames: readonly PackName[] = ['closed', 'paced', 'ramp']

export const closedClients = 6
/** Paced calls are due in the middle between two starts, so that no border of seconds falls on one. */
export const pacedOffsetMs = 50
export const paceMs = 100

const models: Readonly<Record<PackName, (seconds: number) => string>> = {
  closed: (seconds) => `squall: { ${closedModel(seconds)} }`,
  paced: (seconds) => `squall: { ${closedModel(seconds)} }`,
  ramp: (seconds) => `phases: [{ duration: ${seconds}, arrivalRate: 10, rampTo: 40 }]
  squall: { model: open, ${thresholds} }`,
}

const thresholds = "thresholds: ['failed<50%']"
const closedModel = (seconds: number): string =>
  `clients: ${closedClients}, spawnRate: 1000, duration: ${seconds}s, ${thresholds}`

const call = "{ callTool: { name: echo, arguments: { text: 'number {{ number }}' } } }"
const flows: Readonly<Record<PackName, string>> = {
  closed: `[${call}, { think: 0.1 }]`,
  paced: `[{ think: ${pacedOffsetMs / 1000} }, ${call}, { pace: ${paceMs / 1000} }]`,
  ramp: `[${call}]`,
}

/** More than any run here can use. */
const rows = 10_000

/** The files of a run. */
export const faultPack = (name: PackName, seconds: number): Record<string, string> => ({
  'pack.yml': `config:
  ${models[name](seconds)}
  payload: { path: numbers.csv, fields: [number], order: sequence }
scenarios:
  - engine: mcp
    flow: ${flows[name]}
`,
  'numbers.csv': Array.from({ length: rows }, (_, row) => `${row}\n`).join(''),
})

/** Which call of the plan a request of such a run is. */
export function numberOf(params: Readonly<Record<string, unknown>>): number {
  const { arguments: args } = params
  const text = typeof args === 'object' && args !== null && 'text' in args ? String(args.text) : ''
  return Number(/^number (\d+)$/.exec(text)?.[1])
}
