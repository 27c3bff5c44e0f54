-- The system of record: programs, products, accounts, cards, API keys, idempotency keys.

create table program (
    number integer generated always as identity primary key,
    id uuid not null unique,
    name text not null,
    time_zone text not null,
    is_active boolean not null default true,
    bin_ranges jsonb not null,
    hold_period interval not null,
    answers_verification_with_85 boolean not null,
    version integer not null default 1,
    created_at timestamptz not null
);

create table card_product (
    number integer generated always as identity primary key,
    id uuid not null unique,
    program integer not null references program (number),
    name text not null,
    currency smallint not null,
    options integer not null,
    expiry_months smallint not null check (expiry_months between 1 and 240),
    limits jsonb,
    is_active boolean not null default true,
    version integer not null default 1,
    created_at timestamptz not null
);

create table account (
    id uuid primary key,
    program integer not null references program (number),
    currency smallint not null,
    external_id text,
    version integer not null default 1,
    created_at timestamptz not null,
    unique (program, external_id)
);

-- pan_cipher: AES-256-GCM, see PanVault. pan_hash: 128 bits of a keyed hash. expiry: YYMM as in DE 14.
-- The row stands before the card is in the ledger and says all that is needed to bring it there: limits, first balance
-- and first status. issued_at is null until the card is there. The card's present status is the ledger's.
create table card (
    id uuid primary key,
    program integer not null references program (number),
    product integer not null references card_product (number),
    account_id uuid not null references account (id),
    pan_cipher bytea not null,
    pan_hash uuid not null,
    bin text not null check (bin ~ '^[0-9]{6,8}$'),
    last4 text not null check (last4 ~ '^[0-9]{4}$'),
    expiry smallint not null,
    sequence_number smallint not null default 0,
    label text,
    external_id text,
    metadata jsonb,
    limits jsonb,
    initial_balance bigint not null default 0 check (initial_balance >= 0),
    initial_status smallint not null default 1,
    state_reason text,
    version integer not null default 1,
    created_at timestamptz not null,
    issued_at timestamptz,
    unique (pan_hash, expiry, sequence_number),
    unique (program, external_id)
);

create index card_by_program on card (program, id);
create index card_by_account on card (account_id);

-- hash: SHA-256 of the key. The key itself is shown once and kept nowhere.
create table api_key (
    id uuid primary key,
    program integer not null references program (number),
    name text not null,
    hash bytea not null unique check (octet_length(hash) = 32),
    created_at timestamptz not null,
    revoked_at timestamptz
);

-- status and body: the stored answer; null while the first request is being carried out. resource: what it makes or
-- changes, as the façade names its kind and with its identifier.
create table idempotency_key (
    program integer not null references program (number),
    key text not null check (length(key) between 1 and 255),
    request_hash bytea not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    status smallint,
    body bytea,
    resource_type text not null,
    resource_id uuid not null,
    primary key (program, key)
);

create index idempotency_key_by_time on idempotency_key using brin (started_at);
