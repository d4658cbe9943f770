import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Signer } from './signer.ts'

const signer = new Signer()

test('what was signed opens to itself', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[^~]*$/), (text) => {
      expect(signer.open(signer.sign(text))).toBe(text)
    }),
  )
})

test('nothing else opens: other text, cut or changed signatures, another process', () => {
  const signed = signer.sign('session.7')
  const forged = signed.replace('session.7', 'session.8')
  const cut = signed.slice(0, -1)
  const changed = `${cut}${signed.endsWith('A') ? 'B' : 'A'}`
  for (const token of [forged, cut, changed, 'session.7', '', '~', new Signer().sign('session.7')])
    expect(signer.open(token)).toBeUndefined()
})
