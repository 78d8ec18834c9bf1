import { broken, type Breakage } from './broken.fixture.ts';

const isStuck = broken('functions reach what they call');

const ORDER_API = 'aws_lambda_function.customers_order-api_function';
const REFRESH_CACHE = 'aws_lambda_function.consumers_refresh-cache_function';
const INDEX_PRODUCTS = 'aws_lambda_function.consumers_index-products_function';
/** What stands in the network, and which of it uses what. */
const INSIDE = [ORDER_API, REFRESH_CACHE, INDEX_PRODUCTS];
const SEARCHING = [ORDER_API, INDEX_PRODUCTS];
const CACHING = [ORDER_API, REFRESH_CACHE];
const INGRESS = 'aws_vpc_security_group_ingress_rule';
const EGRESS = 'aws_vpc_security_group_egress_rule';

/** Ways in which functions are kept from what they call. */
export const BROKEN_NETWORK: readonly Breakage[] = [
  isStuck(
    'a function may not enter its network',
    (stack) => stack.forbid('customers_order-api_role_policy', 'ec2:CreateNetworkInterface'),
    `${ORDER_API}: its role may not put it into its subnets`,
  ),
  isStuck(
    'a function in the network is allowed what it cannot reach',
    (stack) =>
      stack.allow('customers_order-api_role_policy', {
        Action: ['events:PutEvents'],
        Resource: ['${aws_cloudwatch_event_bus.bus.arn}'],
      }),
    `${ORDER_API}: events:PutEvents on arn:aws:events:eu-west-1:123456789012:event-bus/orderstream-local has no way out of its network`,
  ),
  isStuck(
    'the endpoint does not let a table through',
    (stack) =>
      stack.statements(['aws_vpc_endpoint', 'network_dynamodb'], (all) =>
        all.map((one) => ({
          ...one,
          Resource: one.Resource.filter((each) => !each.includes('tables_activity')),
        })),
      ),
    `${ORDER_API}: dynamodb:BatchWriteItem on arn:aws:dynamodb:eu-west-1:123456789012:table/orderstream-local-activity has no way out of its network`,
  ),
  isStuck(
    'no security group lets functions out to the tables',
    (stack) => stack.remove(EGRESS, 'network_functions-to-dynamodb'),
    ...INSIDE.map((one) => `${one}: is not let out to aws_vpc_endpoint.network_dynamodb`),
  ),
  isStuck(
    'functions are let out to the tables at another port',
    (stack) => {
      Object.assign(stack.at(EGRESS, 'network_functions-to-dynamodb'), { from_port: 80, to_port: 80 });
    },
    ...INSIDE.map((one) => `${one}: is not let out to aws_vpc_endpoint.network_dynamodb`),
  ),
  isStuck(
    'one of two subnets has no route',
    (stack) => stack.remove('aws_route_table_association', 'network_subnet-2-routes'),
    ...INSIDE.map(
      (one) => `${one}: has no route from aws_subnet.network_subnet-2 to aws_vpc_endpoint.network_dynamodb`,
    ),
  ),
  ...[
    [EGRESS, 'network_functions-to-search'] as const,
    [INGRESS, 'network_search-from-functions'] as const,
  ].map(([type, id]) =>
    isStuck(
      `the search is not opened to functions: ${id}`,
      (stack) => stack.remove(type, id),
      ...SEARCHING.map((one) => `${one}: is not let in to aws_opensearch_domain.search_domain at port 443`),
    ),
  ),
  isStuck(
    'the cache is opened at a port where it does not listen',
    (stack) => {
      stack.at('aws_elasticache_replication_group', 'cache_group')['port'] = 6380;
    },
    ...CACHING.map(
      (one) => `${one}: is not let in to aws_elasticache_replication_group.cache_group at port 6380`,
    ),
  ),
  isStuck(
    'a function outside the network is told of the cache',
    (stack) => {
      delete stack.at('aws_lambda_function', 'consumers_refresh-cache_function')['vpc_config'];
    },
    `${REFRESH_CACHE}: is not let in to aws_elasticache_replication_group.cache_group at port 6379`,
  ),
];
