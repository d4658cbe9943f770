import type { Problem } from '@squall/errors'
import type { LoadPlan } from '@squall/load-plan'
import type { KeyPath } from './key-path.ts'

/** What to load a pack with. */
export interface PackRequest {
  /** A pack file (YAML or JSON), or a folder that holds `pack.yml`, `pack.yaml` or `pack.json`. */
  readonly path: string
  /**
   * The pack itself, where somebody else sent it: `path` is then no more than its name. Such a pack reads and runs nothing of this machine: no file, no
   * environment variable, no program.
   */
  readonly text?: string
  /** Which of `config.environments` applies. */
  readonly environment?: string | undefined
  /** Where `{{ $env.NAME }}` is looked up. */
  readonly processEnvironment: Readonly<Record<string, string | undefined>>
  readonly overrides?: PackOverrides
  /** What the caller found wrong with settings of its own; told together with the pack's. */
  readonly problems?: readonly Problem[]
}

/** A value that beats the pack's own; checked in the same way, and named by where the user wrote it. */
export interface Override {
  /** `--clients`, `SQUALL_CLIENTS`, `squall.config.json run.clients`. */
  readonly where: string
  readonly value: unknown
}

export type OverrideName =
  | 'target'
  | 'clients'
  | 'spawnRate'
  | 'rate'
  | 'duration'
  | 'seed'
  | 'thresholds'
  /** Paths of PEM files, relative to the working directory. */
  | 'ca'
  | 'cert'
  | 'key'
  | 'passphrase'
  | 'serverName'
  | 'insecure'
  | 'proxy'

export type PackOverrides = Readonly<Partial<Record<OverrideName, Override>>>

export interface LoadedPack {
  /** Whole but for the target, which the caller may have to start first. */
  readonly plan: Omit<LoadPlan, 'target'>
  /** Absent where neither the pack nor an override names one. */
  readonly target: string | undefined
  /** Things a person should know: what the pack says to stock Artillery that does not hold under Squall. */
  readonly notes: readonly string[]
  /** The place of a key in the pack, for messages: `pack.yml:12:5 scenarios[0].flow`. */
  readonly locate: (path: KeyPath) => string
}
