/**
 * Reads a function's answer under ReportBatchItemFailures: the positions in the batch of the items it reports, or
 * `all` when it reports in a form that AWS takes for a failure of the whole batch (an identifier that is empty, of
 * another type, missing, or of no item in the batch). Nothing, `""`, `[]`, `{}` and an empty list are success.
 *
 * Source: docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html.
 *
 * @param payload JSON text of the answer. @param identifiers of the items, in the order of the batch.
 */
export function failedItems(payload: string, identifiers: readonly string[]): number[] | 'all' {
  const answer: unknown = JSON.parse(payload);
  if (answer === null || answer === '' || (Array.isArray(answer) && answer.length === 0)) return [];
  if (typeof answer !== 'object') return 'all';
  const failures: unknown = 'batchItemFailures' in answer ? answer.batchItemFailures : null;
  if (failures === null) return Array.isArray(answer) ? 'all' : [];
  if (!Array.isArray(failures)) return 'all';
  const positions = failures.map((failure: unknown) => {
    const item = typeof failure === 'object' && failure !== null && 'itemIdentifier' in failure;
    return item && typeof failure.itemIdentifier === 'string'
      ? identifiers.indexOf(failure.itemIdentifier)
      : -1;
  });
  return positions.includes(-1) ? 'all' : positions;
}
