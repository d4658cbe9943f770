import { seededRandom } from '@squall/time'
import { expect, test } from 'vitest'
import { changePoints } from './change-points.ts'
import { gaussian } from './test/gaussian.ts'

/** A history whose level steps, with noise of a twentieth. */
function history(levels: readonly { readonly runs: number; readonly ms: number }[], seed: number): number[] {
  const noise = gaussian(seededRandom(seed))
  return levels.flatMap(({ runs, ms }) => Array.from({ length: runs }, () => Math.log(ms) + 0.05 * noise()))
}

const detect = (values: readonly number[]) => changePoints(values, { random: seededRandom(1) })

test('steps of a fifth are found within one run, each and nothing else', () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const found = detect(
      history(
        [
          { runs: 30, ms: 100 },
          { runs: 25, ms: 120 },
          { runs: 30, ms: 95 },
        ],
        seed,
      ),
    ).map(({ index }) => index)
    expect(found.length, `seed ${seed}`).toBe(2)
    expect(Math.abs((found[0] ?? 0) - 30), `seed ${seed}: ${found.join()}`).toBeLessThanOrEqual(1)
    expect(Math.abs((found[1] ?? 0) - 55), `seed ${seed}: ${found.join()}`).toBeLessThanOrEqual(1)
  }
})

test('a level history has no change, but for one time in a hundred or so', () => {
  const histories = Array.from({ length: 60 }, (_, seed) => history([{ runs: 50, ms: 100 }], seed + 100))
  expect(histories.filter((values) => detect(values).length > 0).length).toBeLessThanOrEqual(3)
})

test('one odd run is no change, and short or constant histories have none', () => {
  const values = history([{ runs: 40, ms: 100 }], 5)
  values[20] = Math.log(400)
  expect(detect(values)).toEqual([])
  expect(detect([1, 2, 3, 9, 9, 9, 9])).toEqual([])
  expect(detect(Array.from({ length: 30 }, () => 1))).toEqual([])
  expect(detect([])).toEqual([])
})

test('a change of spread alone is a change', () => {
  const noise = gaussian(seededRandom(3))
  const values = [...Array.from({ length: 60 }, () => 0.01 * noise()), ...Array.from({ length: 60 }, () => noise())]
  const [first] = detect(values)
  expect(Math.abs((first?.index ?? 0) - 60)).toBeLessThanOrEqual(5)
  expect(first?.pValue).toBeLessThanOrEqual(0.01)
})

/** Yearly flow of the Nile at Aswan, 1871 to 1970, in 10^8 m³ (G. W. Cobb, Biometrika 65, 1978): the level fell in 1899. */
const nile = [
  1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140, 1100, 1210,
  1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969, 831, 726, 456, 824, 702, 1120,
  1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759, 781, 865, 845, 944, 984, 897, 822, 1010, 771, 676, 649,
  846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746,
  919, 718, 714, 740,
]

test('the Nile fell in 1899', () => {
  expect(nile.length).toBe(100)
  expect(detect(nile.map(Math.log)).map(({ index }) => 1871 + index)).toEqual([1899])
})
