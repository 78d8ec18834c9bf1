export const name = 'close-order';
