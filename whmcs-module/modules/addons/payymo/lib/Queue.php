<?php

namespace WHMCS\Module\Addon\Payymo;

use WHMCS\Database\Capsule;

if (!defined('WHMCS')) {
    exit;
}

/**
 * What changed and was not told yet. Hooks only add rows; the delivery reads what an invoice or client is by then, tells it,
 * and takes away the rows up to the last it had seen, so that a change noted meanwhile stays.
 */
final class Queue
{
    public const INVOICE = 'invoice';
    public const CLIENT = 'client';
    /** All invoices of a client that count: two clients became one. */
    public const INVOICES_OF_CLIENT = 'invoices_of';

    /** Beyond this a full push is cheaper than telling each change. */
    public const ROWS_MAX = 20000;

    private const TABLE = 'mod_payymo_queue';

    /** @var Clock */
    private $clock;

    public function __construct(Clock $clock)
    {
        $this->clock = $clock;
    }

    public function note(string $kind, int $ref): void
    {
        if ($ref > 0) {
            Capsule::table(self::TABLE)->insert([
                'kind' => $kind,
                'ref' => $ref,
                'noted_at' => $this->clock->now(),
            ]);
        }
    }

    /**
     * The longest waiting of a kind, each once, with the last row seen for it.
     *
     * @return array<int, int> ref => row id
     */
    public function peek(string $kind, int $limit): array
    {
        $rows = Capsule::table(self::TABLE)
            ->where('kind', $kind)
            ->groupBy('ref')
            ->orderByRaw('min(id)')
            ->limit($limit)
            ->selectRaw('ref, max(id) as last')
            ->get();
        $waiting = [];
        foreach ($rows as $row) {
            $waiting[(int) $row->ref] = (int) $row->last;
        }
        return $waiting;
    }

    /** @param array<int, int> $told as peek gave them */
    public function done(string $kind, array $told): void
    {
        foreach ($told as $ref => $last) {
            Capsule::table(self::TABLE)->where('kind', $kind)->where('ref', $ref)->where('id', '<=', $last)->delete();
        }
    }

    public function size(): int
    {
        return (int) Capsule::table(self::TABLE)->count();
    }

    public function clear(): void
    {
        Capsule::table(self::TABLE)->delete();
    }
}
