-- Commands for chips: hosts put each once into the answer to a transaction of the card with a right cryptogram, one after the other. See ScriptOrder.
-- template: 113 is tag 71, 114 is tag 72. data_object: of put_data, the tag that gets a value. A row without sent_at waits; delete it to take the order back.
create table card_script (
    number integer generated always as identity primary key,
    card_id uuid not null,
    command text not null check (command in ('application_block', 'application_unblock', 'card_block', 'pin_unblock', 'put_data')),
    template smallint not null default 114 check (template in (113, 114)),
    data_object integer not null default 0 check (data_object between 0 and 65535),
    data bytea not null default '' check (length(data) <= 32),
    ordered_at timestamptz not null default now(),
    sent_at timestamptz,
    check ((command = 'put_data') = (data_object <> 0)),
    check (command = 'put_data' or length(data) = 0)
);

create index card_script_waiting on card_script (card_id, number) where sent_at is null;
create index card_script_sent on card_script (sent_at) where sent_at is not null;

-- The latest order whose command was sent to the chip, as the ledger has it.
alter table card_state add column script_number integer not null default 0;
