export const name = 'domain';
