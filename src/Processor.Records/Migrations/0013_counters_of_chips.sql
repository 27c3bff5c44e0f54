-- The ledger keeps what was seen of a chip's counter in a field of its own, beside the card: a purchase changes that alone, and no row here.
alter table card_state drop column atc;
