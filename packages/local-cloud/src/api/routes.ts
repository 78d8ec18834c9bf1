/** A route: `POST /orders/{orderId}/cancel`, `ANY /files/{path+}` or `$default`. */
export interface Keyed {
  readonly key: string;
}

/** The route that takes a request, and what its variables stand for. */
export interface RouteMatch<Route extends Keyed = Keyed> {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
}

/** Finds the route of a request. @param path decoded. */
export type Router<Route extends Keyed> = (method: string, path: string) => RouteMatch<Route> | undefined;

interface Segment {
  /** What is more exact comes first: a text, `{name}`, `{name+}`. */
  readonly rank: 0 | 1 | 2;
  /** The text, or the variable's name. */
  readonly text: string;
}

interface CompiledRoute<Route extends Keyed> {
  readonly route: Route;
  readonly method: string;
  readonly segments: readonly Segment[];
}

/**
 * Chooses as API Gateway does: a full match goes before a greedy variable, and that before `$default`; among full
 * matches a text goes before a variable, from left to right, then a named method before ANY.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 * @throws Error for a route key that is not of the form `METHOD /path` or `$default`.
 */
export function createRouter<Route extends Keyed>(routes: readonly Route[]): Router<Route> {
  const fallback = routes.find((route) => route.key === '$default');
  const compiled = routes.filter((route) => route !== fallback).map((route) => compile(route));
  compiled.sort(byExactness);
  return (method, path) => {
    const parts = path.split('/').slice(1);
    for (const candidate of compiled) {
      if (candidate.method !== method && candidate.method !== 'ANY') continue;
      const found = variables(candidate.segments, parts);
      if (!found) continue;
      const pathParameters = Object.keys(found).length > 0 ? found : undefined;
      return { route: candidate.route, pathParameters };
    }
    return fallback && { route: fallback, pathParameters: undefined };
  };
}

function compile<Route extends Keyed>(route: Route): CompiledRoute<Route> {
  const [, method, path] = /^([A-Z]+) \/(.*)$/.exec(route.key) ?? [];
  if (method === undefined || path === undefined)
    throw new Error(`The route key ${route.key} must be like "GET /orders/{orderId}" or "$default".`);
  return { route, method, segments: path.split('/').map(segment) };
}

function segment(text: string): Segment {
  const [, name, greedy] = /^\{([^{}+]+)(\+?)\}$/.exec(text) ?? [];
  if (name === undefined) return { rank: 0, text };
  return { rank: greedy ? 2 : 1, text: name };
}

function byExactness(a: CompiledRoute<Keyed>, b: CompiledRoute<Keyed>): number {
  const greedy = Number(isGreedy(a)) - Number(isGreedy(b));
  if (greedy !== 0) return greedy;
  for (const [i, { rank }] of a.segments.entries()) {
    const difference = rank - (b.segments[i]?.rank ?? rank);
    if (difference !== 0) return difference;
  }
  return Number(a.method === 'ANY') - Number(b.method === 'ANY');
}

function isGreedy({ segments }: CompiledRoute<Keyed>): boolean {
  return segments.at(-1)?.rank === 2;
}

/** What the variables stand for; undefined when the path is another. A variable never stands for nothing. */
function variables(
  segments: readonly Segment[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const [i, { rank, text }] of segments.entries()) {
    const value = rank === 2 ? parts.slice(i).join('/') : parts[i];
    if (value === undefined || (rank === 0 ? value !== text : value === '')) return undefined;
    if (rank > 0) found[text] = value;
    if (rank === 2) return found;
  }
  return parts.length === segments.length ? found : undefined;
}
