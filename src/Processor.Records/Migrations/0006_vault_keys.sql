-- wrapped: the key that encrypts PANs, under version master_version of the key file. Hosts encrypt with the newest version
-- whose active_from has come. A destroyed version keeps its row, so that its number is never given again.
create table vault_key (
    version integer primary key check (version between 1 and 65535),
    master_version smallint not null check (master_version between 1 and 255),
    wrapped bytea,
    active_from timestamptz not null,
    created_at timestamptz not null,
    destroyed_at timestamptz,
    check ((wrapped is null) = (destroyed_at is not null))
);

-- The first bytes of a cipher name its key: 0 and the version of the data key, or a version of the key file.
create index card_by_vault_key on card (substring(pan_cipher from 1 for 3));
