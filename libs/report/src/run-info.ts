/** What was run, where and how: the head of every report. */
export interface RunInfo {
  readonly id: string
  /** The pack's name. */
  readonly pack: string
  /** URL or command line of the tested MCP server. */
  readonly target: string
  /** Instant of the first intended start, ISO 8601 with zone. */
  readonly startedAt: string
  /** Seconds during which load ran, warm-up included. */
  readonly durationSeconds: number
  /** Leading seconds that made load but are left out of the numbers. */
  readonly warmUpSeconds: number
  readonly runner: 'native' | 'artillery'
  readonly fabric: 'local' | 'bullmq'
  /** Generator processes. */
  readonly workers: number
  readonly seed: number
  readonly squallVersion: string
  readonly nodeVersion: string
  /** The same for runs that put the same load on any target. */
  readonly planHash: string
  /** The load in words: `closed: 300 clients, 20 started per second`. */
  readonly model: string
  /** For how long new clients arrived, in seconds, each to run its flow once; null in the closed model, where clients stay. */
  readonly arrivalSeconds: number | null
  readonly machine: MachineInfo
}

/** The machine of the controller; with the local fabric also that of the generators. */
export interface MachineInfo {
  readonly cpuModel: string
  readonly cpuCount: number
  readonly memoryBytes: number
  /** Operating system and architecture: `linux x64`. */
  readonly platform: string
}
