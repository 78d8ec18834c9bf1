import { consumerHandler, eachEvent, OrdersTable, requiredEnvironment } from '@orderstream/lambda-kit';
import { ClaimsTable } from './claims-table.ts';
import { plainText } from './letters/plain-text.ts';
import { notify } from './notify.ts';
import { Post } from './post.ts';
import { readNotice } from './notice.ts';
import { isMailAddress } from './recipients.ts';

const from = requiredEnvironment('MAIL_FROM');
if (!isMailAddress(from)) {
  throw new Error(
    'The environment variable MAIL_FROM is no plain mail address. Set one such as orders@shop.example.',
  );
}

const parts = {
  orders: new OrdersTable(),
  claims: new ClaimsTable(),
  post: new Post({ from, configurationSet: requiredEnvironment('MAIL_CONFIGURATION_SET') }),
  shop: plainText(requiredEnvironment('SHOP_NAME'), 60) ?? '',
  now: Date.now,
};

/** Tells customers by mail and SMS what happens to their orders, and records which mails came back. */
export const handler = consumerHandler({ read: readNotice, handle: eachEvent(notify(parts)) });
