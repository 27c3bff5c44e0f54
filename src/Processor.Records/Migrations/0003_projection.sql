-- What the projector makes of the journal. Nothing here refers to the tables of record by a foreign key: a projection
-- never waits for them and is never refused by them. Amounts are minor units; enums are the numbers of the journal.

-- What is known of a transaction from its first message. State and amounts are computed from its events.
create table transaction (
    id uuid primary key,
    account_id uuid not null,
    card_id uuid,
    created_at timestamptz not null,
    asked bigint not null,
    acquirer bigint,
    network integer not null,
    merchant_category integer not null,
    pos_entry_mode integer not null,
    kind smallint not null,
    currency smallint not null,
    billing_currency smallint not null,
    terminal text,
    merchant_id text,
    merchant_name text,
    merchant_city text,
    merchant_country text
);

create index transaction_by_card on transaction (card_id, id);
create index transaction_by_time on transaction using brin (created_at);

-- id: time of decision, then partition, epoch, seq and place in the entry, so that a second projection makes the same.
create table transaction_event (
    transaction_id uuid not null,
    id uuid not null,
    at timestamptz not null,
    amount bigint not null,
    billing_amount bigint not null,
    held_delta bigint not null,
    posted_delta bigint not null,
    posted_after bigint not null,
    held_after bigint not null,
    available_after bigint not null,
    stan integer not null,
    mti smallint not null,
    type smallint not null,
    kind smallint not null,
    traits smallint not null,
    reason smallint not null,
    retrieval_reference text,
    approval_code text,
    primary key (transaction_id, id)
);

create index transaction_event_by_time on transaction_event using brin (at);

-- Double entry: the rows of one event sum to zero in each currency. kind: the event's type. Credits are positive.
create table ledger_entry (
    account_id uuid not null,
    event_id uuid not null,
    at timestamptz not null,
    amount bigint not null,
    currency smallint not null,
    kind smallint not null,
    primary key (account_id, event_id)
);

create index ledger_entry_by_time on ledger_entry using brin (at);

-- The hold field of a request key as it was last: also the request key's memory. image: the field's value. A key is made
-- within an account: a program may use the same operation id for another one.
create table hold (
    account_id uuid not null,
    key uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    resolved_at timestamptz,
    held bigint not null,
    network_id bigint not null,
    stan integer not null,
    transmission integer not null,
    network integer not null,
    card integer not null,
    billing_currency smallint not null,
    state smallint not null,
    retrieval_reference text,
    image bytea not null,
    primary key (account_id, key)
) with (fillfactor = 80);

-- Originals are named by STAN, by the network's id or by reference: one index serves the three within an account.
create index hold_by_account on hold (account_id, stan, network_id, retrieval_reference);
create index hold_by_time on hold using brin (created_at);

create table account_state (
    account_id uuid primary key,
    version bigint not null,
    decided_at timestamptz not null,
    next_due timestamptz,
    program integer not null,
    open_holds integer not null,
    status smallint not null
) with (fillfactor = 60);

create index account_state_due on account_state (next_due) where next_due is not null;

create table account_balance (
    account_id uuid not null,
    currency smallint not null,
    posted bigint not null,
    held bigint not null,
    credit_limit bigint not null,
    primary key (account_id, currency)
) with (fillfactor = 60);

create table card_state (
    card_id uuid primary key,
    account_id uuid not null,
    ordinal integer not null,
    options integer not null,
    product integer not null,
    revision integer not null,
    atc integer not null,
    expiry smallint not null,
    sequence_number smallint not null,
    pin_tries smallint not null,
    status smallint not null,
    unique (account_id, ordinal)
) with (fillfactor = 80);

-- ordinal 0: limits of the account itself. image: the value of the ledger's field.
create table limit_state (
    account_id uuid not null,
    ordinal integer not null,
    image bytea not null,
    primary key (account_id, ordinal)
);

create table card_transition (
    card_id uuid not null,
    id uuid not null,
    at timestamptz not null,
    status smallint not null,
    primary key (card_id, id)
);

-- What is to be told to others. A row goes when it has been told.
create table outbox (
    id bigint generated always as identity primary key,
    event_id uuid not null,
    account_id uuid not null,
    card_id uuid,
    transaction_id uuid,
    at timestamptz not null,
    type smallint not null,
    reason smallint not null
);
