import { cacheAddress } from './cache-address.ts';

it.each([
  ['redis://cache', { host: 'cache', port: 6379, tls: false, auth: [] }],
  ['rediss://cache:7000/', { host: 'cache', port: 7000, tls: true, auth: [] }],
  ['redis://:p%40ss@[::1]/0', { host: '::1', port: 6379, tls: false, auth: ['p@ss'] }],
  ['rediss://app:secret@cache', { host: 'cache', port: 6379, tls: true, auth: ['app', 'secret'] }],
])('reads %s', (url, address) => {
  expect(cacheAddress(url)).toEqual(address);
});

it.each([
  ['cache:6379', /begins with cache:|no URL/],
  ['http://hush@cache', /begins with http:/],
  ['redis://', /no URL with a host/],
  ['redis://cache/3', /a database other than 0/],
  ['redis://app@cache', /a user without a password/],
  ['redis://:hush@cache?tls=1', /settings behind the host/],
])('refuses %s, and says why without the URL', (url, why) => {
  expect(() => cacheAddress(url)).toThrow(why);
  expect(() => cacheAddress(url)).not.toThrow(/hush/);
  expect(() => cacheAddress(url)).toThrow('Set it to redis://');
});
