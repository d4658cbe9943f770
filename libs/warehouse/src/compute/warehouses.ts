import type { Clock } from '@squall/time'
import { Warehouse, type WarehouseSettings } from './warehouse.ts'

/** The names of the warehouses there are. */
const warehouseNames = ['COMPUTE_WH', 'ANALYTICS_WH', 'LOAD_WH'] as const

/** The one a session has that names none. */
export const defaultWarehouse = 'COMPUTE_WH'

/** All warehouses of the account. */
export class Warehouses {
  readonly #byName: ReadonlyMap<string, Warehouse>

  constructor(clock: Clock) {
    this.#byName = new Map(warehouseNames.map((name) => [name, new Warehouse(name, clock)]))
  }

  get(name: string | null): Warehouse | undefined {
    return name === null ? undefined : this.#byName.get(name)
  }

  all(): Warehouse[] {
    return [...this.#byName.values()]
  }

  /** Sets all of them, and starts those that are suspended. */
  configureAll(settings: WarehouseSettings): void {
    for (const warehouse of this.all()) {
      warehouse.configure(settings)
      warehouse.start()
    }
  }
}
