// Preloaded into the servers: our PostgreSQL comes without pg_trgm, whose indexes only make the
// AppView's search for names quicker. The names get plain indexes instead.
const { createRequire } = require('node:module')
const { Client } = createRequire(`${process.cwd()}/`)('pg')
const query = Client.prototype.query

Client.prototype.query = function (sql, ...more) {
  if (typeof sql !== 'string') return query.call(this, sql, ...more)
  if (/create extension .*pg_trgm/.test(sql)) return query.call(this, 'select 1', ...more)
  return query.call(this, sql.replace(/using gist \((.*) gist_trgm_ops\)/, '($1)'), ...more)
}
