import { problemsOf, resolveParts } from '../stack.fixture.ts';

const QUEUE = '${aws_sqs_queue.results.arn}';
const LANE = '${aws_sqs_queue.lane.arn}';
const BUCKET = '${aws_s3_bucket.results.arn}';
const api = {
  function_name: 'api',
  filename: 'api.zip',
  handler: 'index.handler',
  runtime: 'nodejs24.x',
  role: 'r',
};

/** A function with this dead-letter queue and these destinations. */
function stackWith(destination_config: object, dead_letter_config?: object) {
  return {
    aws_sqs_queue: { results: { name: 'results' }, lane: { name: 'lane.fifo', fifo_queue: true } },
    aws_s3_bucket: { results: { bucket: 'results' } },
    aws_lambda_function: { api: { ...api, dead_letter_config } },
    aws_lambda_function_event_invoke_config: { it: { function_name: 'api', destination_config } },
  };
}

it('a function’s results go where its settings say', () => {
  const destinations = { on_success: { destination: QUEUE }, on_failure: { destination: BUCKET } };
  const queue = 'arn:aws:sqs:eu-west-1:000000000000:results';

  expect(resolveParts(stackWith(destinations, { target_arn: QUEUE })).functions).toMatchObject([
    { onSuccessDestination: queue, onFailureDestination: 'arn:aws:s3:::results', deadLetterArn: queue },
  ]);
});

it.each([
  [
    'a success to a bucket',
    stackWith({ on_success: { destination: BUCKET } }),
    'aws_lambda_function_event_invoke_config.it: argument "destination_config.on_success" is arn:aws:s3:::results, which is no queue, topic, function, bus of this stack',
  ],
  [
    'a failure to a FIFO queue',
    stackWith({ on_failure: { destination: LANE } }),
    'aws_lambda_function_event_invoke_config.it: argument "destination_config.on_failure" is a FIFO queue or topic. Give a standard one',
  ],
  [
    'dead letters to a FIFO queue',
    stackWith({}, { target_arn: LANE }),
    'function "api": argument "dead_letter_config" is a FIFO queue or topic. Give a standard one',
  ],
  [
    'dead letters to a bucket',
    stackWith({}, { target_arn: BUCKET }),
    'function "api": argument "dead_letter_config" is arn:aws:s3:::results, which is no queue, topic of this stack',
  ],
])('what Lambda would not send there is refused: %s', (_, stack, problem) => {
  expect(problemsOf(() => resolveParts(stack))).toEqual([problem]);
});
