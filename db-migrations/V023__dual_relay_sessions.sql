-- An allocation may have a relayed address of each family (RFC 8656 §5): the second, empty if there was one only.
alter table relay_session add column additional_address varchar(64) default '' not null;
