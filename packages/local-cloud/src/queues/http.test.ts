import { pathStyle } from './http.ts';

test.each([
  ['127.0.0.1:4566', '/bucket/key?x=1', '/bucket/key?x=1'],
  ['localhost:4566', '/bucket/key', '/bucket/key'],
  ['s3.localhost:4566', '/bucket/key', '/bucket/key'],
  ['bucket.localhost:4566', '/key', '/bucket/key'],
  ['bucket.s3.localhost', '/key', '/bucket/key'],
  ['dotted.bucket.s3.localhost', '/key', '/dotted.bucket/key'],
])('on host %s, %s is %s in path style', (host, url, expected) => {
  expect(pathStyle({ url, headers: { host } })).toBe(expected);
});
