<?php

namespace WHMCS\Module\Addon\Payymo\Booking;

use WHMCS\Database\Capsule;
use WHMCS\Module\Addon\Payymo\Money;
use WHMCS\Module\Addon\Payymo\Text;

if (!defined('WHMCS')) {
    exit;
}

/** What stands in WHMCS's own book of payments, tblaccounts: the only truth about whether something was booked. */
final class Ledger
{
    /**
     * All rows under exactly this id. MySQL compares without regard to case and blanks at the end, so the comparison that
     * counts is made here.
     *
     * @return object[]
     */
    public static function under(string $transid): array
    {
        $rows = Capsule::table('tblaccounts')->useWritePdo()->where('transid', $transid)->orderBy('id')->get()->all();
        return array_values(array_filter($rows, static function ($row) use ($transid): bool {
            return (string) $row->transid === $transid;
        }));
    }

    /**
     * Money in under one of these ids: what a payment gateway has recorded. Such an id may stand beside other text; that is looked
     * for on the one invoice only, since everywhere would mean to read the whole book.
     *
     * @param string[] $ids
     * @return object[]
     */
    public static function recorded(array $ids, int $invoiceId): array
    {
        if ($ids === []) {
            return [];
        }
        $book = static function () {
            return Capsule::table('tblaccounts')->useWritePdo()->orderBy('id');
        };
        $rows = [];
        foreach ([$book()->whereIn('transid', $ids), $book()->where('invoiceid', $invoiceId)] as $query) {
            foreach ($query->get()->all() as $row) {
                $rows[(int) $row->id] = $row;
            }
        }
        return array_values(array_filter($rows, static function ($row) use ($ids): bool {
            $words = preg_split('/[^A-Za-z0-9_]+/', (string) $row->transid);
            return self::net($row) > 0 && array_intersect($words, $ids) !== [];
        }));
    }

    /** In minus out, in ten-thousandths. */
    public static function net(object $row): int
    {
        return Money::parse(Money::tidy($row->amountin)) - Money::parse(Money::tidy($row->amountout));
    }

    /** Whether the rows are this one movement and nothing else. */
    public static function isExactly(array $rows, int $invoiceId, int $net): bool
    {
        return count($rows) === 1 && (int) $rows[0]->invoiceid === $invoiceId && self::net($rows[0]) === $net;
    }

    /** @return array<string, string|null> a row as Payymo is told of it */
    public static function shown(object $row): array
    {
        return [
            'id' => (string) $row->id,
            'transid' => Text::plain($row->transid, 200),
            'invoice_id' => (string) (int) $row->invoiceid,
            'amount_in' => Money::tidy($row->amountin),
            'amount_out' => Money::tidy($row->amountout),
            'fees' => Money::tidy($row->fees),
            'date' => Text::day($row->date),
            'gateway' => Text::plain($row->gateway, 64),
        ];
    }

    /** Words about rows for a person. */
    public static function words(array $rows): string
    {
        return implode('; ', array_map(static function ($row): string {
            return Money::format(self::net($row)) . ' on invoice id ' . (int) $row->invoiceid . ' (row ' . $row->id . ')';
        }, $rows));
    }
}
