// What the apps' tests share; no bundle has any of it.
export { apiEvent, type ApiCall } from './api/api-event.fixture.ts';
export { askStaff, wrongFields, type Caller, type StaffCall } from './api/staff-request.fixture.ts';
export { stubbedClient } from './stubbed-client.fixture.ts';
