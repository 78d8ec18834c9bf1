import { allows, statementsIn } from '../../wholeness/policy.ts';
import { placeOf } from '../desired.ts';
import { boundaryStatements } from './boundary.ts';
import { document, split } from './document.ts';

const ACCOUNT = '123456789012';
const PLACE = placeOf({ region: 'eu-west-1', ordersTable: undefined }, ACCOUNT, 'dev');

describe('the most that a role of the stack can do', () => {
  const within = boundaryStatements(PLACE);
  const lambda = 'arn:aws:lambda:eu-west-1:123456789012:function:';

  it('is one policy, for a role has one boundary', () => {
    const longest = placeOf({ region: 'ap-southeast-2', ordersTable: 't'.repeat(255) }, ACCOUNT, 'prod');

    expect(split(boundaryStatements(longest))).toHaveLength(1);
  });

  it('changes only the mappings of the functions of its environment', () => {
    const given = within.filter(({ Action }) => Action.includes('lambda:UpdateEventSourceMapping'));

    expect(given.map(({ Condition }) => Condition)).toEqual([
      { ArnLike: { 'lambda:FunctionArn': `${lambda}orderstream-dev-*` } },
    ]);
  });

  it('publishes to phone numbers, and to no topic', () => {
    const statements = statementsIn(JSON.stringify(document(within)));

    expect(allows(statements, 'sns:Publish', '+441632960000')).toBe(true);
    expect(allows(statements, 'sns:Publish', 'arn:aws:sns:eu-west-1:123456789012:prod-alarms')).toBe(false);
  });

  it('moves network interfaces by Lambda, and not by the code of a function', () => {
    const denied = within.filter(({ Effect, Action }) => Effect === 'Deny' && Action.includes('ec2:*'));

    expect(denied.map(({ Resource, Condition }) => [Resource, Condition])).toEqual([
      [['*'], { ArnLike: { 'lambda:SourceFunctionArn': `${lambda}*` } }],
    ]);
  });
});
