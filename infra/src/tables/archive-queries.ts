/** A query that the console of Athena offers, in the workgroup of the audit trail. */
export interface SavedQuery {
  readonly name: string;
  readonly description: string;
  readonly sql: string;
}

/** Without a first day a query would read, and bill, the whole trail. */
const SINCE = `dt >= date_format(current_date - interval '30' day, '%Y-%m-%d')`;

/**
 * Examples to begin with, over the last 30 days. A change may stand in the trail twice, with the same event id, so they
 * tell rows apart by it. Keys and images are JSON texts.
 */
export const SAVED_QUERIES: readonly SavedQuery[] = [
  {
    name: 'history-of-an-order',
    description: 'Every change of one order, in its order: put its id for ORDER_ID',
    sql: `SELECT DISTINCT eventid, at, kind, who, itemversion, changed, json_extract_scalar(new, '$.status') AS status
FROM orders
WHERE ${SINCE}
  AND json_extract_scalar(key, '$.orderId') = 'ORDER_ID'
ORDER BY itemversion`,
  },
  {
    name: 'ends-by-day',
    description: 'How many orders came to which end, by day',
    sql: `SELECT dt, json_extract_scalar(new, '$.status') AS status, count(DISTINCT json_extract_scalar(key, '$.orderId')) AS orders
FROM orders
WHERE ${SINCE}
  AND contains(changed, 'status')
  AND json_extract_scalar(new, '$.status') IN ('SHIPPED', 'REJECTED', 'CANCELLED', 'FAILED')
GROUP BY 1, 2
ORDER BY 1, 2`,
  },
  {
    name: 'movements-of-a-sku',
    description: 'Who moved the stock of one article, and to what: put its SKU for SKU_CODE',
    sql: `SELECT DISTINCT eventid, at, who, itemversion,
  json_extract_scalar(new, '$.available') AS available, json_extract_scalar(new, '$.allocated') AS allocated
FROM stock
WHERE ${SINCE}
  AND json_extract_scalar(key, '$.sku') = 'SKU_CODE'
ORDER BY itemversion`,
  },
  {
    name: 'unreadable-changes',
    description: 'Changes of orders that nobody could read, whole, and why',
    sql: `SELECT DISTINCT eventid, at, why, record
FROM orders
WHERE ${SINCE}
  AND unreadable
ORDER BY at`,
  },
];
