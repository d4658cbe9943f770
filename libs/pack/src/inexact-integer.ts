/** Whether a whole number was written with more digits than a number of JavaScript holds: it would be sent as another one. */
export const isInexactInteger = (value: number, source: string): boolean =>
  Number.isInteger(value) && !Number.isSafeInteger(value) && /^[-+]?\d+$/.test(source)
