import { expect, test } from 'vitest'
import { forecastPools } from './pool-forecast.ts'

test('twice the pool, twice the clients, until the processor is used up', () => {
  expect(forecastPools({ clients: 40, poolSize: 4, cpuUse: 0.3 }, [2, 4])).toEqual([
    { poolSize: 8, clients: 80, boundBy: 'pool' },
    { poolSize: 16, clients: 120, boundBy: 'server-cpu' },
  ])
})

test('a server that tells nothing of its processor is taken at its pool', () => {
  expect(forecastPools({ clients: 7, poolSize: 2 }, [2])).toEqual([{ poolSize: 4, clients: 14, boundBy: 'pool' }])
  expect(forecastPools({ clients: 7, poolSize: 2, cpuUse: 0.95 }, [2])).toEqual([
    { poolSize: 4, clients: 7, boundBy: 'server-cpu' },
  ])
})
