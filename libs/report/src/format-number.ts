const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const oneDecimal = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })

/** `12,345` */
export const formatCount = (count: number): string => whole.format(count)

/** `1 client`, `1,200 clients` */
export const formatClients = (count: number): string => `${formatCount(count)} client${count === 1 ? '' : 's'}`

/** A rate with as many decimals as help: `1,234`, `42.5`, `0.25`. What is above zero never reads as zero. */
export function formatRate(perSecond: number): string {
  if (perSecond === 0) return '0'
  if (perSecond < 0.01) return '<0.01'
  if (perSecond < 9.995) return perSecond.toFixed(2)
  return (perSecond < 99.95 ? oneDecimal : whole).format(perSecond)
}

/** A time with its unit and three digits at most: `0.42 ms`, `38 ms`, `1.25 s`, `14.0 s`; `–` for none. */
export function formatMs(ms: number | null): string {
  if (ms === null) return '–'
  if (ms === 0) return '0 ms'
  if (ms < 0.995) return `${ms.toFixed(2)} ms`
  if (ms < 9.95) return `${ms.toFixed(1)} ms`
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 9995) return `${(ms / 1000).toFixed(2)} s`
  return `${oneDecimal.format(ms / 1000)} s`
}

const twoDigits = (value: number): string => String(value).padStart(2, '0')

/** `45 s`, `2:05 min`, `1:00:00 h` */
export function formatDuration(seconds: number): string {
  const total = Math.round(seconds)
  if (total < 60) return Number.isInteger(seconds) || seconds >= 9.95 ? `${total} s` : `${seconds.toFixed(1)} s`
  const [hours, minutes, rest] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, twoDigits(total % 60)]
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${rest} h` : `${minutes}:${rest} min`
}

/** Powers of 1,024 with the units of IEC 80000-13: `512 B`, `1.4 MiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${whole.format(bytes)} B`
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), units.length)
  const scaled = bytes / 1024 ** power
  return `${(scaled >= 100 ? whole : oneDecimal).format(scaled)} ${units[power - 1] ?? ''}`
}

const units = ['KiB', 'MiB', 'GiB', 'TiB']

/** A share in percent: `0 %`, `0.03 %`, `1.2 %`, `45 %`. What is above zero never reads as zero, nor what is below one as the whole. */
export function formatShare(share: number): string {
  const percent = share * 100
  if (percent === 0) return '0 %'
  if (percent < 0.005) return '<0.01 %'
  if (percent < 0.995) return `${percent.toFixed(2)} %`
  if (percent < 9.95) return `${percent.toFixed(1)} %`
  if (percent < 99.5 || percent >= 100) return `${Math.round(percent)} %`
  return percent < 99.995 ? `${percent.toFixed(2)} %` : '>99.99 %'
}
