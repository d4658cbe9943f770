// Bundles the engine with the workspace's own libs, which are not published; dependencies from npm stay outside.
import { defineConfig } from 'vite'

export default defineConfig({
  resolve: { conditions: ['@squall/source'] },
  ssr: { resolve: { conditions: ['@squall/source'] }, noExternal: [/^@squall\//] },
  build: {
    ssr: 'src/index.ts',
    outDir: 'bundle',
    target: 'node22',
    minify: false,
    sourcemap: true,
    emptyOutDir: true,
    // What only other parts of a lib use must not become a dependency of the engine.
    rolldownOptions: { treeshake: { moduleSideEffects: false } },
  },
})
