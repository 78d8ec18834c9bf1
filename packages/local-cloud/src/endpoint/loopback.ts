const LOOPBACK = /^(?:127\.0\.0\.1|\[::1\]|(?:[a-z0-9.-]+\.)?localhost)(?::\d+)?$/i;

/**
 * Whether a request may be answered. The port listens on the loopback interface, but a web page in the user's browser
 * reaches that too: through a host name that it makes point to 127.0.0.1 (seen in Host), or with a plain cross-site
 * request (seen in Origin).
 */
export function isFromThisMachine(host: string | undefined, origin: string | undefined): boolean {
  if (host === undefined || !LOOPBACK.test(host)) return false;
  return origin === undefined || LOOPBACK.test(origin.replace(/^https?:\/\//, ''));
}
