/**
 * How many generator processes a machine gets by default: one core is left to the controller, the system and, where it is
 * on the same machine, the target.
 * @param cores that this process may use.
 */
export function defaultWorkers(cores: number): number {
  return Math.max(1, cores - 1)
}
