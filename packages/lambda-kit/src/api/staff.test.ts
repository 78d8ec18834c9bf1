import { staffMember, staffOnly } from './staff.ts';
import { askStaff, type Caller } from './staff-request.fixture.ts';

const ROUTES = staffOnly(
  new Map([['GET /figures', async (request) => ({ status: 200, body: staffMember(request) })]]),
);

it.each<[string, Caller]>([
  ['in no group', { groups: '' }],
  ['in other groups', { groups: '[customers staffing nostaff]' }],
  ['in a group whose name has a comma', { groups: '[warehouse,staff]' }],
  ['in a group of another case', { groups: 'Staff' }],
])('a caller %s learns nothing', async (_, caller) => {
  const { status, body } = await askStaff(ROUTES, 'GET /figures', { caller });

  expect(status).toBe(403);
  expect(body).toMatchObject({
    type: 'urn:orderstream:problem:forbidden',
    detail: 'Ask with the token of a member of the group staff.',
  });
});

it.each<[Caller, string]>([
  [{ groups: 'staff' }, 'staff:ada'],
  [{ groups: '[admin staff]' }, 'staff:ada'],
  [{ user: 'AROAEXAMPLE:ada' }, 'staff:AROAEXAMPLE:ada'],
])('staff are let in, and known: %j', async (caller, member) => {
  const { status, body } = await askStaff(ROUTES, 'GET /figures', { caller });

  expect({ status, body }).toEqual({ status: 200, body: member });
});
