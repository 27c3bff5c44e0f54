-- What hosts agree on so that a Redis that lost or rewound its state is noticed and rebuilt.

-- state: 0 ready, 1 lost, 2 waits for an operator. epoch is then the one that will be valid. takes_loss: an operator has said to rebuild
-- from what there is.
alter table ledger_partition
    add column state smallint not null default 0 check (state between 0 and 2),
    add column reason text,
    add column ended_at timestamptz,
    add column takes_loss boolean not null default false;

-- One row for each start of a host. left_at: it left, and everything of its own was recorded.
create table ledger_host (
    writer integer primary key,
    joined_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    left_at timestamptz
);

-- A host has found in a run of Redis all that it knows of a partition.
create table ledger_confirmation (
    partition smallint not null,
    epoch bigint not null,
    run text not null,
    writer integer not null,
    confirmed_at timestamptz not null default now(),
    primary key (partition, epoch, run, writer)
);

-- A host has handed in what it still had when an epoch ended. epoch: the next one.
create table ledger_hand_in (
    partition smallint not null,
    epoch bigint not null,
    writer integer not null,
    handed_in_at timestamptz not null default now(),
    primary key (partition, epoch, writer)
);

create table ledger_handed_entry (
    partition smallint not null,
    epoch bigint not null,
    seq bigint not null,
    payload bytea not null,
    primary key (partition, epoch, seq)
);

-- What was acknowledged may be lost behind this entry. accepted_at: an operator had the partition rebuilt without it.
create table ledger_loss (
    id bigint generated always as identity primary key,
    partition smallint not null,
    epoch bigint not null,
    seq bigint not null,
    reason text not null,
    found_at timestamptz not null default now(),
    accepted_at timestamptz
);
