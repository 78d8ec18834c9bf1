export const name = 'validate-order';
