import { expect, test } from 'vitest'
import { defaultReportDirectory } from './default-report-directory.ts'

test('a report is found by its pack and its time, on every file system', () => {
  const wallMs = Date.UTC(2026, 10, 22, 10, 15, 30, 123)
  expect(defaultReportDirectory('heavy', wallMs)).toBe('squall-report/heavy-2026-11-22T10-15-30Z')
  expect(defaultReportDirectory('../my pack: v2', wallMs)).toBe('squall-report/..-my-pack-v2-2026-11-22T10-15-30Z')
})
