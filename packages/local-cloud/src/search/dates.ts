const DATE =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?$/;

/**
 * A date as `strict_date_optional_time||epoch_millis` reads it, in epoch milliseconds; undefined for anything else.
 *
 * @param missing what stands for hours, minutes and seconds that are not given: the first moment, or the last.
 */
export function dateIn(value: unknown, missing: 'first' | 'last' = 'first'): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined;
  if (typeof value !== 'string') return undefined;
  const parts = DATE.exec(value);
  if (!parts) return /^-?\d{1,15}$/.test(value) ? Number(value) : undefined;
  const [, year, month = '01', day = '01', hour, minute, second, fraction, zone = 'Z'] = parts;
  const [hours, sixties, thousandths] = missing === 'first' ? ['00', '00', '000'] : ['23', '59', '999'];
  const millis = (fraction ?? (second === undefined ? thousandths : '000')).padEnd(3, '0').slice(0, 3);
  const time = `${hour ?? hours}:${minute ?? sixties}:${second ?? sixties}.${millis}`;
  const offset = zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2');
  // The system's own reading takes 30 February for 2 March.
  const daysInMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  const epoch = Number(day) > daysInMonth ? NaN : Date.parse(`${year}-${month}-${day}T${time}${offset}`);
  return Number.isNaN(epoch) ? undefined : epoch;
}
