-- A relay session is found by when it began and its random id, so that those that begin together lie together: beginnings
-- go to the end of the index, ends to what was begun lately, and a commit writes few pages. The index that serves
-- the list, newest first, is the same one.
create table relay_session_by_beginning (
  id                  varchar(32)  not null,
  user_name           varchar(513) not null,
  application         varchar(64)  not null,
  peer                varchar(513) not null,
  client_address      varchar(64)  not null,
  relayed_address     varchar(64)  not null,
  additional_address  varchar(64)  default '' not null,
  transport           varchar(8)   not null,
  started             timestamp(6) with time zone not null,
  ended               timestamp(6) with time zone,
  bytes_up            bigint       not null,
  packets_up          bigint       not null,
  bytes_down          bigint       not null,
  packets_down        bigint       not null,
  end_reason          varchar(32),
  constraint relay_session_key primary key (started, id)
);
insert into relay_session_by_beginning (id, user_name, application, peer, client_address, relayed_address,
    additional_address, transport, started, ended, bytes_up, packets_up, bytes_down, packets_down, end_reason)
  select id, user_name, application, peer, client_address, relayed_address,
    additional_address, transport, started, ended, bytes_up, packets_up, bytes_down, packets_down, end_reason
  from relay_session;
drop table relay_session;
alter table relay_session_by_beginning rename to relay_session;
create index relay_session_ended on relay_session (ended);
