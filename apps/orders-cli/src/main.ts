export const name = 'orders-cli';
