-- What the server remembers: peers, their NATs, how they got through, and what was relayed.

-- online_since is empty while the peer is offline.
create table peer (
  application   varchar(64)  not null,
  peer          varchar(64)  not null,
  first_seen    timestamp(6) with time zone not null,
  last_seen     timestamp(6) with time zone not null,
  online_since  timestamp(6) with time zone,
  user_agent    varchar(256) not null,
  address       varchar(64)  not null,
  gone_reason   varchar(64)  not null,
  primary key (application, peer)
);
create index peer_last_seen on peer (last_seen);

-- The newest profile of each peer in each network. Unknown is a value ('unknown'), hairpinning is empty when unknown.
create table nat_profile (
  id           uuid          not null primary key,
  application  varchar(64)   not null,
  peer         varchar(64)   not null,
  network      varchar(64)   not null,
  mapping      varchar(32)   not null,
  filtering    varchar(32)   not null,
  legacy_type  varchar(32)   not null,
  hairpinning  boolean,
  evidence     varchar(65536) not null,
  observed     timestamp(6) with time zone not null,
  unique (application, peer, network)
);
create index nat_profile_observed on nat_profile (observed);

-- nat types are those known of either peer when the traversal was recorded, for the statistics of pairs.
create table traversal (
  id              uuid          not null primary key,
  application     varchar(64)   not null,
  initiator       varchar(64)   not null,
  responder       varchar(64)   not null,
  started         timestamp(6) with time zone not null,
  finished        timestamp(6) with time zone not null,
  connected       boolean       not null,
  path            varchar(16)   not null,
  transport       varchar(8)    not null,
  local_address   varchar(64)   not null,
  remote_address  varchar(64)   not null,
  reason          varchar(500)  not null,
  initiator_nat   varchar(32)   not null,
  responder_nat   varchar(32)   not null,
  evidence        varchar(65536) not null
);
create index traversal_started on traversal (started);
create index traversal_peers on traversal (application, initiator, responder);

create table traversal_attempt (
  traversal_id    uuid         not null references traversal (id) on delete cascade,
  ordinal         integer      not null,
  kind            varchar(32)  not null,
  local_address   varchar(64)  not null,
  remote_address  varchar(64)  not null,
  outcome         varchar(16)  not null,
  took_millis     bigint       not null,
  detail          varchar(500) not null,
  primary key (traversal_id, ordinal)
);

-- ended and end_reason are empty while the session lives; one that a crash left open is closed at the
-- next start with the reason server-lost, and its bytes are then unknown: zero.
create table relay_session (
  id               varchar(32)  not null primary key,
  user_name        varchar(513) not null,
  application      varchar(64)  not null,
  peer             varchar(513) not null,
  client_address   varchar(64)  not null,
  relayed_address  varchar(64)  not null,
  transport        varchar(8)   not null,
  started          timestamp(6) with time zone not null,
  ended            timestamp(6) with time zone,
  bytes_up         bigint       not null,
  packets_up       bigint       not null,
  bytes_down       bigint       not null,
  packets_down     bigint       not null,
  end_reason       varchar(32)
);
create index relay_session_started on relay_session (started);
create index relay_session_ended on relay_session (ended);
