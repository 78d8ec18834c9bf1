export const name = 'lambda-kit';
