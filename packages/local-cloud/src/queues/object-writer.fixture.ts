import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { ObjectRows } from './object-rows.ts';

/** A process of its own that writes objects until it is killed. It says when it begins one and when it has written it. */
const [, , directory = '', first = '0'] = process.argv;
const rows = new ObjectRows(directory);
const metadata = {};

for (let number = Number(first); ; number++) {
  const body = Buffer.alloc(200_000, String(number));
  const etag = createHash('md5').update(body).digest('hex');
  const object = { body, contentLength: body.length, etag, contentType: 'text/plain', metadata };
  writeSync(1, `begin ${number}\n`);
  rows.put('b', { key: String(number), lastModified: new Date(), ...object });
  rows.put('b', { key: 'same', lastModified: new Date(), ...object });
  writeSync(1, `end ${number}\n`);
}
