-- Users of the relay whose credentials do not expire, beside those of bradawl.turn.users.
-- derived_keys: 0x and the MD5 key of RFC 8489 §18.5.1.1, and perhaps a colon, 0x and the SHA-256 key.
-- A password is never stored; a key is as good as one in its realm.
create table turn_user (
  name          varchar(128) not null primary key,
  realm         varchar(128) not null,
  derived_keys  varchar(128) not null,
  created       timestamp(6) with time zone not null,
  changed       timestamp(6) with time zone not null
);
