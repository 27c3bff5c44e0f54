-- A plain row-lock ledger: the account's row is the lock, one function is one authorization.
-- It is held against ours as it is easiest for Postgres: narrow rows, one index each, no look-up of repeats.
create table account (
    account_id bigint primary key,
    available bigint not null,
    held bigint not null default 0,
    version bigint not null default 0
) with (fillfactor = 50);

create table authorization_record (
    authorization_id bigint generated always as identity primary key,
    account_id bigint not null,
    stan int not null,
    reference text not null,
    terminal text not null,
    merchant text not null,
    amount bigint not null,
    currency smallint not null,
    is_approved boolean not null,
    decided_at timestamptz not null default now()
);

create table authorization_event (
    event_id bigint generated always as identity primary key,
    authorization_id bigint not null,
    kind smallint not null,
    amount bigint not null,
    available_after bigint not null,
    at timestamptz not null default now()
);

create table ledger_entry (
    entry_id bigint generated always as identity primary key,
    authorization_id bigint not null,
    side smallint not null,
    account_id bigint not null,
    amount bigint not null
);

create function authorize(p_account bigint, p_amount bigint, p_stan int) returns boolean language plpgsql as $$
declare
    v_available bigint;
    v_approved boolean;
    v_authorization bigint;
begin
    select available into v_available from account where account_id = p_account for update;
    v_approved := v_available >= p_amount;
    insert into authorization_record (account_id, stan, reference, terminal, merchant, amount, currency, is_approved)
    values (p_account, p_stan, lpad(p_stan::text, 12, '0'), 'TERM0001', 'MERCHANT0000001', p_amount, 978, v_approved)
    returning authorization_id into v_authorization;
    insert into authorization_event (authorization_id, kind, amount, available_after)
    values (v_authorization, 1, p_amount, case when v_approved then v_available - p_amount else v_available end);
    if not v_approved then
        return false;
    end if;
    insert into ledger_entry (authorization_id, side, account_id, amount)
    values (v_authorization, 1, p_account, -p_amount), (v_authorization, 2, 0, p_amount);
    update account set available = available - p_amount, held = held + p_amount, version = version + 1 where account_id = p_account;
    return true;
end
$$;
