import type { z } from 'zod'
import type { LoadStage } from '../load-plan.ts'

/** What a shape is to fill. */
export interface ShapeFrame {
  /** Clients in the closed model, arrivals per second in the open one: the pack's `clients` or `rate`. */
  readonly peak: number
  /** The pack's `duration`, in milliseconds. */
  readonly durationMs: number
}

/** One kind of shape: what may stand in a pack, and the stages it means. */
export interface Shape<O = unknown> {
  readonly name: string
  /** Of the options, each of them optional: `shape: NAME` alone must make sense. */
  readonly schema: z.ZodType<O>
  /** Stages that together last the frame's duration. What does not fit into it is shortened in proportion, never refused. */
  readonly toStages: (options: O, frame: ShapeFrame) => readonly LoadStage[]
}

/** Keeps a shape's own type of options while it is defined, and forgets it for the table. */
export function defineShape<O>(shape: Shape<O>): Shape {
  // Sound because `toStages` is only ever handed what the same shape's `schema` returned.
  return shape as Shape
}
