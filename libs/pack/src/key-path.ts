/** The way to a value in a pack: `['scenarios', 0, 'flow']`. */
export type KeyPath = readonly (string | number)[]

/** `scenarios[0].flow` */
export function toKeyPath(path: KeyPath): string {
  return path.map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`)).join('')
}

/** The opposite of `toKeyPath`, for keys without dots and brackets. */
export function parseKeyPath(text: string): KeyPath {
  return [...text.matchAll(/\[(\d+)]|([^.[\]]+)/g)].map(([, index, key = '']) => (index === undefined ? key : Number(index)))
}
