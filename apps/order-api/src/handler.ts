export const name = 'order-api';
