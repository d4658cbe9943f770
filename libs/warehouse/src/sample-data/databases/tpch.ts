import type { SampleDatabase, SampleTable } from '../sample-database.ts'
import * as words from './tpch-words.ts'

/** A hundredth of what the schema's name promises; the comments say so. */
const scale = 0.01
const suppliers = 10_000 * scale
const parts = 200_000 * scale
const customers = 150_000 * scale
const orders = 1_500_000 * scale
const scaled = `Scaled down: generated locally at scale factor ${scale}, not 1`

/** Five words, each from a list of ten. */
const fiveWords = (choice: (unit: number) => string): string =>
  [words.adjectives, words.nouns, words.verbs, words.adjectives, words.nouns]
    .map((list, index) => `${list}[1 + ${choice(10 ** index)}]`)
    .join(" || ' ' || ")

const comment = (key: string): string => fiveWords((unit) => `digit('comment', ${key}, ${unit})`)

const phone = (stream: string, key: string, nation: string): string =>
  `(${nation} + 10) || '-' || between_('${stream}a', ${key}, 100, 999) || '-' || between_('${stream}b', ${key}, 100, 999) || '-' || between_('${stream}c', ${key}, 1000, 9999)`

const money = (cents: string): string => `CAST((${cents}) / 100.0 AS DECIMAL(12,2))`

/** The price of a part, section 4.2.3 of the specification. */
const retailPrice = (key: string): string => money(`90000 + (${key} // 10) % 20001 + 100 * (${key} % 1000)`)

/** The four suppliers of a part, section 4.2.3. */
const partSupplier = (part: string, index: string): string =>
  `(${part} + ${index} * (${suppliers} // 4 + (${part} - 1) // ${suppliers})) % ${suppliers} + 1`

/** The eight first of every 32 order keys are used. */
const orderKey = (row: string): string => `(${row} // 8) * 32 + ${row} % 8 + 1`

/** A third of the customers never order: those whose key is a multiple of three. */
const orderingCustomer = `1 + 3 * pick('o_cust', k, ${customers / 3}) + pick('o_cust2', k, 2)`

/** The lines of each order with their two hashes. */
const lineItemBase = `
  SELECT O_ORDERKEY, O_ORDERDATE, line, md5_number_lower('l/' || O_ORDERKEY || '/' || line) AS h1, md5_number_upper('l/' || O_ORDERKEY || '/' || line) AS h2
  FROM (SELECT *, unnest(range(1, between_('o_lines', O_ORDERKEY, 1, 7) + 1)) AS line FROM orders_base)`

