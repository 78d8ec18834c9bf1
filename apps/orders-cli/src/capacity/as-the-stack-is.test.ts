import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { ROOT } from '../prepare.ts';
import { sampleOrders } from '../sample/orders.ts';
import { guestBeside } from '../sample/visits.ts';
import { GUEST_VISITS } from './demand.ts';
import { QUOTAS } from './quotas.ts';

const route = z.object({ route_key: z.string(), throttling_rate_limit: z.number() });
const stage = z.object({
  default_route_settings: route.omit({ route_key: true }),
  route_settings: z.array(route).default([]),
});
const stack = z.object({ resource: z.object({ aws_apigatewayv2_stage: z.record(z.string(), stage) }) });

it('takes the throttles of the customer API as the synthesized stack has them', () => {
  const file = readFileSync(join(ROOT, 'cdktf.out/stacks/orderstream/cdk.tf.json'), 'utf8');
  const stages = stack.parse(JSON.parse(file)).resource.aws_apigatewayv2_stage;

  const [, customers] = Object.entries(stages).find(([name]) => name.startsWith('customers_')) ?? [];
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
