export const name = 'ship-order';
