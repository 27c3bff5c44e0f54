-- What a card's own PIN is checked against, given with its order; see CardPin. The ledger has the one that is good now.
alter table card add column initial_pin bytea check (length(initial_pin) = 19);

-- id: the order's name in the facade. result: the first byte of tag 9F5B, as the chip told it. pin_change: data is a PIN block under a key of
-- the security module, and is emptied when it can no longer be sent.
alter table card_script
    add column id uuid not null default gen_random_uuid(),
    add column cancelled_at timestamptz,
    add column result smallint check (result between 0 and 255),
    add column result_at timestamptz,
    drop constraint card_script_command_check,
    drop constraint card_script_check1,
    add constraint card_script_command_check
        check (command in ('application_block', 'application_unblock', 'card_block', 'pin_unblock', 'put_data', 'pin_change')),
    add constraint card_script_value_check check (command in ('put_data', 'pin_change') or length(data) = 0);

create unique index card_script_id on card_script (id);
create index card_script_of_card on card_script (card_id, number);
create index card_script_unheard on card_script (card_id) where sent_at is not null and result is null;

drop index card_script_waiting;
create index card_script_waiting on card_script (card_id, number) where sent_at is null and cancelled_at is null;

-- What the chip told last of an order, as the ledger has it.
alter table card_state
    add column script_result_number integer not null default 0,
    add column script_result smallint not null default 0;
