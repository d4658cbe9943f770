import { CodedError, type Problem } from '@squall/errors'
import { parseObjectPatterns, type GatePolicy, type ObjectPattern } from '@squall/sql-policy'
import type { ReadSettings } from './read-settings.ts'

/** Puts together what statements may name; patterns that cannot be read become problems. */
export function choosePolicy({ values, nameOf }: ReadSettings, problems: Problem[]): GatePolicy {
  const read = (name: 'allowedObjects' | 'allowedFunctions'): readonly ObjectPattern[] | undefined => {
    const texts = values[name]
    return texts && readPatterns(texts, nameOf(name), problems)
  }
  return { objects: read('allowedObjects'), functions: read('allowedFunctions') }
}

function readPatterns(texts: readonly string[], where: string, problems: Problem[]): readonly ObjectPattern[] {
  try {
    return parseObjectPatterns(texts, where)
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    problems.push(...error.problems)
    return []
  }
}
