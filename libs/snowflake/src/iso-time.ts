/** Snowflake sends instants as decimal seconds since 1970, up to nanoseconds: too fine for a Date's milliseconds. */
interface Instant {
  readonly seconds: bigint
  /** Decimals of the second as digits, trailing zeros cut. */
  readonly fraction: string
}

const secondsPattern = /^(-?)(\d+)(?:\.(\d{1,9}))?$/
const secondsPerDay = 86_400n

/** Days since 1970 as `2024-02-29`. */
export function isoDate(days: string): string {
  return dateText(parseInstant(days, 'DATE').seconds)
}

/** Seconds since midnight as `23:59:59.5`. */
export function isoTime(seconds: string): string {
  const instant = parseInstant(seconds, 'TIME')
  return timeText(instant)
}

/** Seconds since 1970 as `2024-02-29T12:00:00.123456789`, with a suffix for the zone. */
export function isoTimestamp(seconds: string, zone: string): string {
  return `${timestampText(parseInstant(seconds, 'TIMESTAMP'))}${zone}`
}

/** `seconds zone`, the zone in minutes east of Greenwich plus 1440, as `2024-02-29T14:00:00+02:00`. */
export function isoOffsetTimestamp(text: string): string {
  const [seconds = '', zone = ''] = text.split(' ')
  const offsetMinutes = Number(zone) - 1_440
  if (zone === '' || !Number.isInteger(offsetMinutes) || Math.abs(offsetMinutes) > 1_440) throw unreadable(text, 'TIMESTAMP_TZ')
  const instant = parseInstant(seconds, 'TIMESTAMP_TZ')
  const local = { ...instant, seconds: instant.seconds + BigInt(offsetMinutes) * 60n }
  return `${timestampText(local)}${offsetText(offsetMinutes)}`
}

function parseInstant(text: string, type: string): Instant {
  const match = secondsPattern.exec(text)
  if (!match) throw unreadable(text, type)
  const [, sign, whole = '', decimals = ''] = match
  if (sign === '') return { seconds: BigInt(whole), fraction: decimals.replace(/0+$/, '') }
  // Half a second before 1970 is -1 second and half a second.
  const nanos = BigInt(decimals.padEnd(9, '0'))
  if (nanos === 0n) return { seconds: -BigInt(whole), fraction: '' }
  const fraction = String(1_000_000_000n - nanos).padStart(9, '0')
  return { seconds: -BigInt(whole) - 1n, fraction: fraction.replace(/0+$/, '') }
}

function timestampText({ seconds, fraction }: Instant): string {
  const days = floorDivide(seconds, secondsPerDay)
  return `${dateText(days)}T${timeText({ seconds: seconds - days * secondsPerDay, fraction })}`
}

function dateText(days: bigint): string {
  const iso = new Date(Number(days * secondsPerDay) * 1_000).toISOString()
  return iso.slice(0, iso.indexOf('T'))
}

function timeText({ seconds, fraction }: Instant): string {
  const clock = [seconds / 3_600n, (seconds / 60n) % 60n, seconds % 60n].map((part) => String(part).padStart(2, '0')).join(':')
  return fraction === '' ? clock : `${clock}.${fraction}`
}

function offsetText(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`
}

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  return dividend % divisor < 0n ? quotient - 1n : quotient
}

function unreadable(text: string, type: string): TypeError {
  return new TypeError(`"${text}" is no ${type}`)
}
