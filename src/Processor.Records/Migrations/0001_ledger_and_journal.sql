-- What Postgres knows of the ledger itself, and the journal as it was recorded.

-- One row. writer is the number of the host that joined last: 24 bits, never given twice.
create table ledger (
    is_only boolean primary key default true check (is_only),
    partitions smallint not null check (partitions between 1 and 1024),
    writer integer not null default 0 check (writer between 0 and 16777215),
    created_at timestamptz not null default now()
);

create table ledger_partition (
    partition smallint primary key,
    epoch bigint not null default 1,
    is_started boolean not null default false
);

-- One row for each entry of a partition's stream, under the stream's id.
create table journal (
    partition smallint not null,
    epoch bigint not null,
    seq bigint not null,
    recorded_at timestamptz not null default now(),
    payload bytea not null,
    primary key (partition, epoch, seq)
);

-- lz4 costs a tenth of the default's time; a server that was built without it keeps the default.
do $$
begin
    alter table journal alter column payload set compression lz4;
exception when feature_not_supported then
    raise notice 'This server has no lz4: the journal is compressed with pglz.';
end
$$;

-- How far each partition is recorded. drained_at: everything committed before that moment is recorded.
create table journal_position (
    partition smallint primary key,
    epoch bigint not null default 0,
    seq bigint not null default 0,
    drained_at timestamptz
) with (fillfactor = 20);

-- How far each partition is projected.
create table projector_position (
    partition smallint primary key,
    epoch bigint not null default 0,
    seq bigint not null default 0
) with (fillfactor = 20);

-- What could not be projected. section and event count from 0 within the entry; null is all of it.
create table journal_exception (
    id bigint generated always as identity primary key,
    partition smallint not null,
    epoch bigint not null,
    seq bigint not null,
    section integer,
    event integer,
    reason text not null,
    noted_at timestamptz not null default now()
);
