// What takes too long for a test, but is written like one: `npm run prove`.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { include: ['**/*.prove.ts'], experimental: { viteModuleRunner: false }, testTimeout: 180_000 },
})
