import app from './app.json';
import auth from './auth.json';
import common from './common.json';
import compose from './compose.json';
import contacts from './contacts.json';
import errors from './errors.json';
import factor from './factor.json';
import mailbox from './mailbox.json';
import offline from './offline.json';
import reader from './reader.json';
import search from './search.json';
import settings from './settings.json';
import transfer from './transfer.json';

export default {
  app,
  auth,
  common,
  compose,
  contacts,
  errors,
  factor,
  mailbox,
  offline,
  reader,
  search,
  settings,
  transfer,
};
