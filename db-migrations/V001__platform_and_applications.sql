-- Written for H2 and PostgreSQL alike. Names of applications and peers are texts and no foreign keys
-- in what is history: a record is kept whether or not the application still exists.

-- What the server made for itself and must keep: keys, and hashes of tokens it showed once.
create table server_secret (
  name     varchar(64)  not null primary key,
  content  varchar(512) not null,
  created  timestamp(6) with time zone not null
);

-- What administrators did.
create table audit (
  id           uuid         not null primary key,
  happened     timestamp(6) with time zone not null,
  actor        varchar(128) not null,
  action       varchar(64)  not null,
  subject      varchar(256) not null,
  detail       varchar(2000) not null
);
create index audit_happened on audit (happened);

-- origin: configuration (bradawl.applications), generated (the demo application), rest.
create table application (
  id       uuid         not null primary key,
  name     varchar(64)  not null unique,
  origin   varchar(16)  not null,
  created  timestamp(6) with time zone not null,
  revoked  timestamp(6) with time zone
);

-- key_hash: SHA-256 of the key, 64 hexadecimal digits; the key itself is never stored.
-- hint: the key's last characters, by which its owner recognises it.
create table application_key (
  id              uuid         not null primary key,
  application_id  uuid         not null references application (id),
  key_hash        varchar(64)  not null unique,
  hint            varchar(16)  not null,
  origin          varchar(16)  not null,
  created         timestamp(6) with time zone not null,
  revoked         timestamp(6) with time zone
);
create index application_key_application on application_key (application_id);
