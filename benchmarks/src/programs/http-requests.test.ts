import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type HttpRequest, takeRequests } from './http-requests.ts'

const toText = ({ verb, path, body }: HttpRequest): string =>
  `${verb} ${path} HTTP/1.1\r\nhost: target\r\nContent-Length: ${body.length}\r\naccept: */*\r\n\r\n${body}`

test('requests come out whole, however the network cuts them', () => {
  const request = fc.record({
    verb: fc.constantFrom('POST', 'DELETE'),
    path: fc.constant('/mcp?a=b'),
    body: fc.stringMatching(/^[ -~]*$/),
  })
  fc.assert(
    fc.property(fc.array(request), fc.nat(), (sent, somewhere) => {
      const text = sent.map(toText).join('')
      const cut = text.length === 0 ? 0 : somewhere % text.length
      const first = takeRequests(text.slice(0, cut))
      const second = takeRequests(first.rest + text.slice(cut))
      expect([...first.requests, ...second.requests]).toEqual(sent)
      expect(second.rest).toBe('')
    }),
  )
})

test('a request without a length has no body', () => {
  expect(takeRequests('GET /counts HTTP/1.1\r\n\r\n').requests).toEqual([{ verb: 'GET', path: '/counts', body: '' }])
})
