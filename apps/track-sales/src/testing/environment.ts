// The function's environment, which it reads as it is imported; the endpoint is added once the engine has one.
Object.assign(process.env, {
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'tests',
  AWS_SECRET_ACCESS_KEY: 'tests',
  LOG_LEVEL: 'SILENT',
  POWERTOOLS_SERVICE_NAME: 'track-sales',
  POWERTOOLS_METRICS_DISABLED: 'true',
  POWERTOOLS_METRICS_NAMESPACE: 'Orderstream',
  ORDERS_TABLE: 'orders-handler',
  SUMMARIES_TABLE: 'summaries-handler',
});
