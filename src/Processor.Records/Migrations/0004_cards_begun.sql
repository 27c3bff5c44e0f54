-- Cards whose issuance was begun and not finished: few, and looked for every while.
create index card_begun on card (created_at) where issued_at is null;
