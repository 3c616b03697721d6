-- Traversals that the server planned itself, what they taught, and how far a NAT report is believed.

-- A gateway belongs to the name of a network.
alter table nat_profile alter column network set data type varchar(128);
alter table nat_profile add column standing varchar(16) default 'unconfirmed' not null;
alter table nat_profile add column doubts varchar(2000) default '' not null;

-- ending is empty for what a peer told by itself. Kinds are mapping/filtering/ports, started_day is that of started, counted
-- from 1970: the history between kinds is summed up by them. relayed_millis is when a relay carried the first byte.
alter table traversal add column attempt integer default 0 not null;
alter table traversal add column ending varchar(16) default '' not null;
alter table traversal add column initiator_kind varchar(96) default '' not null;
alter table traversal add column responder_kind varchar(96) default '' not null;
alter table traversal add column started_day integer default 0 not null;
alter table traversal add column relayed_millis bigint;
alter table traversal add column explanation varchar(16384) default '' not null;
create index traversal_started_day on traversal (started_day);

-- taught: both sides agreed on the end, so the attempt counts in the history.
alter table traversal_attempt add column transport varchar(8) default '' not null;
alter table traversal_attempt add column started_millis bigint default 0 not null;
alter table traversal_attempt add column taught boolean default false not null;
