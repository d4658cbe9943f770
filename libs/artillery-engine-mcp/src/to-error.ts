import { thrownText } from '@squall/errors'

/** What was thrown, as Artillery wants it; code of users may throw anything. */
export const toError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(thrownText(thrown)))
