export const name = 'infra';
