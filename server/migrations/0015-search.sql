-- What lists search and sort by: the words of a row's texts, folded, and amounts that compare across currencies.
-- Rewrites accounts, clients, invoices, transactions, matches and payments under an exclusive lock: about 20 s for each
-- million transactions, 15 s for each million invoices; nothing reads or writes these tables meanwhile.

-- Lower-case words, each behind one blank, without accents: ' muller sohne lodz strasse inv 2025 001'. A word of a search
-- begins a word here when blank + word is found. Anything but letters and digits separates. Texts that are all ASCII, nearly
-- all, take the quick way: 6 µs against 15 for the other. Letters that Unicode does not take apart (ł, ø, ß, æ) are spelled
-- out. The collations are named, so that every server and locale gives the same words.
create function search_words(given text) returns text language sql immutable parallel safe
return case when octet_length(given) = char_length(given)
  then regexp_replace(' ' || lower(given collate "C"), '[^a-z0-9]+', ' ', 'g') collate "C"
  else regexp_replace(' ' || replace(replace(replace(replace(translate(
      lower(regexp_replace(normalize(given, nfkd), '[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]+', '', 'g') collate "und-x-icu"),
      'łđøıħŧðŋĸς', 'ldoihtdnkσ'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), '[^[:alnum:]]+', ' ', 'g') collate "C" end;

-- One field of every object of a list: the descriptions of an invoice's lines, the texts of a match's reasons.
create function json_texts(list json, field text) returns text language sql immutable parallel safe
return (select coalesce(string_agg(item ->> field, ' '), '') from json_array_elements(list) as item);

-- Ten-thousandths of the major unit, so that 1000 JPY is more than 10.01 EUR. The decimals are those of base/money.ts
-- (ISO 4217).
create function amount_scaled(amount_minor bigint, currency text) returns bigint language sql immutable parallel safe
return amount_minor * case
  when currency in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') then 10000
  when currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 10
  when currency in ('CLF', 'UYW') then 1
  else 100 end;

alter table accounts
  add column words text not null generated always as (search_words(name || ' ' || bank_name)) stored;

alter table clients
  add column words text not null generated always as (search_words(external_id || ' ' || name || ' ' || company || ' ' || email)) stored;

alter table invoices
  add column words text not null generated always as (search_words(number || ' ' || external_id || ' ' || json_texts(items, 'description'))) stored,
  add column total_scaled bigint not null generated always as (amount_scaled(total_minor, currency)) stored,
  add column balance_scaled bigint not null generated always as (amount_scaled(balance_minor, currency)) stored;

alter table transactions
  add column words text not null generated always as (search_words(coalesce(external_id, '') || ' ' || reference || ' ' || description
    || ' ' || counterparty_name || ' ' || coalesce(right(counterparty_iban, 4), '') || ' ' || coalesce(note, ''))) stored,
  add column amount_scaled bigint not null generated always as (amount_scaled(amount_minor, currency)) stored;

alter table matches
  add column words text not null generated always as (search_words(match_reason || ' ' || json_texts(reasons, 'text')
    || ' ' || json_texts(withheld, 'text') || ' ' || coalesce(decided_by, ''))) stored;

alter table payments
  add column words text not null generated always as (search_words(transid || ' ' || coalesce(reason, ''))) stored,
  add column amount_scaled bigint not null generated always as (amount_scaled(amount_minor, currency)) stored;
