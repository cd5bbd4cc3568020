<?php

namespace WHMCS\Module\Addon\Payymo;

use WHMCS\Database\Capsule;

if (!defined('WHMCS')) {
    exit;
}

/**
 * Invoices and clients as Payymo is told of them. Rows are read straight from WHMCS's tables, a few queries for a page of
 * invoices, and only the balance of an open one through GetInvoice: on WHMCS 9 it follows from credit and debit notes, which no
 * table of ours to read explains.
 */
final class Invoices
{
    public const OPEN = ['Unpaid', 'Payment Pending', 'Collections'];
    private const CLOSED = ['Paid', 'Refunded', 'Cancelled'];
    /** Closed invoices count for so long. */
    private const CLOSED_DAYS = 400;
    private const ITEMS_MAX = 500;

    /** @var Clock */
    private $clock;

    public function __construct(Clock $clock)
    {
        $this->clock = $clock;
    }

    /**
     * The invoices there are among these, by rising id. Whoever is not in the answer is gone from WHMCS.
     *
     * @param int[] $ids
     * @return array<int, array<string, mixed>> id => document
     */
    public function documents(array $ids): array
    {
        if ($ids === []) {
            return [];
        }
        $rows = Capsule::table('tblinvoices')->whereIn('id', $ids)->orderBy('id')->get()->all();
        $items = self::grouped(Capsule::table('tblinvoiceitems')->whereIn('invoiceid', $ids)->orderBy('id')->get());
        $payments = self::grouped(Capsule::table('tblaccounts')->whereIn('invoiceid', $ids)->orderBy('id')->get());
        $currencies = $this->currencies(array_map(static function ($row): int {
            return (int) $row->userid;
        }, $rows));
        $documents = [];
        foreach ($rows as $row) {
            $id = (int) $row->id;
            $document = self::document($row, $items[$id] ?? [], $payments[$id] ?? []);
            $document['currency'] = $currencies[(int) $row->userid] ?? null;
            $documents[$id] = $document;
        }
        return $documents;
    }

    /** @return array<string, mixed>|null */
    public function one(int $id): ?array
    {
        return $this->documents([$id])[$id] ?? null;
    }

    /**
     * The next ids of everything that counts: open, or closed within 400 days.
     *
     * @return int[] rising, above $after
     */
    public function nextIds(int $after, int $limit, ?int $clientId = null): array
    {
        $since = gmdate('Y-m-d', $this->clock->now() - self::CLOSED_DAYS * 86400);
        $query = Capsule::table('tblinvoices')
            ->where('id', '>', $after)
            ->where(static function ($query) use ($since): void {
                $query->whereIn('status', self::OPEN)->orWhere(static function ($query) use ($since): void {
                    $query->whereIn('status', self::CLOSED)->where(static function ($query) use ($since): void {
                        // Not every release fills the column of its own way of closing: any late day will do.
                        foreach (['date', 'datepaid', 'date_refunded', 'date_cancelled', 'updated_at'] as $column) {
                            $query->orWhere($column, '>=', $since);
                        }
                    });
                });
            });
        if ($clientId !== null) {
            $query->where('userid', $clientId);
        }
        return array_map('intval', $query->orderBy('id')->limit($limit)->pluck('id')->all());
    }

    /**
     * @param int[] $ids
     * @return array<int, array<string, mixed>> id => document
     */
    public function clients(array $ids): array
    {
        if ($ids === []) {
            return [];
        }
        $currencies = $this->currencies($ids);
        $columns = ['id', 'firstname', 'lastname', 'companyname', 'email', 'credit'];
        $documents = [];
        foreach (Capsule::table('tblclients')->whereIn('id', $ids)->orderBy('id')->get($columns) as $row) {
            $documents[(int) $row->id] = [
                'id' => (string) $row->id,
                'first_name' => Text::plain($row->firstname, 200),
                'last_name' => Text::plain($row->lastname, 200),
                'company' => Text::plain($row->companyname, 200),
                'email' => Text::plain($row->email, 320),
                'currency' => $currencies[(int) $row->id] ?? null,
                'credit' => Money::tidy($row->credit),
            ];
        }
        return $documents;
    }

    private static function document(object $row, array $items, array $payments): array
    {
        $shownItems = [];
        foreach (array_slice($items, 0, self::ITEMS_MAX) as $item) {
            $shownItems[] = [
                'type' => Text::plain($item->type, 40),
                'rel_id' => (string) max(0, (int) $item->relid),
                'description' => Text::plain($item->description),
                'amount' => Money::tidy($item->amount),
            ];
        }
        return [
            'id' => (string) $row->id,
            'number' => Text::plain($row->invoicenum, 100),
            'client_id' => (string) $row->userid,
            'status' => (string) $row->status,
            'date' => Text::day($row->date),
            'due_date' => Text::day($row->duedate),
            'date_paid' => Text::day($row->datepaid),
            'total' => Money::tidy($row->total),
            'balance' => self::balance($row, $payments),
            'credit' => Money::tidy($row->credit),
            'currency' => null,
            'items' => $shownItems,
            'payments' => array_map([Booking\Ledger::class, 'shown'], $payments),
            'updated_at' => isset($row->updated_at) ? (string) $row->updated_at : null,
        ];
    }

    /** @param object[] $payments */
    private static function balance(object $row, array $payments): string
    {
        if (in_array($row->status, self::OPEN, true)) {
            $answer = Whmcs::call('GetInvoice', ['invoiceid' => (int) $row->id]);
            if ($answer['ok'] && isset($answer['data']['balance'])) {
                return Money::tidy($answer['data']['balance']);
            }
        }
        $balance = Money::parse(Money::tidy($row->total));
        foreach ($payments as $payment) {
            $balance -= Money::parse(Money::tidy($payment->amountin)) - Money::parse(Money::tidy($payment->amountout));
        }
        // What is paid owes nothing, whatever notes WHMCS 9 explains it with.
        return Money::format($row->status === 'Paid' ? min(0, $balance) : $balance);
    }

    /**
     * @param int[] $clientIds
     * @return array<int, string> client id => ISO code
     */
    private function currencies(array $clientIds): array
    {
        $codes = Capsule::table('tblclients')
            ->join('tblcurrencies', 'tblcurrencies.id', '=', 'tblclients.currency')
            ->whereIn('tblclients.id', array_values(array_unique($clientIds)))
            ->pluck('tblcurrencies.code', 'tblclients.id');
        $clean = [];
        foreach ($codes as $id => $code) {
            $clean[(int) $id] = strtoupper(Text::plain($code, 8));
        }
        return $clean;
    }

    /** @return array<int, object[]> */
    private static function grouped(iterable $rows): array
    {
        $groups = [];
        foreach ($rows as $row) {
            $groups[(int) $row->invoiceid][] = $row;
        }
        return $groups;
    }
}
