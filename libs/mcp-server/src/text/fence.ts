/** Text as a markdown code block, whose fence is longer than any in the text. */
export function fence(language: string, text: string): string {
  let longest = 2
  for (const [ticks] of text.matchAll(/`+/g)) longest = Math.max(longest, ticks.length)
  const ticks = '`'.repeat(longest + 1)
  return `${ticks}${language}\n${text.trim()}\n${ticks}`
}
