export const name = 'update-inventory';
