import { redriveRoutes } from './routes.ts';
import { ask } from './testing/requests.ts';
import { UNTOUCHED } from './testing/untouched.ts';

const ROUTES = [...redriveRoutes(UNTOUCHED).keys()];

it.each(ROUTES)('%s is refused to a caller who is not staff, whatever they send', async (route) => {
  const call = { caller: { groups: '[customers]' }, path: { id: 'x' }, body: '{', query: { x: '1' } };

  const { status } = await ask(UNTOUCHED, route, call);

  expect(status).toBe(403);
});
