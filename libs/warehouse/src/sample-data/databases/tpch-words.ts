/** Word lists of the TPC-H specification, section 4.2.2.13, as far as the queries look at them. */
const list = (words: string): string =>
  `[${words
    .split(', ')
    .map((word) => `'${word}'`)
    .join(', ')}]`

export const colors = list(
  'almond, antique, aquamarine, azure, beige, bisque, black, blanched, blue, blush, brown, burlywood, burnished, chartreuse, chiffon, chocolate, coral, cornflower, cornsilk, cream, cyan, dark, deep, dim, dodger, drab, firebrick, floral, forest, frosted, gainsboro, ghost, goldenrod, green, grey, honeydew, hot, indian, ivory, khaki, lace, lavender, lawn, lemon, light, lime, linen, magenta, maroon, medium, metallic, midnight, mint, misty, moccasin, navajo, navy, olive, orange, orchid, pale, papaya, peach, peru, pink, plum, powder, puff, purple, red, rose, rosy, royal, saddle, salmon, sandy, seashell, sienna, sky, slate, smoke, snow, spring, steel, tan, thistle, tomato, turquoise, violet, wheat, white, yellow',
)
export const typeSizes = list('STANDARD, SMALL, MEDIUM, LARGE, ECONOMY, PROMO')
export const typeFinishes = list('ANODIZED, BURNISHED, PLATED, POLISHED, BRUSHED')
export const typeMetals = list('TIN, NICKEL, BRASS, STEEL, COPPER')
export const containerSizes = list('SM, LG, MED, JUMBO, WRAP')
export const containerKinds = list('CASE, BOX, BAG, JAR, PKG, PACK, CAN, DRUM')
export const segments = list('AUTOMOBILE, BUILDING, FURNITURE, MACHINERY, HOUSEHOLD')
export const priorities = list('1-URGENT, 2-HIGH, 3-MEDIUM, 4-NOT SPECIFIED, 5-LOW')
export const instructions = list('DELIVER IN PERSON, COLLECT COD, NONE, TAKE BACK RETURN')
export const shipModes = list('REG AIR, AIR, RAIL, SHIP, TRUCK, MAIL, FOB')
export const nouns = list(
  'packages, requests, accounts, deposits, foxes, ideas, theodolites, instructions, dependencies, excuses',
)
export const verbs = list('sleep, wake, are, cajole, haggle, nag, use, boost, affix, detect')
export const adjectives = list('special, pending, unusual, express, furious, sly, careful, blithe, quick, fluffy')
export const regions = list('AFRICA, AMERICA, ASIA, EUROPE, MIDDLE EAST')

/** Nations in the order of their keys, each with the key of its region. */
export const nations: readonly (readonly [string, number])[] = [
  ['ALGERIA', 0],
  ['ARGENTINA', 1],
  ['BRAZIL', 1],
  ['CANADA', 1],
  ['EGYPT', 4],
  ['ETHIOPIA', 0],
  ['FRANCE', 3],
  ['GERMANY', 3],
  ['INDIA', 2],
  ['INDONESIA', 2],
  ['IRAN', 4],
  ['IRAQ', 4],
  ['JAPAN', 2],
  ['JORDAN', 4],
  ['KENYA', 0],
  ['MOROCCO', 0],
  ['MOZAMBIQUE', 0],
  ['PERU', 1],
  ['CHINA', 2],
  ['ROMANIA', 3],
  ['SAUDI ARABIA', 4],
  ['VIETNAM', 2],
  ['RUSSIA', 3],
  ['UNITED KINGDOM', 3],
  ['UNITED STATES', 1],
]
