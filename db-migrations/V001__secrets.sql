-- Values the server made for itself and must keep: keys and generated tokens.
create table server_secret (
  name       varchar(64)  not null primary key,
  content    varchar(512) not null,
  created    timestamp with time zone not null
);
