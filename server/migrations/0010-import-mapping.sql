-- What statement files teach us about an account, the currency an import counts in, and who must learn of ending consents.
-- Adds columns without defaults and grants: instant on any database, short exclusive locks on accounts and imports.

-- How the columns of this account's CSV files are to be read; csv_mapping_given when a person said so.
alter table accounts add column csv_mapping json, add column csv_mapping_given boolean not null default false;

-- Of balance_difference.
alter table imports add column balance_currency text;

grant select (consent_expires_at) on bank_connections to payymo_directory;
