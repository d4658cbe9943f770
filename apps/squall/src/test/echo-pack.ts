/** A pack of clients that call `echo` twenty times a second each. */
export function echoPack(settings = 'clients: 3, spawnRate: 100, duration: 1s'): string {
  return `config:
  squall: { ${settings} }
scenarios:
  - engine: mcp
    flow: [ { callTool: { name: echo, arguments: { text: hi } } }, { think: 0.05 } ]
`
}
