// A process of its own that makes sample data and says where: `node prepare-sample-data.ts DIRECTORY`.
import { systemClock } from '@squall/time'
import { prepareSampleData } from '../sample-data/prepare-sample-data.ts'

const files = await prepareSampleData(process.argv[2] ?? '', systemClock)
console.log(JSON.stringify([...files.values()]))
