import { decoded, type ServiceRequest } from '../endpoint/service.ts';
import { functionReference, qualified } from '../stack/arns.ts';
import { invalid } from './rest-json.ts';

/**
 * The paths of Lambda's REST API with the operation behind each method, so that a call can be named. `*` stands for a
 * name or an ARN.
 *
 * Source: the HTTP bindings of @aws-sdk/client-lambda.
 */
const PATHS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/2015-03-31/functions/*/invocations': { POST: 'Invoke' },
  '/2014-11-13/functions/*/invoke-async': { POST: 'InvokeAsync' },
  '/2021-11-15/functions/*/response-streaming-invocations': { POST: 'InvokeWithResponseStream' },
  '/2015-03-31/functions': { GET: 'ListFunctions', POST: 'CreateFunction' },
  '/2015-03-31/functions/*': { GET: 'GetFunction', DELETE: 'DeleteFunction' },
  '/2015-03-31/functions/*/code': { PUT: 'UpdateFunctionCode' },
  '/2015-03-31/functions/*/configuration': {
    GET: 'GetFunctionConfiguration',
    PUT: 'UpdateFunctionConfiguration',
  },
  '/2015-03-31/functions/*/versions': { GET: 'ListVersionsByFunction', POST: 'PublishVersion' },
  '/2015-03-31/functions/*/aliases': { GET: 'ListAliases', POST: 'CreateAlias' },
  '/2015-03-31/functions/*/aliases/*': { GET: 'GetAlias', PUT: 'UpdateAlias', DELETE: 'DeleteAlias' },
  '/2015-03-31/functions/*/policy': { GET: 'GetPolicy', POST: 'AddPermission' },
  '/2015-03-31/functions/*/policy/*': { DELETE: 'RemovePermission' },
  '/2017-10-31/functions/*/concurrency': {
    PUT: 'PutFunctionConcurrency',
    DELETE: 'DeleteFunctionConcurrency',
  },
  '/2019-09-30/functions/*/concurrency': { GET: 'GetFunctionConcurrency' },
  '/2019-09-30/functions/*/provisioned-concurrency': {
    GET: 'GetProvisionedConcurrencyConfig',
    PUT: 'PutProvisionedConcurrencyConfig',
    DELETE: 'DeleteProvisionedConcurrencyConfig',
  },
  '/2019-09-25/functions/*/event-invoke-config': {
    GET: 'GetFunctionEventInvokeConfig',
    PUT: 'PutFunctionEventInvokeConfig',
    POST: 'UpdateFunctionEventInvokeConfig',
    DELETE: 'DeleteFunctionEventInvokeConfig',
  },
  '/2019-09-25/functions/*/event-invoke-config/list': { GET: 'ListFunctionEventInvokeConfigs' },
  '/2021-10-31/functions/*/url': {
    GET: 'GetFunctionUrlConfig',
    POST: 'CreateFunctionUrlConfig',
    PUT: 'UpdateFunctionUrlConfig',
    DELETE: 'DeleteFunctionUrlConfig',
  },
  '/2021-10-31/functions/*/urls': { GET: 'ListFunctionUrlConfigs' },
  '/2015-03-31/event-source-mappings': {
    GET: 'ListEventSourceMappings',
    POST: 'CreateEventSourceMapping',
  },
  '/2015-03-31/event-source-mappings/*': {
    GET: 'GetEventSourceMapping',
    PUT: 'UpdateEventSourceMapping',
    DELETE: 'DeleteEventSourceMapping',
  },
  '/2016-08-19/account-settings': { GET: 'GetAccountSettings' },
  '/2017-03-31/tags/*': { GET: 'ListTags', POST: 'TagResource', DELETE: 'UntagResource' },
  '/2018-10-31/layers': { GET: 'ListLayers' },
  '/2018-10-31/layers/*/versions': { GET: 'ListLayerVersions', POST: 'PublishLayerVersion' },
  '/2018-10-31/layers/*/versions/*': { GET: 'GetLayerVersion', DELETE: 'DeleteLayerVersion' },
};

const ROUTES = Object.entries(PATHS).map(([path, methods]) => ({
  pattern: new RegExp(`^${path.replaceAll('*', '([^/]+)')}/?$`),
  methods,
}));

/** A call of Lambda's API. */
export interface LambdaCall {
  /** `Invoke`; the method and the path where Lambda has no such operation. */
  readonly operation: string;
  /** The function or the mapping that the path names; empty where it names none. */
  readonly name: string;
  /** The alias that the path names; empty where it names none. */
  readonly alias: string;
  readonly query: URLSearchParams;
}

/** Which operation a request is for. */
export function lambdaCall({ method, url }: Pick<ServiceRequest, 'method' | 'url'>): LambdaCall {
  const [path = '', query] = url.split('?', 2);
  for (const { pattern, methods } of ROUTES) {
    const found = pattern.exec(path);
    const operation = methods[method];
    if (!found || operation === undefined) continue;
    return {
      operation,
      name: decoded(found[1] ?? ''),
      alias: operation.endsWith('Alias') ? decoded(found[2] ?? '') : '',
      query: new URLSearchParams(query),
    };
  }
  return { operation: `${method} ${path}`, name: '', alias: '', query: new URLSearchParams(query) };
}

/**
 * The function that a call means, with the qualifier that stands in its name or beside it.
 *
 * @throws AwsError InvalidParameterValueException where the two differ.
 */
export function calledFunction({ name, query }: Pick<LambdaCall, 'name' | 'query'>): string {
  const beside = query.get('Qualifier') || undefined;
  const { qualifier = beside } = functionReference(name);
  if (beside === undefined) return name;
  if (qualifier !== beside) {
    throw invalid('The derived qualifier from the function name does not match the specified qualifier.');
  }
  return functionReference(name).qualifier === undefined ? qualified(name, beside) : name;
}
