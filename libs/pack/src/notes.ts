import { isObject } from './apply-environment.ts'
import type { Root } from './read-root.ts'
import { hookNames } from './sections/scenario-section.ts'

/** What the pack says to stock Artillery and Squall does not do, in words. @param usesProcessor whether its flows call functions of it. */
export function notesOn({ pack, config, scenarios }: Root, usesProcessor: boolean): string[] {
  const hooks = hookNames.filter((hook) => scenarios.some((scenario) => isObject(scenario) && hook in scenario))
  const squall = config['squall']
  const judgesItself = isObject(squall) && 'thresholds' in squall
  return [
    ...['before', 'after'].filter((key) => key in pack).map((key) => `${key} is run by stock Artillery alone`),
    ...hooks.map((hook) => `${hook} is called by stock Artillery alone`),
    ...(scenarios.some(expectsSomething) ? ['expect is judged by stock Artillery alone; Squall judges match'] : []),
    ...('processor' in config && !usesProcessor ? ['config.processor is loaded by stock Artillery alone'] : []),
    ...('ensure' in config && !judgesItself
      ? ['config.ensure is judged by stock Artillery alone; Squall judges config.squall.thresholds']
      : []),
  ]
}

/** Whether any step in a flow says what Artillery's plugin expect is to look for; arguments of calls are the user's own. */
function expectsSomething(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(expectsSomething)
  if (!isObject(value)) return false
  return Object.entries(value).some(([key, inner]) => key === 'expect' || (key !== 'arguments' && expectsSomething(inner)))
}
