/** The variables of a file with a `NAME=value` on each line; comments are left out. */
export const parseEnvironment = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from(text.matchAll(/^([A-Za-z_]\w*)=(.*)$/gm), ([, name = '', value = '']) => [name, value]))
