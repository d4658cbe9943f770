/** Whether a text can stand in an HTTP header as it is. */
const plain = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/
const sentinel = /^=\?base64\?.*\?=$/

/**
 * A tool's name or a resource's URI as a header value: as it is, or in Base64 between marks where it could not pass.
 * Source: MCP 2026-07-28, "Standard request headers".
 */
export function headerText(value: string): string {
  return plain.test(value) && !sentinel.test(value) ? value : `=?base64?${Buffer.from(value).toString('base64')}?=`
}
