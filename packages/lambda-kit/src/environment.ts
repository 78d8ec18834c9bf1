/**
 * The value of an environment variable that the function cannot work without.
 *
 * @throws Error naming the variable, at the function's start rather than at its first order.
 */
export function requiredEnvironment(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`The environment variable ${name} is not set. Set it in the function's configuration.`);
  }
  return value;
}
