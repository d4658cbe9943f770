import type { MachineInfo } from '../run-info.ts'

/** `capacity.json`, schema `squall/capacity@1`. Times in milliseconds, rates per second. */
export interface Capacity {
  readonly schema: 'squall/capacity@1'
  readonly run: {
    readonly pack: string
    readonly target: string
    /** ISO 8601. */
    readonly startedAt: string
    readonly durationSeconds: number
    readonly workers: number
    readonly seed: number
    readonly squallVersion: string
    readonly nodeVersion: string
    readonly machine: MachineInfo
  }
  readonly slo: string
  readonly model: 'closed' | 'open'
  readonly verdict: 'found' | 'not-found' | 'inconclusive'
  /** Why the verdict is not `found`, and what else to know of it; in words. */
  readonly reasons: readonly string[]
  /** The highest load that keeps the SLO; null where there is none, with a reason. In the open model `clients` is null and the load is the rate. */
  readonly maximum: CapacityMaximum | null
  /** Where more load begins to bring little more throughput; null where the curve does not bend. */
  readonly knee: { readonly clients: number; readonly callsPerSecond: number } | null
  readonly usl: CapacityLaw | null
  /** Why there is no `usl`. */
  readonly uslRefused: string | null
  readonly bound: { readonly by: string; readonly evidence: readonly string[] }
  readonly littlesLaw: readonly LittlesLawLevel[]
  readonly levels: readonly CapacityLevel[]
  readonly plan: CapacityPlan | null
  readonly whatIf: readonly CapacityWhatIf[]
  /** Where the pool is the bound: what one instance would carry with larger ones. */
  readonly pools: readonly PoolWhatIf[]
  /** What a manager can read. */
  readonly sentence: string
  /** What the plan takes for granted. */
  readonly assumptions: readonly string[]
}

export interface CapacityMaximum {
  /** Clients, or arrivals per second in the open model. */
  readonly load: number
  readonly clients: number | null
  readonly callsPerSecond: number
  /** Of the load, with 95 % confidence. */
  readonly interval: readonly [number, number]
  /** Whether no load was found that breaks the SLO: the maximum is at least this. */
  readonly isAtLeast: boolean
}

export interface CapacityLaw {
  readonly lambda: number
  readonly sigma: number
  readonly kappa: number
  readonly peakClients: number | null
  readonly rSquared: number
}

export interface LittlesLawLevel {
  readonly load: number
  readonly expectedClients: number
  readonly holds: boolean
}

export interface CapacityLevel {
  readonly type: 'measure' | 'confirm'
  readonly load: number
  readonly clients: number
  readonly callsPerSecond: number
  /** Of the response time; null where no call was answered. */
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly serviceMeanMs: number | null
  readonly errorRatio: number
  readonly meetsSlo: boolean
  /** How near the SLO came to being broken, of the level and of each of its windows: 1 is the edge. */
  readonly strain: number | null
  readonly windows: readonly (number | null)[]
  readonly steadySeconds: number
  readonly droppedSeconds: number
  readonly isSteady: boolean
  readonly wasCut: boolean
  /** What the target's own metrics said; absent where they did not. */
  readonly target: Readonly<Partial<Record<TargetSign, number>>>
}

export type TargetSign =
  | 'cpuUse'
  | 'memoryUse'
  | 'residentBytes'
  | 'poolUse'
  | 'poolSize'
  | 'poolWaitMs'
  | 'poolHeldSeconds'
  | 'warehouseQueueMs'
  | 'warehouseRunMs'

export interface CapacityPlan {
  readonly clients: number
  readonly headroom: number
  readonly instances: number
  readonly poolSize: number | null
  readonly callsPerSecond: number
  /** What clients add to the memory of each instance; null where it is not known. */
  readonly memoryBytes: number | null
  /** Null where the warehouse's size or its times are not known. */
  readonly creditsPerThousandCalls: number | null
}

export interface PoolWhatIf {
  readonly poolSize: number
  readonly clients: number
  /** What would give way first then. */
  readonly boundBy: string
}

export type CapacityWhatIf = Pick<CapacityPlan, 'clients' | 'headroom' | 'instances' | 'poolSize'>
