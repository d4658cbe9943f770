import { expect, test } from 'vitest'
import { changed, load, problemsOf } from './test/write-pack.ts'

const pack = changed('spawnRate: 5', 'shape: { ./waves.ts: { waves: 2 } }')

test("a user's own TypeScript makes the stages, once, when the pack is loaded [L5]", () => {
  const file = `
    interface Frame { readonly peak: number; readonly durationMs: number; readonly options: { readonly waves: number } }
    export function shape({ peak, durationMs, options }: Frame) {
      const partMs = durationMs / options.waves / 2
      return Array.from({ length: options.waves }).flatMap((_, wave) => [
        { name: \`wave \${wave + 1}\`, durationMs: partMs, from: 0, to: peak },
        { durationMs: partMs, from: peak, to: 0 },
      ])
    }`
  expect(load(pack, { files: { 'waves.ts': file } }).plan.model).toMatchObject({
    stages: [
      { name: 'wave 1', durationMs: 15_000, from: 0, to: 20 },
      { name: '', durationMs: 15_000, from: 20, to: 0 },
      { name: 'wave 2', durationMs: 15_000, from: 0, to: 20 },
      { name: '', durationMs: 15_000, from: 20, to: 0 },
    ],
  })
})

test.each([
  ['a file that exports something else', 'export const form = 1', 'it exports no function named shape'],
  ['a file that is no TypeScript', 'export function shape(', 'shape'],
  ['a function that fails', 'export function shape() { throw new Error("no waves today") }', 'no waves today'],
  ['what is no list', 'export const shape = () => 5', 'a list of stages { name, durationMs, from, to }'],
  ['no stages at all', 'export const shape = () => []', 'at least one stage'],
  ['a stage without a length', 'export const shape = () => [{ durationMs: 0, from: 1, to: 1 }]', 'milliseconds above 0'],
  ['fewer than no clients', 'export const shape = () => [{ durationMs: 1, from: -1, to: 1 }]', 'a number of at least 0'],
])('%s is refused', (_, file, said) => {
  const problems = problemsOf(pack, { files: { 'waves.ts': file } })
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(said)
})

test('a file that is not there is refused', () => {
  expect(problemsOf(pack)[0]).toContain('config.squall.shape: found "./waves.ts"')
})
