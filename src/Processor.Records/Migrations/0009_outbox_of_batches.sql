-- What is to be told to others: one row for each projected batch, with the journal entries that it covers. Whoever tells reads
-- the events there. A row for each event cost the projector a fifth of its time and said nothing that the journal does not say.
drop table outbox;

create table outbox (
    id bigint generated always as identity primary key,
    partition smallint not null,
    after_epoch bigint not null,
    after_seq bigint not null,
    through_epoch bigint not null,
    through_seq bigint not null,
    events integer not null,
    at timestamptz not null
);
