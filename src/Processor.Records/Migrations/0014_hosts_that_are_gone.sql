-- Where a host runs, so that a loss can be told with the place to look at. Null: it joined before this was kept.
alter table ledger_host
    add column machine text,
    add column process integer;

-- What a host that commits nothing more wrote last in a partition, or an entry behind that. Good while the host's seen_at is this one:
-- a host that is seen again may have gone on.
create table ledger_last_entry (
    partition smallint not null,
    writer integer not null,
    seen_at timestamptz not null,
    epoch bigint not null,
    seq bigint not null,
    primary key (partition, writer)
);
