// Artillery takes an engine's default export, or else the whole namespace.
export { McpEngine as default, McpEngine } from './mcp-engine.ts'
