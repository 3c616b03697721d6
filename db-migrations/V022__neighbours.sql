-- A peer that comes into a network asks for what others have found there.
create index nat_profile_network on nat_profile (application, network, observed);
