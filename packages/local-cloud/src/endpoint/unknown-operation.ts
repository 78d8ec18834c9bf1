import { AwsError } from './service.ts';

/**
 * What is not run here, as an error that its service's clients understand: {@link errorDocument} gives it the code and
 * the status with which services of its protocol answer an operation that they do not know.
 *
 * @param operation its name, or the method and the path where that is all a request tells.
 * @param instead what to do, in one sentence.
 * @param run what of the service is run.
 */
export function unknownOperation(operation: string, instead: string, run: Iterable<string>): AwsError {
  const message = `${operation} is not run here. ${instead} What is run: ${[...run].join(', ')}.`;
  return new AwsError('UnknownOperationException', message);
}
