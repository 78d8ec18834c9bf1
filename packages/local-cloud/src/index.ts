export const name = 'local-cloud';
