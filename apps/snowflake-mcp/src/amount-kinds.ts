import { textList, type Kind } from './setting.ts'

const periodsMs: Readonly<Record<string, number>> = { s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/** Reads a list whose every element fits a pattern of `COUNT/PERIOD`; `off` is the empty one. */
function amounts<T>(
  raw: unknown,
  pattern: RegExp,
  toAmount: (calls: number, perMs: number, burst: number) => T,
): readonly T[] | undefined {
  if (raw === 'off') return []
  const found = textList.read(raw)?.map((item) => pattern.exec(item.replaceAll(' ', '')))
  const read = found?.flatMap((match) => {
    const [, calls = '', period = '', burst = '0'] = match ?? []
    const perMs = periodsMs[period]
    return perMs === undefined || Number(calls) === 0 ? [] : [toAmount(Number(calls), perMs, Number(burst))]
  })
  return read?.length === found?.length ? read : undefined
}

export const rates: Kind<readonly { readonly calls: number; readonly perMs: number; readonly burst: number }[]> = {
  placeholder: 'n/s+more',
  expected: 'rates such as 10/s+5 or 300/min, with commas between several, or off',
  read: (raw) => amounts(raw, /^(\d{1,9})\/(s|min|h)(?:\+(\d{1,9}))?$/, (calls, perMs, burst) => ({ calls, perMs, burst })),
  show: (list) => showAmounts(list),
}

export const quotas: Kind<readonly { readonly calls: number; readonly perMs: number }[]> = {
  placeholder: 'n/h',
  expected: 'quotas such as 1000/h or 10000/d, with commas between several, or off',
  read: (raw) => amounts(raw, /^(\d{1,9})\/(h|d)$/, (calls, perMs) => ({ calls, perMs })),
  show: (list) => showAmounts(list),
}

function periodOf(perMs: number): string {
  return Object.keys(periodsMs).find((name) => periodsMs[name] === perMs) ?? `${perMs} ms`
}

function showAmounts(list: readonly { readonly calls: number; readonly perMs: number; readonly burst?: number }[]): string {
  if (list.length === 0) return 'off'
  return list.map(({ calls, perMs, burst = 0 }) => `${calls}/${periodOf(perMs)}${burst === 0 ? '' : `+${burst}`}`).join(',')
}
