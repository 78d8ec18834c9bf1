import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { ROOT } from '../prepare.ts';
import { sampleOrders } from '../sample/orders.ts';
import { guestBeside } from '../sample/visits.ts';
import { GUEST_VISITS } from './demand.ts';
import { QUOTAS } from './quotas.ts';
import { ORDERS_PARALLELIZATION, STOCK_BATCH } from './streams.ts';

const route = z.object({ route_key: z.string(), throttling_rate_limit: z.number() });
const stage = z.object({
  default_route_settings: route.omit({ route_key: true }),
  route_settings: z.array(route).default([]),
});
const mapping = z.object({
  parallelization_factor: z.number().default(1),
  batch_size: z.number().optional(),
});
const stack = z.object({
  resource: z.object({
    aws_apigatewayv2_stage: z.record(z.string(), stage),
    aws_lambda_event_source_mapping: z.record(z.string(), mapping),
  }),
});
const file = readFileSync(join(ROOT, 'cdktf.out/stacks/orderstream/cdk.tf.json'), 'utf8');
const { aws_apigatewayv2_stage: stages, aws_lambda_event_source_mapping: mappings } = stack.parse(
  JSON.parse(file),
).resource;
const named = <T>(all: Readonly<Record<string, T>>, start: string) =>
  Object.entries(all).find(([name]) => name.startsWith(start))?.[1];

it('takes the dispatcher’s mappings as the synthesized stack has them', () => {
  expect(named(mappings, 'dispatcher_orders_')?.parallelization_factor).toBe(ORDERS_PARALLELIZATION);
  expect(named(mappings, 'dispatcher_stock_')).toMatchObject({
    parallelization_factor: 1,
    batch_size: STOCK_BATCH,
  });
});

it('takes the throttles of the customer API as the synthesized stack has them', () => {
  const customers = named(stages, 'customers_');
  expect(customers?.default_route_settings.throttling_rate_limit).toBe(QUOTAS.stage.value);
  expect(customers?.route_settings).toEqual([
    { route_key: 'POST /activity', throttling_rate_limit: QUOTAS.guests.value },
  ]);
});

it('lets as many guests visit as the sample sends', () => {
  const orders = sampleOrders(60, 1);

  expect(
    orders.flatMap((order, index) => guestBeside(order, index) ?? []).length / orders.length,
  ).toBeCloseTo(GUEST_VISITS);
});