const tables: readonly SampleTable[] = [
  {
    name: 'REGION',
    comment: 'Regions of the world',
    rows: `SELECT i AS R_REGIONKEY, ${words.regions}[i + 1] AS R_NAME, ${comment('i')} AS R_COMMENT FROM range(5) t(i)`,
  },
  {
    name: 'NATION',
    comment: 'Nations and the regions they lie in',
    rows: `SELECT CAST(k AS BIGINT) AS N_NATIONKEY, n AS N_NAME, CAST(r AS BIGINT) AS N_REGIONKEY, ${comment('k')} AS N_COMMENT
      FROM (VALUES ${words.nations.map(([name, region], key) => `(${key}, '${name}', ${region})`).join(', ')}) t(k, n, r)`,
  },
  {
    name: 'SUPPLIER',
    comment: scaled,
    rows: `SELECT k AS S_SUPPKEY, 'Supplier#' || lpad(k::VARCHAR, 9, '0') AS S_NAME, left(md5('s_addr' || k), 20) AS S_ADDRESS,
        n AS S_NATIONKEY, ${phone('s_ph', 'k', 'n')} AS S_PHONE, ${money("between_('s_bal', k, -99999, 999999)")} AS S_ACCTBAL,
        CASE WHEN k % 50 = 7 THEN 'carefully Customer even Complaints nag' WHEN k % 50 = 23 THEN 'quick Customer sly Recommends wake' ELSE ${comment('k')} END AS S_COMMENT
      FROM (SELECT k, pick('s_nat', k, 25) AS n FROM range(1, ${suppliers} + 1) t(k))`,
  },
  {
    name: 'PART',
    comment: scaled,
    rows: `SELECT k AS P_PARTKEY,
        choose('c1', k, ${words.colors}) || ' ' || choose('c2', k, ${words.colors}) || ' ' || choose('c3', k, ${words.colors}) || ' ' || choose('c4', k, ${words.colors}) || ' ' || choose('c5', k, ${words.colors}) AS P_NAME,
        'Manufacturer#' || m AS P_MFGR, 'Brand#' || m || between_('p_br', k, 1, 5) AS P_BRAND,
        choose('t1', k, ${words.typeSizes}) || ' ' || choose('t2', k, ${words.typeFinishes}) || ' ' || choose('t3', k, ${words.typeMetals}) AS P_TYPE,
        between_('p_size', k, 1, 50) AS P_SIZE, choose('k1', k, ${words.containerSizes}) || ' ' || choose('k2', k, ${words.containerKinds}) AS P_CONTAINER,
        ${retailPrice('k')} AS P_RETAILPRICE, ${comment('k')} AS P_COMMENT
      FROM (SELECT k, between_('p_mfgr', k, 1, 5) AS m FROM range(1, ${parts} + 1) t(k))`,
  },
  {
    name: 'PARTSUPP',
    comment: scaled,
    rows: `SELECT p AS PS_PARTKEY, ${partSupplier('p', 'i')} AS PS_SUPPKEY, between_('ps_qty', p || '/' || i, 1, 9999) AS PS_AVAILQTY,
        ${money("between_('ps_cost', p || '/' || i, 100, 100000)")} AS PS_SUPPLYCOST, ${comment("(p || '/' || i)")} AS PS_COMMENT
      FROM range(1, ${parts} + 1) t(p), range(4) u(i)`,
  },
  {
    name: 'CUSTOMER',
    comment: scaled,
    rows: `SELECT k AS C_CUSTKEY, 'Customer#' || lpad(k::VARCHAR, 9, '0') AS C_NAME, left(md5('c_addr' || k), 20) AS C_ADDRESS,
        n AS C_NATIONKEY, ${phone('c_ph', 'k', 'n')} AS C_PHONE, ${money("between_('c_bal', k, -99999, 999999)")} AS C_ACCTBAL,
        choose('c_seg', k, ${words.segments}) AS C_MKTSEGMENT, ${comment('k')} AS C_COMMENT
      FROM (SELECT k, pick('c_nat', k, 25) AS n FROM range(1, ${customers} + 1) t(k))`,
  },
  {
    name: 'LINEITEM',
    comment: scaled,
    // Sixty thousand rows: two hashes serve all the columns of a row, each of which reads digits of its own.
    rows: `WITH orders_base AS (SELECT ${orderKey('i')} AS O_ORDERKEY, DATE '1992-01-01' + pick('o_date', i, 2406)::INT AS O_ORDERDATE FROM range(${orders}) t(i)),
      base AS (${lineItemBase}),
      lines AS (SELECT *, 1 + slice(h1, 1, ${parts}) AS part, 1 + slice(h1, 1e4, 50) AS quantity,
        O_ORDERDATE + (1 + slice(h1, 1e6, 121))::INT AS shipped, O_ORDERDATE + (30 + slice(h1, 1e9, 61))::INT AS promised FROM base),
      received AS (SELECT *, shipped + (1 + slice(h1, 1e11, 30))::INT AS receipt FROM lines)
      SELECT O_ORDERKEY AS L_ORDERKEY, part AS L_PARTKEY, ${partSupplier('part', 'slice(h1, 1e13, 4)')} AS L_SUPPKEY, line AS L_LINENUMBER,
        CAST(quantity AS DECIMAL(12,2)) AS L_QUANTITY, CAST(quantity * ${retailPrice('part')} AS DECIMAL(12,2)) AS L_EXTENDEDPRICE,
        ${money('slice(h2, 1, 11)')} AS L_DISCOUNT, ${money('slice(h2, 1e2, 9)')} AS L_TAX,
        CASE WHEN receipt <= DATE '1995-06-17' THEN ['R', 'A'][1 + slice(h2, 1e3, 2)] ELSE 'N' END AS L_RETURNFLAG,
        CASE WHEN shipped > DATE '1995-06-17' THEN 'O' ELSE 'F' END AS L_LINESTATUS,
        shipped AS L_SHIPDATE, promised AS L_COMMITDATE, receipt AS L_RECEIPTDATE,
        ${words.instructions}[1 + slice(h2, 1e4, 4)] AS L_SHIPINSTRUCT, ${words.shipModes}[1 + slice(h2, 1e5, 7)] AS L_SHIPMODE,
        ${fiveWords((unit) => `slice(h2, ${1e7 * unit}, 10)`)} AS L_COMMENT
      FROM received ORDER BY L_ORDERKEY, L_LINENUMBER`,
  },
  {
    name: 'ORDERS',
    comment: scaled,
    rows: `WITH totals AS (SELECT L_ORDERKEY, sum(L_EXTENDEDPRICE * (1 + L_TAX) * (1 - L_DISCOUNT)) AS total,
        count(*) FILTER (WHERE L_LINESTATUS = 'F') AS finished, count(*) AS lines FROM LINEITEM GROUP BY L_ORDERKEY)
      SELECT ${orderKey('k')} AS O_ORDERKEY, ${orderingCustomer} AS O_CUSTKEY,
        CASE WHEN finished = lines THEN 'F' WHEN finished = 0 THEN 'O' ELSE 'P' END AS O_ORDERSTATUS,
        CAST(total AS DECIMAL(12,2)) AS O_TOTALPRICE, DATE '1992-01-01' + pick('o_date', k, 2406)::INT AS O_ORDERDATE,
        choose('o_prio', k, ${words.priorities}) AS O_ORDERPRIORITY, 'Clerk#' || lpad(between_('o_clerk', k, 1, 10)::VARCHAR, 9, '0') AS O_CLERK,
        CAST(0 AS BIGINT) AS O_SHIPPRIORITY, ${comment('k')} AS O_COMMENT
      FROM range(${orders}) t(k) JOIN totals ON L_ORDERKEY = ${orderKey('k')} ORDER BY O_ORDERKEY`,
  },
]

/** The share every Snowflake account knows, as far as TPC-H goes. */
export const tpch: SampleDatabase = {
  name: 'SNOWFLAKE_SAMPLE_DATA',
  comment: `TPC-H sample data. ${scaled}`,
  origin: 'SFSALESSHARED.SFC_SAMPLES_LOCAL.SAMPLE_DATA',
  isShare: true,
  schemas: [{ name: 'TPCH_SF1', comment: scaled, tables, views: [] }],
}
