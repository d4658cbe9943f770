import type { LoadChange } from '@squall/load-plan'

/** What starts clients and lets them go, as one model or the other has it. */
export interface Load {
  begin(): void
  /** Starts nothing more. Harmless once ended. */
  end(): void
  /** Takes effect at once; the caller waits for the change's instant. A change that belongs to the other model does nothing. */
  change(change: LoadChange): void
}
