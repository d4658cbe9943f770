import { expect, test, vi } from 'vitest'

test('what comes after a second and a half is still waited for', async () => {
  const startMs = performance.now()
  const isThere = (): boolean => performance.now() - startMs > 1_500
  await vi.waitFor(() => expect(isThere()).toBe(true))
  await expect(vi.waitUntil(isThere)).resolves.toBe(true)
})

test('a time of its own is kept', async () => {
  await expect(vi.waitUntil(() => false, { timeout: 50 })).rejects.toThrow('Timed out')
  await expect(vi.waitUntil(() => false, 50)).rejects.toThrow('Timed out')
})
