import { lambdaCall } from './operations.ts';

describe('a call of Lambda’s API', () => {
  it.each([
    ['POST', '/2015-03-31/functions/f/invocations', 'Invoke', 'f'],
    ['GET', '/2015-03-31/functions/?MaxItems=50', 'ListFunctions', ''],
    ['GET', '/2015-03-31/functions', 'ListFunctions', ''],
    ['GET', '/2015-03-31/functions/arn%3Aaws%3Alambda%3Af', 'GetFunction', 'arn:aws:lambda:f'],
    ['PUT', '/2015-03-31/functions/f/code', 'UpdateFunctionCode', 'f'],
    ['GET', '/2015-03-31/event-source-mappings/', 'ListEventSourceMappings', ''],
    ['PUT', '/2015-03-31/event-source-mappings/id/', 'UpdateEventSourceMapping', 'id'],
    ['PUT', '/2017-10-31/functions/f/concurrency', 'PutFunctionConcurrency', 'f'],
    ['GET', '/2019-09-30/functions/f/concurrency', 'GetFunctionConcurrency', 'f'],
    ['POST', '/2015-03-31/elsewhere?a=1', 'POST /2015-03-31/elsewhere', ''],
  ])('%s %s is %s', (method, url, operation, name) => {
    expect(lambdaCall({ method, url })).toMatchObject({ operation, name });
  });

  it('has what stands in its query', () => {
    const { query } = lambdaCall({
      method: 'POST',
      url: '/2015-03-31/functions/f/invocations?Qualifier=live',
    });
    expect(query.get('Qualifier')).toBe('live');
  });
});
