import { breakpoint } from './breakpoint.ts'
import { ramp } from './ramp.ts'
import type { LoadStage } from '../load-plan.ts'
import type { Shape, ShapeFrame } from './shape.ts'
import { soak } from './soak.ts'
import { spike } from './spike.ts'
import { steps } from './steps.ts'

const shapes: readonly Shape[] = [steps, ramp, spike, soak, breakpoint]

export const shapeNames: readonly string[] = shapes.map(({ name }) => name)

export const shapeNamed = (name: string): Shape | undefined => shapes.find((shape) => shape.name === name)

/** The stages of a shape of the table, whose options were checked by its schema. */
export function stagesOfShape(name: string, options: unknown, frame: ShapeFrame): readonly LoadStage[] | undefined {
  return shapeNamed(name)?.toStages(options, frame)
}
