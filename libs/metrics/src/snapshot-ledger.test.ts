import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SnapshotLedger } from './snapshot-ledger.ts'

test('each snapshot is admitted exactly once, in whatever order they come', () => {
  const entry = fc.tuple(fc.nat(2), fc.nat(1), fc.nat(15))
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 100 }), (entries) => {
      const ledger = new SnapshotLedger()
      const seen = new Set<string>()
      for (const [shard, epoch, sequence] of entries) {
        const name = `${shard}/${epoch}/${sequence}`
        expect(ledger.admit(shard, epoch, sequence)).toBe(!seen.has(name))
        seen.add(name)
      }
    }),
  )
})
