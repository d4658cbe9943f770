import { expect, test } from 'vitest'
import { callEcho, startsOnFreshSockets, startsOnKeptSockets, toCrowdPack, toPack } from './squall-pack.ts'

interface Pack {
  readonly config: {
    readonly squall: Readonly<Record<string, unknown>>
    readonly phases?: readonly object[]
  }
  readonly scenarios: readonly { readonly flow: readonly object[] }[]
}

const parse = (text: string): Pack => JSON.parse(text) as Pack

test('the warm-up comes before what is measured, and is no part of it', () => {
  const { config } = parse(toPack({ clients: 50, warmUpSeconds: 2, measuredSeconds: 3, flow: [callEcho] }))
  expect(config.squall).toMatchObject({ clients: 50, warmUp: '2s', duration: '5s' })
})

test('paced clients start as often as asked for, spread over their whole pace', () => {
  const load = { startsPerSecond: 2000, clients: 400, warmUpSeconds: 1, measuredSeconds: 1 }
  const { config, scenarios } = parse(startsOnKeptSockets(load))
  expect(config.squall).toMatchObject({ clients: 400, spawnRate: 2000 })
  expect(scenarios[0]?.flow).toContainEqual({ pace: '200ms' })
})

test('arrivals come at random for the whole run', () => {
  const { config } = parse(startsOnFreshSockets({ startsPerSecond: 2000, warmUpSeconds: 1, measuredSeconds: 4 }))
  expect(config.phases).toEqual([{ duration: 5, arrivalRate: 2000, mode: 'poisson' }])
})

test('a crowd thinks for longer than it lives', () => {
  const crowd = { clients: 10, spawnRatePerSecond: 5, clientKind: 'http_client' }
  const { config, scenarios } = parse(toCrowdPack(crowd, 60))
  expect(config.squall).toMatchObject({ duration: '60s', spawnRate: 5 })
  expect(scenarios[0]?.flow).toEqual([{ think: '120s' }])
})
