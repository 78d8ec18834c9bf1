export const name = 'stream-dispatcher';
