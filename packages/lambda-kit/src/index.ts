export { chosenAdapter } from './adapter.ts';
export { httpResult, type Answer } from './api/answer.ts';
export { Problem, type WrongField } from './api/problem.ts';
export { readBody, readQuery, refuseWrong } from './api/read-request.ts';
export { readRequest, type ApiEvent, type ApiRequest } from './api/request.ts';
export { apiHandler, type Routes } from './api/router.ts';
export { staffMember, staffOnly } from './api/staff.ts';
export { readAs, unknownParameters } from './api/wrong-fields.ts';
export { awsClientConfig } from './aws-client.ts';
export { asThrottled } from './aws-errors.ts';
export { bareError } from './bare-error.ts';
export { CacheUnavailable } from './cache/cache-unavailable.ts';
export { ItemCache, type Cacheable, type Cached } from './cache/item-cache.ts';
export { ReadThrough, type Source } from './cache/read-through.ts';
export { READER, WRITER, type CachePatience } from './cache/resp-connection.ts';
export { conditionalWrite, type Written } from './conditional-write.ts';
export {
  consumerHandler,
  domainEvent,
  eachEvent,
  UnreadableEvent,
  type BusEvent,
  type Consumer,
  type Failures,
} from './consumer-handler.ts';
export { withinDeadline } from './deadline.ts';
export { documentClient } from './document-client.ts';
export { requiredEnvironment } from './environment.ts';
export { GoodsTables, type ChunkMove, type ChunkMoved, type Marker } from './goods-tables.ts';
export { Ledger, LedgerOfAnotherProvider, SANDBOX, type LedgerDeed, type LedgerSubject } from './ledger.ts';
export { moveGoods, type GoodsStep } from './move-goods.ts';
export { ObjectStore, type StoredObject } from './object-store.ts';
export { OrdersTable, type Advance, type OrderWrite, type TransactItem } from './orders-table.ts';
export { sandboxAnswer, type SandboxRequest } from './sandbox-provider.ts';
export { MOST_SHOWN, type ProductWish } from './search/product-query.ts';
export {
  ProductSearch,
  PRODUCTS_ALIAS,
  type FoundProduct,
  type FoundProducts,
} from './search/product-search.ts';
export {
  at,
  listAt,
  SearchRefused,
  SearchService,
  SearchUnavailable,
  type SearchCall,
} from './search/search-service.ts';
export { serviceUrl, signedFetch, type SignedRequest, type SignedService } from './signed-request.ts';
export { stageHandler, type StageActions, type StageInput } from './stage-handler.ts';
export {
  closingOrder,
  refusedResult,
  type StageOutput,
  standing,
  type Standing,
  type Step,
  storedOrder,
  type StoredOrder,
  UnreadableOrder,
  validatedOrder,
} from './stored-order.ts';
export { orderIdOfEvent, orderIdsOf } from './order-ids.ts';
export { logger, metrics } from './telemetry.ts';
export {
  MOST_ADDITIONS,
  SummariesTable,
  type Addition,
  type SummaryKey,
  type SummaryRow,
} from './summaries-table.ts';
export { pauseFor, untilNoneLeft, type Pause } from './until-none-left.ts';
