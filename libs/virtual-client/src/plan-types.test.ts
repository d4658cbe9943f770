import type { AnswersPlan, AuthPlan, LoadPlan } from '@squall/load-plan'
import type { ClientAnswers, ClientCredentialsOptions, TlsOptions } from '@squall/mcp-wire'
import { expectTypeOf, test } from 'vitest'

// A plan is plain data in the core, which knows no wire client. What both say must be the same; where it is not, types do not check.

test('what a plan says of answers is what the wire client takes', () => {
  expectTypeOf<AnswersPlan>().toEqualTypeOf<ClientAnswers>()
})

test('what a plan says of sign-in is what a source of tokens takes, but for what only one of them knows', () => {
  type OfPlan = Omit<AuthPlan, 'type' | 'perClient'>
  type OfWire = Omit<ClientCredentialsOptions, 'clock' | 'target' | 'timeoutMs' | 'tls' | 'proxyUrl'>
  expectTypeOf<OfPlan>().toEqualTypeOf<OfWire>()
})

test('what a plan says of TLS the wire client takes, and nothing is left out', () => {
  type OfPlan = NonNullable<LoadPlan['tls']>
  expectTypeOf<OfPlan>().toExtend<TlsOptions>()
  expectTypeOf<keyof OfPlan>().toEqualTypeOf<keyof TlsOptions>()
})
