export {
  ACTIVITY_DAYS,
  activitySchema,
  storedActivity,
  type Activity,
  type ActivityType,
  type StoredActivity,
} from './activity.ts';
export {
  archiveFolder,
  archiveKey,
  auditLine,
  type AuditCircumstances,
  type AuditLine,
  type UnreadableLine,
} from './audit.ts';
export {
  cachedOrderSchema,
  cachedProductSchema,
  cacheKey,
  type CachedKind,
  type CachedOrder,
  type CachedProduct,
} from './cache-entry.ts';
export { chunksOf, CHUNK_SKUS, type Chunk, type ChunkState } from './allocation.ts';
export { readChange, UnreadableChange, type ItemChange, type Reaction } from './change.ts';
export { closingFor } from './closing.ts';
export {
  AlreadyClosed,
  BUSINESS_ERRORS,
  BusinessError,
  CancellationRequested,
  CarrierUnavailable,
  ClosingUnfinished,
  InvalidStageInput,
  OrderInvalid,
  OrderNotFound,
  OrderstreamError,
  OutOfStock,
  PaymentDeclined,
  PaymentGatewayUnavailable,
  RETRYABLE_ERRORS,
  RetryableError,
  Throttled,
  UndeliverableAddress,
} from './errors.ts';
export {
  EVENT_SOURCES,
  MOST_EVENT_LINES,
  ORDER_EVENTS,
  PRODUCT_EVENTS,
  STOCK_EVENTS,
  type EventType,
  type OrderEventType,
} from './event-names.ts';
export {
  eventSchema,
  orderEventSchema,
  productEventSchema,
  stockEventSchema,
  type DomainEvent,
  type OrderEvent,
  type ProductEvent,
  type StockEvent,
} from './events.ts';
export {
  customersNamed,
  forgottenLine,
  isForgotten,
  PERSONAL_FIELDS,
  SECRET_FIELDS,
  withoutFields,
  type Forgetting,
} from './forget.ts';
export {
  executionName,
  firstItemVersion,
  INDEX_SHARDS,
  isOrderId,
  isSku,
  openShard,
  orderOfExecution,
  placedShard,
} from './ids.ts';
export { isRecord, shown } from './image-values.ts';
export { isInstant } from './instant.ts';
export { netCharged, shipmentCount, type LedgerEntry, type LedgerState } from './ledger.ts';
export { LISTENERS } from './listeners.ts';
export {
  chargeAmount,
  compareMoney,
  formatMoney,
  isDecimal,
  linesTotal,
  minorUnitDigits,
  multiplyMoney,
  orderTotal,
  sumMoney,
  type Decimal,
} from './money.ts';
export {
  addressSchema,
  MOST_LINES,
  orderHeaderSchema,
  orderIdSchema,
  orderLineSchema,
  orderProblems,
  orderSchema,
  skuSchema,
  type Address,
  type Closing,
  type Order,
  type OrderHeader,
  type OrderLine,
} from './order.ts';
export { isPlainText, PLAIN_TEXT_RULE } from './plain-text.ts';
export { DEFAULT_PRICING, priceOrder, salePriceSchema, type PricingPolicy } from './pricing.ts';
export { productSchema, type Product } from './product.ts';
export { RECEIPT_PREFIX, receiptMarker, type ReceiptMarker } from './receipt.ts';
export {
  endedOrder,
  SALE_CHUNK_SKUS,
  SALES_POINTER,
  SALES_SHARDS,
  salesChunks,
  salesGeneration,
  salesMonth,
  salesMonths,
  salesPartition,
  salesShard,
  UncountableOrder,
  type LostSale,
  type Sale,
  type SalesAddition,
  type SalesChunk,
} from './sales.ts';
export {
  foldFunnel,
  monthWithin,
  SALES_BY,
  salesBuckets,
  SalesFold,
  salesTotal,
  shownSales,
  type Days,
  type Funnel,
  type SalesBy,
  type SalesFigure,
  type SalesRow,
  type SalesTotal,
} from './sales-figures.ts';
export {
  carrierBehaviour,
  chargeKey,
  paymentBehaviour,
  shipmentKey,
  type SandboxBehaviour,
} from './sandbox.ts';
export { indexWrite, type IndexWrite, type ProductSnapshot, type SearchDocument } from './search-document.ts';
export {
  hasReached,
  isOpen,
  isOrderStatus,
  mayMove,
  OPEN_STATUSES,
  ORDER_STATUSES,
  TRANSITIONS,
  type ClosedAs,
  type OrderStatus,
} from './status.ts';
export { LOW_STOCK_MARK, stockMarkCrossed } from './stock-mark.ts';
export { stockSchema, type Stock } from './stock.ts';
export { fromStripeAmount, isStripeCurrency, toStripeAmount } from './stripe-amount.ts';
export {
  COMPENSATION,
  DISPATCHED_AT_ONCE,
  STAGES,
  startRequest,
  TIMEOUTS,
  workflowStart,
  type StageName,
  type WorkflowStart,
} from './workflow.ts';
