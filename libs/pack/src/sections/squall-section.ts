import { shapeSection } from '@squall/load-plan'
import { z } from 'zod'
import { proxyUrl } from './connection-section.ts'
import { clientCount, duration, oneOf, perSecond, someDuration, text, wholeNumber } from '../fields.ts'
import { thresholds } from './thresholds-section.ts'

export const clients = clientCount()
export const spawnRate = perSecond('a number of clients per second')
export const seed = wholeNumber(0)

export const rate = perSecond('a number of arrivals per second')

/** How many iterations there are to be: a number is of each client. */
const iterations = z.preprocess(
  (value) => (typeof value === 'object' ? value : { perClient: value }),
  z
    .strictObject(
      { perClient: wholeNumber(1).optional(), total: wholeNumber(1).optional() },
      'a whole number of at least 1, or a mapping with perClient and total',
    )
    .refine(({ perClient, total }) => perClient !== undefined || total !== undefined, 'perClient, total or both'),
)

/** `config.squall`: what Squall reads and stock Artillery does not. */
export const squallSection = z.strictObject(
  {
    /** The target under Squall where it differs from Artillery's. */
    target: text('"embedded", or a URL').optional(),
    model: oneOf(['closed', 'open']).optional(),
    clients: clients.optional(),
    spawnRate: spawnRate.optional(),
    /** Arrivals per second of an open pack without phases: constant, or the peak of its shape. */
    rate: rate.optional(),
    duration: someDuration.optional(),
    /** How clients, or arrivals, come and go over time. */
    shape: shapeSection.optional(),
    iterations: iterations.optional(),
    /** Of an open pack: arrivals that find as many clients there are dropped and counted. */
    maxClients: clients.optional(),
    thresholds: thresholds.optional(),
    warmUp: duration.optional(),
    maxLag: duration.optional(),
    seed: seed.optional(),
    proxy: proxyUrl.optional(),
    spacing: oneOf(['constant', 'poisson']).optional(),
  },
  'a mapping of settings such as clients, spawnRate, duration and thresholds',
)

export type SquallSection = z.output<typeof squallSection>
