import type { Capacity, CapacityLevel } from '../capacity/capacity.ts'

const law = { lambda: 4.1, sigma: 0.012, kappa: 0.00004, peakClients: 157, rSquared: 0.992 }

const rateAt = (n: number): number => (law.lambda * n) / (1 + law.sigma * (n - 1) + law.kappa * n * (n - 1))

function level(load: number, type: CapacityLevel['type'] = 'measure'): CapacityLevel {
  return {
    type,
    load,
    clients: load,
    callsPerSecond: rateAt(load),
    p50: 20 + load / 2,
    p95: 80 + load * 1.2,
    p99: 130 + load * 2,
    serviceMeanMs: 30 + load,
    errorRatio: load > 500 ? 0.02 : 0,
    meetsSlo: load <= 340,
    strain: (80 + load * 1.2) / 500,
    windows: [0.9, 1, null],
    steadySeconds: 15,
    droppedSeconds: 5,
    isSteady: load !== 512,
    wasCut: load === 640,
    target: {
      cpuUse: Math.min(1, load / 900),
      poolUse: Math.min(1, load / 300),
      poolWaitMs: Math.max(0, load - 250),
      poolSize: 8,
    },
  }
}

/** A capacity report with everything in it. */
export function sampleCapacity(changes: Partial<Capacity> = {}): Capacity {
  return {
    schema: 'squall/capacity@1',
    run: {
      pack: 'heavy',
      target: 'http://127.0.0.1:3000/mcp',
      startedAt: '2026-11-22T10:00:00.000Z',
      durationSeconds: 412,
      workers: 2,
      seed: 1,
      squallVersion: '1.2.3',
      nodeVersion: '24.21.0',
      machine: { cpuModel: 'AMD EPYC', cpuCount: 2, memoryBytes: 24e9, platform: 'linux x64' },
    },
    slo: 'p95<500ms,failed<1%',
    model: 'closed',
    verdict: 'found',
    reasons: [],
    maximum: { load: 340, clients: 340, callsPerSecond: rateAt(340), interval: [322, 355], isAtLeast: false },
    knee: { clients: 160, callsPerSecond: rateAt(160) },
    usl: law,
    uslRefused: null,
    bound: {
      by: 'pool',
      evidence: ["100 % of the pool's connections were in use", 'calls waited 96 ms for one: 61 % of what was added to a call'],
    },
    littlesLaw: [{ load: 20, expectedClients: 20.4, holds: true }],
    levels: [
      ...[1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 384, 320, 352, 340, 640].map((load) => level(load)),
      level(340, 'confirm'),
    ],
    plan: {
      clients: 1000,
      headroom: 0.3,
      instances: 4,
      poolSize: 12,
      callsPerSecond: 420,
      memoryBytes: 3_200_000,
      creditsPerThousandCalls: 0.02,
    },
    whatIf: [
      { clients: 500, headroom: 0, instances: 2, poolSize: 10 },
      { clients: 1000, headroom: 0.3, instances: 4, poolSize: null },
    ],
    pools: [{ poolSize: 16, clients: 680, boundBy: 'pool' }],
    sentence: 'The server carries 340 clients (144 calls a second) at p95<500ms, failed<1%, bound by its connection pool.',
    assumptions: ['Clients behave as those of the pack do: another mix of calls is another capacity.'],
    ...changes,
  }
}
