-- How often each data key was used, so that it is renewed long before AES-GCM's random nonces could meet (reliability 28).
-- Adds one column with a constant default to data_keys: a short lock, instant on any database.

alter table data_keys add column uses bigint not null default 0;
grant select (id, created_at) on data_keys to payymo_directory;
