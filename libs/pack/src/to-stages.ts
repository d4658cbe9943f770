import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { isShapeFile, stagesOfShape, type LoadStage, type ShapeFrame, type WrittenShape } from '@squall/load-plan'
import { z } from 'zod'
import type { PackCheck } from './pack-check.ts'

export interface ShapeInput {
  readonly shape: WrittenShape
  readonly frame: ShapeFrame
  /** The pack's own. */
  readonly directory: string
}

const path = ['config', 'squall', 'shape']
const longestList = 10_000

const stage = z.strictObject({
  name: z.string('a name').default(''),
  durationMs: z.number('milliseconds above 0').gt(0, 'milliseconds above 0'),
  from: z.number('a number of at least 0').min(0, 'a number of at least 0'),
  to: z.number('a number of at least 0').min(0, 'a number of at least 0'),
})

const stageList = z
  .array(stage, 'a list of stages { name, durationMs, from, to }')
  .min(1, 'at least one stage')
  .max(longestList, `at most ${longestList} stages`)

/** A shape as plain stages. A file's is made here and now, so that what the plan holds is data; what is wrong is noted. */
export function toStages({ shape, frame, directory }: ShapeInput, check: PackCheck): readonly LoadStage[] | undefined {
  if (!isShapeFile(shape.name)) return stagesOfShape(shape.name, shape.options, frame)
  const made = callShapeFile(resolve(directory, shape.name), { ...frame, options: shape.options })
  if ('problem' in made) {
    check.at(path, { value: shape.name, expected: shapeFileExpected, hint: made.problem })
    return undefined
  }
  return check.readFrom(stageList, made.stages, `what the function shape of ${shape.name} returned`)
}

const shapeFileExpected =
  'a file that exports a function named shape, which takes { peak, durationMs, options } and returns stages'

/** A pack is a program its user chose to run, as its processor is under Artillery; so is its shape. */
function callShapeFile(file: string, frame: unknown): { readonly stages: unknown } | { readonly problem: string } {
  try {
    const module: unknown = createRequire(file)(file)
    const shape: unknown = typeof module === 'object' && module !== null && 'shape' in module ? module.shape : undefined
    return isFunction(shape) ? { stages: shape(frame) } : { problem: 'it exports no function named shape' }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

const isFunction = (value: unknown): value is (frame: unknown) => unknown => typeof value === 'function'
