import { expect, test } from 'vitest'
import { detectClientType } from '../libs/session/src/client-type.ts'
import { clientKinds } from '../libs/virtual-client/src/kinds/client-kinds.ts'

// The two sides never import each other; what one says of itself, the other has to know all the same.
test.each(clientKinds.map((kind) => [kind.name, kind] as const))('the server takes a virtual %s for one', (name, kind) => {
  const transport = name === 'websocket_client' ? 'websocket' : 'http'
  expect(detectClientType({ name: kind.clientInfo.name, userAgent: kind.userAgent, transport })).toBe(name)
})
