import { hookNames, type HookName, type Scenario, type Script } from './artillery.ts'
import type { Hook } from './hook.ts'

/** The functions that want to be called at each moment of a scenario, in their order. */
export type ScenarioHooks = Readonly<Record<HookName, readonly Hook[]>>

/**
 * Finds the functions a scenario names.
 * @param warn is told of names without a function, which Artillery itself only warns of, too.
 */
export function findHooks(
  { config: { processor = {} } }: Script,
  scenario: Scenario,
  warn: (text: string) => void,
): ScenarioHooks {
  const find = (hook: HookName): readonly Hook[] =>
    [scenario[hook] ?? []].flat().flatMap((name) => {
      const found = Object.hasOwn(processor, name) ? processor[name] : undefined
      // Named by the user or a plugin for this very moment; what else it may be shows when it is called.
      if (typeof found === 'function') return [found as Hook]
      warn(`${hook} names ${name}, which is no function of config.processor`)
      return []
    })
  return Object.fromEntries(hookNames.map((name) => [name, find(name)])) as Record<HookName, readonly Hook[]>
}
