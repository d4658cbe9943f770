import type { Json } from '@squall/load-plan'
import type { RandomSource } from '@squall/time'

/** The variables of one client: of its plan, its data row, and what its steps captured. */
export type Variables = { [name: string]: Json | undefined }

/** What a template reads while it renders. */
export interface TemplateScope {
  readonly variables: Variables
  readonly random: RandomSource
}
