-- Nearly every hold is written twice: open, and later resolved. With room in its page the second writing stays there, and no index
-- hears of it; without, it costs more than the first.
alter table hold set (fillfactor = 55);

-- These tables only grow, or grow by rows that are rewritten in place: looking through them at each fifth more of rows, as the server
-- does by default, costs more than it finds.
alter table journal set (autovacuum_vacuum_insert_scale_factor = 0.5, autovacuum_analyze_scale_factor = 0.5);
alter table transaction set (autovacuum_vacuum_insert_scale_factor = 0.5, autovacuum_analyze_scale_factor = 0.5);
alter table transaction_event set (autovacuum_vacuum_insert_scale_factor = 0.5, autovacuum_analyze_scale_factor = 0.5);
alter table ledger_entry set (autovacuum_vacuum_insert_scale_factor = 0.5, autovacuum_analyze_scale_factor = 0.5);
alter table hold set (
    autovacuum_vacuum_insert_scale_factor = 0.5, autovacuum_vacuum_scale_factor = 0.5, autovacuum_analyze_scale_factor = 0.5);
