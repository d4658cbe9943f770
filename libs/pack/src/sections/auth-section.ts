import { z } from 'zod'
import { oneOf, text, trueOrFalse } from '../fields.ts'

const url = z.url({ protocol: /^https?$/, error: 'a whole URL that begins with http:// or https://' })

/** `mcp.auth`: how clients come by their access tokens. */
export const authSection = z
  .strictObject(
    {
      type: oneOf(['client_credentials']),
      /** Found by the server's own metadata unless given. */
      tokenUrl: url.exactOptional(),
      clientId: text('the id under which the client is registered'),
      clientSecret: text('the secret of the client').exactOptional(),
      /** In PEM: the client signs with it instead of sending a secret. */
      privateKey: text('the private key of the client, in PEM').exactOptional(),
      scope: text('scopes, with spaces between them').exactOptional(),
      audience: text('a name of the server').exactOptional(),
      resource: url.exactOptional(),
      /** Whether each client asks for a token of its own. */
      perClient: trueOrFalse.exactOptional(),
    },
    'a mapping of settings such as type, clientId and clientSecret',
  )
  .refine(({ clientSecret, privateKey }) => (clientSecret === undefined) !== (privateKey === undefined), {
    error: 'one of clientSecret and privateKey',
    path: ['clientSecret'],
  })
