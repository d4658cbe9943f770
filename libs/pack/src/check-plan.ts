import { planDurationMs, type LoadPlan } from '@squall/load-plan'
import { isNotTooLong, tooLong } from './fields.ts'
import type { PackCheck } from './pack-check.ts'

type Plan = Omit<LoadPlan, 'target'>

/**
 * Finds what is wrong with a plan as a whole, though each of its parts is right.
 * @param isAsWritten whether the model is the pack's, and no option changed it.
 */
export function checkPlan(plan: Plan, { isAsWritten }: { readonly isAsWritten: boolean }, check: PackCheck): void {
  checkDuration(plan, check)
  if (isAsWritten) checkFixedClients(plan, check)
}

function checkDuration(plan: Plan, check: PackCheck): void {
  const { model, warmUpMs } = plan
  const durationMs = planDurationMs(plan)
  if (!isNotTooLong(durationMs))
    check.at(model.type === 'open' ? ['config', 'phases'] : ['config', 'squall', 'shape'], { expected: `${tooLong} in all` })
  if (warmUpMs > 0 && warmUpMs >= durationMs)
    check.at(['config', 'squall', 'warmUp'], {
      value: `${warmUpMs / 1000}s`,
      expected: `a warm-up shorter than the run, which takes ${durationMs / 1000} s: nothing would be measured`,
    })
}

/** Scenarios whose clients would never come to be. */
function checkFixedClients({ model, scenarios }: Plan, check: PackCheck): void {
  let left = model.type === 'closed' ? model.clients : 0
  for (const [index, { fixedClients }] of scenarios.entries()) {
    if (fixedClients === undefined) continue
    const problem = { value: fixedClients, expected: '' }
    const at = (expected: string): void => check.at(['scenarios', index, 'clients'], { ...problem, expected })
    if (model.type === 'open') at('a weight: arrivals of the open model are shared out by weight')
    else if (fixedClients > left) at(`at most ${left}: those that are left of the ${model.clients} of config.squall.clients`)
    left = Math.max(0, left - fixedClients)
  }
  const shared = scenarios.findIndex(({ fixedClients }) => fixedClients === undefined)
  if (model.type === 'closed' && left === 0 && shared >= 0)
    check.at(['scenarios', shared], { expected: 'clients left for it: those of the other scenarios are all there are' })
}
