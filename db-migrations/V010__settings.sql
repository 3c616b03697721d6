-- Configuration keys that administrators set while the server runs; they rank above all other sources.
-- Never a secret: those are in server_secret.
create table server_setting (
  name     varchar(128)  not null primary key,
  content  varchar(4000) not null,
  changed  timestamp(6) with time zone not null
);
