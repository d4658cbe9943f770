/** Elements of Snowflake's date formats, longest first, with those of strftime. */
const elements: readonly (readonly [string, string])[] = [
  ['YYYY', '%Y'],
  ['YY', '%y'],
  ['MMMM', '%B'],
  ['MON', '%b'],
  ['MM', '%m'],
  ['DD', '%d'],
  ['DY', '%a'],
  ['HH24', '%H'],
  ['HH12', '%I'],
  ['HH', '%H'],
  ['AM', '%p'],
  ['PM', '%p'],
  ['MI', '%M'],
  ['SS', '%S'],
  ['FF3', '%g'],
  ['FF6', '%f'],
  ['FF9', '%n'],
  ['FF', '%f'],
  ['TZHTZM', '%z'],
  ['TZH:TZM', '%z'],
  ['T', 'T'],
]

/** strftime's spelling of a Snowflake date format: `YYYY-MM-DD HH24:MI` is `%Y-%m-%d %H:%M`. Text in double quotes stays as it is. */
export function toStrftime(format: string): string {
  let result = ''
  for (let at = 0; at < format.length;) {
    const quoted = /^"([^"]*)"/.exec(format.slice(at))
    const rest = format.slice(at).toUpperCase()
    const element = elements.find(([name]) => rest.startsWith(name))
    result += quoted?.[1] ?? element?.[1] ?? format.charAt(at).replace('%', '%%')
    at += quoted?.[0].length ?? element?.[0].length ?? 1
  }
  return result
}
