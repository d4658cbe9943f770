import type { FailureSample } from '@squall/metrics'

/** The first failed call of a code in one line: `execute_query: the server answered with status 500`. Empty where none was kept. */
export function exampleOf(code: string, samples: readonly FailureSample[]): string {
  const sample = samples.find((one) => one.code === code)
  return sample === undefined ? '' : `${sample.name === '' ? sample.method : sample.name}: ${whatHappened(sample)}`
}

/** Of a tool that reports failure itself, what it says tells more than that it does. */
function whatHappened({ code, message, reply }: FailureSample): string {
  return code === 'tool.is_error' && reply !== '' ? `answered ${reply}` : message
}
