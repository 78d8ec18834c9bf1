export const name = 'process-payment';
