-- The trace of whoever caused a payment or a delivery, so that the worker's call stands below it. Null without tracing. Adds
-- two columns and gives new rows a default (no rewrite of the tables; a lock of milliseconds).
alter table payments add column traceparent text;
alter table payments alter column traceparent set default nullif(current_setting('app.traceparent', true), '');
alter table deliveries add column traceparent text;
alter table deliveries alter column traceparent set default nullif(current_setting('app.traceparent', true), '');
