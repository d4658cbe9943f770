import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

const script = `
  import { registerHooks } from 'node:module'
  const loaded = []
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
  await import('@squall/fabric')
  console.log(JSON.stringify(loaded))`

test('who makes load on one machine does not load what speaks to Redis', () => {
  const args = ['--conditions=@squall/source', '--input-type=module', '--eval', script]
  const loaded = JSON.parse(execFileSync(process.execPath, args, { cwd: import.meta.dirname, encoding: 'utf8' })) as string[]
  expect(loaded.filter((url) => url.includes('/libs/fabric/src/')).length).toBeGreaterThan(5)
  expect(loaded.filter((url) => /\/node_modules\/(bullmq|ioredis)\//.test(url))).toEqual([])
})
