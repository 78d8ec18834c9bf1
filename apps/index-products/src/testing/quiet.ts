import { logger, metrics } from '@orderstream/lambda-kit';

/** Keeps logs and metrics out of the tests' own output. */
export function quiet(): void {
  logger.setLogLevel('SILENT');
  jest.spyOn(metrics, 'addMetric').mockImplementation();
  jest.spyOn(metrics, 'publishStoredMetrics').mockImplementation();
}
