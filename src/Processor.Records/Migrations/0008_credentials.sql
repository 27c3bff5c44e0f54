-- checks: what became of each credential of the message, four bits for each kind; see CredentialChecks.
alter table transaction_event add column checks integer not null default 0;

-- credentials: which credentials the program checks and with which keys; null for none. See CredentialProfile.
alter table program add column credentials jsonb;
