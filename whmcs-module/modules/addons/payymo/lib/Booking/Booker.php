<?php

namespace WHMCS\Module\Addon\Payymo\Booking;

use WHMCS\Module\Addon\Payymo\Clock;
use WHMCS\Module\Addon\Payymo\Invoices;
use WHMCS\Module\Addon\Payymo\Locks\Locks;
use WHMCS\Module\Addon\Payymo\Log;

if (!defined('WHMCS')) {
    exit;
}

/**
 * Carries out one order under two locks: the invoice, and the row of its transid. Whoever does not get both does nothing and
 * reports nothing; the other is at it. Inside them the ledger is looked at before anything is sent and again afterwards,
 * so that what is offered twice, by two processes or after a crash, is in the ledger once.
 */
final class Booker
{
    private const LOCK_SECONDS = 600;
    /** The lease must last so long still when a send begins. */
    private const LEASE_LEFT_SECONDS = 30;

    /** @var Payments */
    private $payments;

    /** @var Locks */
    private $locks;

    /** @var Invoices */
    private $invoices;

    /** @var Log */
    private $log;

    /** @var Clock */
    private $clock;

    public function __construct(Payments $payments, Locks $locks, Invoices $invoices, Log $log, Clock $clock)
    {
        $this->payments = $payments;
        $this->locks = $locks;
        $this->invoices = $invoices;
        $this->log = $log;
        $this->clock = $clock;
    }

    /**
     * Returns how it ended, which is then also written with its report; null when nothing was done.
     *
     * @param int $serverAhead seconds by which Payymo's clock is ahead of ours
     */
    public function carryOut(Order $order, int $serverAhead = 0): ?Ending
    {
        $lock = 'invoice-' . $order->invoiceId;
        if (!$this->locks->acquire($lock, self::LOCK_SECONDS)) {
            $this->log->info('payment_busy', $order->transid);
            return null;
        }
        try {
            $row = $this->payments->claim($order);
            if ($row === null) {
                $this->log->info('payment_busy', $order->transid);
                return null;
            }
            return $this->underLocks($order, $row, $lock, $serverAhead);
        } finally {
            $this->locks->release($lock);
        }
    }

    private function underLocks(Order $order, object $row, string $lock, int $serverAhead): ?Ending
    {
        $finished = false;
        try {
            $mayBegin = function (?string $surplus) use ($row, $lock, $order, $serverAhead): bool {
                $leaseLeft = $order->leasedUntil - $serverAhead - $this->clock->now();
                return ($order->leasedUntil === 0 || $leaseLeft >= self::LEASE_LEFT_SECONDS)
                    && $this->locks->holds($lock)
                    && $this->payments->beginSend($row, $surplus);
            };
            $step = $order->action === Order::UNDO
                ? new UndoPayment($order, $row, $this->clock, $mayBegin)
                : new BookPayment($order, $row, $this->clock, $mayBegin);
            $ending = $step->run();
            if ($ending !== null) {
                $this->payments->finish($row, $ending->state, $this->report($order, $ending));
                $finished = true;
                $this->tell($order, $ending);
            }
            return $ending;
        } finally {
            if (!$finished) {
                $this->payments->release($row);
            }
        }
    }

    /** @return array<string, mixed> as `results` takes it */
    private function report(Order $order, Ending $ending): array
    {
        $rows = Ledger::under($order->transid);
        if ($ending->code === BookPayment::RECORDED) {
            $rows = array_merge($rows, Ledger::recorded($order->alsoKnownAs, $order->invoiceId));
        }
        $report = [
            'payment_id' => $order->paymentId,
            'fence' => $order->fence,
            'outcome' => $ending->outcome,
            'code' => $ending->code,
            'words' => $ending->words,
            'transactions' => array_map([Ledger::class, 'shown'], $rows),
            'invoice' => $this->invoices->one($order->invoiceId),
        ];
        return $order->action === Order::UNDO ? $report + ['left' => $ending->left] : $report;
    }

    private function tell(Order $order, Ending $ending): void
    {
        $detail = trim($order->transid . ' · ' . $ending->code . ' ' . $ending->words . ' ' . implode(' ', $ending->left), ' ·');
        $event = $order->action . '_' . $ending->outcome;
        $ending->outcome === 'applied' ? $this->log->info($event, $detail) : $this->log->warn($event, $detail);
    }
}
