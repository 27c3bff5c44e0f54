-- When the hold ends by itself after an event that set it.
alter table transaction_event add column expires_at timestamptz;
