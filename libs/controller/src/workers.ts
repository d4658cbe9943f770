import { defaultMaxClients, type LoadPlan } from '@squall/load-plan'

/** A generator whose share of an open plan's `maxClients` is nobody would drop every arrival that falls to it. */
export function usefulWorkers({ model }: Pick<LoadPlan, 'model'>, workers: number): number {
  return model.type === 'open' ? Math.max(1, Math.min(workers, model.maxClients ?? defaultMaxClients)) : workers
}

/**
 * How many generator processes a machine gets by default: one core is left to the controller, the system and, where it is
 * on the same machine, the target.
 * @param cores that this process may use.
 */
export function defaultWorkers(cores: number): number {
  return Math.max(1, cores - 1)
}
