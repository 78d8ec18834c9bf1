import { actionPattern, arnPattern } from './pattern.ts';

it.each([
  ['dynamodb:GetItem', 'dynamodb:GetItem', true],
  ['dynamodb:getitem', 'dynamodb:GetItem', true],
  ['DYNAMODB:GetItem', 'dynamodb:getItem', true],
  ['dynamodb:*', 'dynamodb:GetItem', true],
  ['dynamodb:Get*', 'dynamodb:GetItem', true],
  ['dynamodb:*Item', 'dynamodb:BatchGetItem', true],
  ['dynamodb:???Item', 'dynamodb:GetItem', true],
  ['*', 'sqs:SendMessage', true],
  ['dynamodb:??Item', 'dynamodb:GetItem', false],
  ['dynamodb:Get', 'dynamodb:GetItem', false],
  ['dynamodb:GetItem', 'dynamodb:GetItems', false],
  ['dynamodb:*Item', 'dynamodb:GetItems', false],
  ['sqs:*', 'sns:Publish', false],
  ['dynamodb:Get.tem', 'dynamodb:GetItem', false],
])('the action %s against %s: %s', (pattern, action, expected) => {
  expect(actionPattern(pattern)(action)).toBe(expected);
});

const TABLE = 'arn:aws:dynamodb:eu-west-1:000000000000:table/orders';

it.each([
  [TABLE, TABLE, true],
  ['*', TABLE, true],
  ['*', '+491511234567', true],
  [`${TABLE}/index/*`, `${TABLE}/index/byDay`, true],
  ['arn:aws:dynamodb:*:*:table/orders', TABLE, true],
  ['arn:aws:dynamodb:eu-west-?:000000000000:table/orders', TABLE, true],
  ['arn:aws:s3:::archive/changes/*', 'arn:aws:s3:::archive/changes/a/b:c', true],
  ['arn:aws:s3:::archive/*', 'arn:aws:s3:::archive/a*b', true],
  ['arn:aws:states:*:*:execution:flow:*', 'arn:aws:states:eu-west-1:000000000000:execution:flow:a', true],
  ['arn:aws:sns:*:*:*', 'arn:aws:sns:eu-west-1:000000000000:news', true],
  ['arn:aws:sns:*:*:*', '+491511234567', false],
  [`${TABLE}/index/*`, TABLE, false],
  [TABLE, `${TABLE}/index/byDay`, false],
  [TABLE.toUpperCase(), TABLE, false],
  ['arn:aws:dynamodb:*:table/orders', TABLE, false],
  ['arn:aws:dynamodb:*', TABLE, false],
  ['arn:*:table/orders', TABLE, false],
  ['arn:aws:s3:::archive/*', 'arn:aws:s3:::archive', false],
  ['arn:aws:s3:::arch?ve', 'arn:aws:s3:::archve', false],
])('the resource %s against %s: %s', (pattern, resource, expected) => {
  expect(arnPattern(pattern)(resource)).toBe(expected);
});
