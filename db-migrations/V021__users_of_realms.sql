-- The same name in another realm is another user: the realm becomes a part of the key. What a primary key is called differs
-- between databases, so the rows move to a new table.
create table turn_realm_user (
  realm         varchar(128) not null,
  name          varchar(128) not null,
  derived_keys  varchar(128) not null,
  created       timestamp(6) with time zone not null,
  changed       timestamp(6) with time zone not null,
  primary key (realm, name)
);
insert into turn_realm_user (realm, name, derived_keys, created, changed)
  select realm, name, derived_keys, created, changed from turn_user;
drop table turn_user;
alter table turn_realm_user rename to turn_user;
