/** Splits a command line into program and arguments, as written: quotes keep spaces together, nothing is expanded. */
export function splitCommandLine(commandLine: string): readonly string[] {
  const words: string[] = []
  for (const [word] of commandLine.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)) {
    words.push(word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'))
  }
  return words
}
