// A process of its own that makes a little sample data and says where: `node prepare-sample-data.ts DIRECTORY`.
import { systemClock } from '@squall/time'
import { stagingDb } from '../sample-data/databases/staging-db.ts'
import { prepareSampleData } from '../sample-data/prepare-sample-data.ts'

const files = await prepareSampleData(process.argv[2] ?? '', systemClock, [stagingDb])
console.log(JSON.stringify([...files.values()]))
