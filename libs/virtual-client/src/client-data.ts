import { isBeyondPlan, type Json, type LoadPlan, payloadRow, turnOf } from '@squall/load-plan'
import type { RandomSource } from '@squall/time'
import type { Variables } from './templates/template-scope.ts'

/** What a client knows when its flow begins. Of a variable that is a list, each client takes one element at random. */
export function initialVariables(plan: LoadPlan, random: RandomSource): Variables {
  const variables: Variables = {}
  for (const [name, value] of Object.entries(plan.variables))
    variables[name] = isList(value) ? value[Math.floor(random.next() * value.length)] : value
  return variables
}

// Array.isArray does not narrow a readonly array.
const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

/**
 * Puts the fields of one row of each data file among the variables: those of the client's nth iteration.
 * @returns false where a file hands out every row once, and has none left for this iteration.
 */
export function takeRows(plan: LoadPlan, index: number, iteration: number, variables: Variables): boolean {
  const turn = turnOf(plan.model, index, iteration)
  for (const [file, payload] of plan.payloads.entries()) {
    const number =
      payload.order === 'unique' && isBeyondPlan(plan.model, index) ? undefined : payloadRow(payload, turn, plan.seed, file)
    if (number === undefined) return false
    const row = payload.rows[number] ?? []
    payload.fields.forEach((field, column) => (variables[field] = row[column]))
  }
  return true
}
