<?php

namespace WHMCS\Module\Addon\Payymo;

use WHMCS\Module\Addon\Payymo\Booking\Booker;
use WHMCS\Module\Addon\Payymo\Booking\Order;
use WHMCS\Module\Addon\Payymo\Booking\Payments;
use WHMCS\Module\Addon\Payymo\Locks\Locks;
use WHMCS\Module\Addon\Payymo\Remote\CallFailed;
use WHMCS\Module\Addon\Payymo\Remote\Client;

if (!defined('WHMCS')) {
    exit;
}

/**
 * One run: ask how things stand, report what was not reported, tell what changed, fetch approved payments, book them, report.
 * One at a time, bounded in time and calls; what is left waits for the next. Nothing is lost when it breaks off anywhere.
 */
final class Sync
{
    private const LOCK = 'run';
    private const LOCK_SECONDS = 300;
    /** Payymo takes 60 calls a minute; the pushes of a run leave room for its payments. */
    private const CALLS_MAX = 50;
    private const PUSH_CALLS_MAX = 36;
    private const RESULTS_BYTES = 700000;
    /** While only a person can help, Payymo is asked so seldom. */
    private const STOPPED_SECONDS = 3600;

    /** @var Services */
    private $services;

    /** @var Client */
    private $client;

    /** @var Settings */
    private $settings;

    /** @var Locks */
    private $locks;

    /** @var Clock */
    private $clock;

    /** @var float */
    private $deadline = 0.0;

    /** @var int seconds by which Payymo's clock is ahead of ours */
    private $serverAhead = 0;

    public function __construct(Services $services)
    {
        $this->services = $services;
        $this->client = $services->client();
        $this->settings = $services->settings();
        $this->locks = $services->runLocks();
        $this->clock = $services->clock();
    }

    /** From the cron: waits while only a person can help. Never throws. */
    public function runFromCron(int $seconds = 40): void
    {
        try {
            $this->settings->set('cron_last_at', (string) $this->clock->now());
            if (!$this->settings->isPaired()) {
                return;
            }
            $stopped = $this->settings->get('stopped_reason') !== '';
            $triedAt = (int) $this->settings->get('last_run_at', '0');
            if ($stopped && $this->clock->now() - $triedAt < self::STOPPED_SECONDS) {
                return;
            }
            $this->run($seconds);
        } catch (\Throwable $fault) {
            $this->services->log()->warn('run_failed', get_class($fault) . ': ' . $fault->getMessage());
        }
    }

    /**
     * @return array{ok: bool, reason: string, words: string, pushed: int, booked: int}
     */
    public function run(int $seconds): array
    {
        if (!$this->locks->acquire(self::LOCK, self::LOCK_SECONDS)) {
            return ['ok' => false, 'reason' => 'busy', 'words' => '', 'pushed' => 0, 'booked' => 0];
        }
        // An admin who closes the window must not end a booking in its middle.
        ignore_user_abort(true);
        $this->deadline = $this->clock->elapsed() + $seconds;
        $push = $this->services->push($this->client);
        $booked = 0;
        try {
            $this->settings->set('last_run_at', (string) $this->clock->now());
            $state = $this->askState();
            $this->report([]);
            $this->unlessRefused(function () use ($push, $state): void {
                $this->tell($push, $state);
            });
            if (($state['verified'] ?? false) === true) {
                $booked = $this->work();
            }
            if ($booked > 0) {
                $this->unlessRefused(function () use ($push): void {
                    $push->changes($this->mayGoOn(self::CALLS_MAX));
                });
            }
            $this->settings->set('last_success_at', (string) $this->clock->now());
            $this->settings->forget('last_error', 'stopped_reason');
            return ['ok' => true, 'reason' => '', 'words' => '', 'pushed' => $push->pushed(), 'booked' => $booked];
        } catch (CallFailed $failure) {
            $this->failed($failure);
            $words = $failure->getMessage();
            return [
                'ok' => false,
                'reason' => $failure->reason(),
                'words' => $words,
                'pushed' => $push->pushed(),
                'booked' => $booked,
            ];
        } finally {
            $this->locks->release(self::LOCK);
        }
    }

    /**
     * Asks how things stand and keeps the answer.
     *
     * @return array<string, mixed>
     * @throws CallFailed
     */
    public function askState(): array
    {
        $cron = (int) $this->settings->get('cron_last_at', '0');
        $state = $this->client->call('state', [
            'system_url' => Whmcs::systemUrl(),
            'whmcs_version' => Whmcs::version(),
            'php_version' => PHP_VERSION,
            'cron_last_at' => $cron === 0 ? null : gmdate('Y-m-d\TH:i:s\Z', $cron),
            'payment_methods' => Whmcs::paymentMethods(),
        ]);
        $serverTime = self::unixTime($state['server_time'] ?? null);
        $this->serverAhead = $serverTime === 0 ? 0 : $serverTime - $this->clock->now();
        $this->settings->setMap('last_state', array_diff_key($state, ['wanted' => true]));
        $this->settings->forget('stopped_reason');
        return $state;
    }

    /** @param array<string, mixed> $state */
    private function tell(Push $push, array $state): void
    {
        $wanted = is_array($state['wanted'] ?? null) ? $state['wanted'] : [];
        $ids = [];
        foreach (is_array($wanted['invoices'] ?? null) ? $wanted['invoices'] : [] as $id) {
            if (preg_match('/^[1-9]\d{0,17}\z/', is_scalar($id) ? (string) $id : '')) {
                $ids[] = (int) $id;
            }
        }
        $mayGoOn = $this->mayGoOn(self::PUSH_CALLS_MAX);
        $push->wanted(array_slice(array_unique($ids), 0, 1000));
        $push->changes($mayGoOn);
        $push->everything(($wanted['full'] ?? false) === true, $mayGoOn);
    }

    /** Fetches and books as much as the time allows; returns how many are in the ledger by now. */
    private function work(): int
    {
        $booker = $this->services->booker();
        $booked = 0;
        $limit = 3;
        $mayGoOn = $this->mayGoOn(self::CALLS_MAX);
        while ($mayGoOn()) {
            $answer = $this->client->call('work', ['limit' => $limit]);
            $offers = is_array($answer['payments'] ?? null) ? array_slice($answer['payments'], 0, $limit) : [];
            if ($offers === []) {
                break;
            }
            $startedAt = $this->clock->elapsed();
            $refused = [];
            foreach ($offers as $offer) {
                $this->locks->extend(self::LOCK, self::LOCK_SECONDS);
                $booked += $this->carryOut($booker, $offer, $refused) ? 1 : 0;
            }
            $this->report($refused);
            // As many next time as half of what is left allows: whatever is fetched is also booked.
            $each = max(0.05, ($this->clock->elapsed() - $startedAt) / count($offers));
            $limit = (int) max(1, min(50, floor(($this->deadline - $this->clock->elapsed()) / 2 / $each)));
        }
        return $booked;
    }

    /**
     * @param mixed $offer
     * @param array<int, array<string, mixed>> $refused takes the report of an offer that cannot be read
     */
    private function carryOut(Booker $booker, $offer, array &$refused): bool
    {
        try {
            $ending = $booker->carryOut(Order::read($offer), $this->serverAhead);
            return $ending !== null && $ending->outcome === 'applied';
        } catch (\InvalidArgumentException $fault) {
            $this->services->log()->warn('offer_unreadable', $fault->getMessage());
            if (is_array($offer) && is_string($offer['payment_id'] ?? null) && isset($offer['fence'])) {
                $refused[] = [
                    'payment_id' => $offer['payment_id'],
                    'fence' => $offer['fence'],
                    'outcome' => 'refused',
                    'code' => 'not_understood',
                    'words' => 'The module cannot read this order: ' . $fault->getMessage(),
                    'transactions' => [],
                    'invoice' => null,
                ];
            }
        } catch (\Throwable $fault) {
            // Unreported: Payymo offers it again, and then it is looked up like any other.
            $this->services->log()->warn('booking_failed', get_class($fault) . ': ' . $fault->getMessage());
        }
        return false;
    }

    /**
     * Everything that our rows hold and Payymo was not told, and these besides.
     *
     * @param array<int, array<string, mixed>> $more
     * @throws CallFailed
     */
    private function report(array $more): void
    {
        if ($more !== []) {
            $this->client->call('results', ['results' => $more], count($more) . ' results');
        }
        // Bounded, should rows appear as fast as they are told.
        for ($rounds = 0; $rounds < 20 && ($rows = Payments::unreported(50)) !== []; $rounds++) {
            $part = [];
            $results = [];
            $bytes = 0;
            foreach ($rows as $row) {
                $bytes += strlen($row->report);
                if ($part !== [] && $bytes > self::RESULTS_BYTES) {
                    break;
                }
                $part[] = $row;
                $results[] = json_decode($row->report, true);
            }
            $states = $this->deliver($results);
            foreach ($part as $row) {
                Payments::reported($row, $states[$row->payment_id] ?? '');
            }
        }
    }

    /**
     * @param array<int, mixed> $results
     * @return array<string, string> payment id => the state that Payymo gave it
     */
    private function deliver(array $results): array
    {
        $states = [];
        $answer = [];
        // What it cannot read it will never read; the payment is offered again, and looked up again.
        $this->unlessRefused(function () use ($results, &$answer): void {
            $answer = $this->client->call('results', ['results' => $results], count($results) . ' results');
        });
        foreach (is_array($answer['taken'] ?? null) ? $answer['taken'] : [] as $taken) {
            if (is_array($taken) && is_string($taken['payment_id'] ?? null)) {
                $states[$taken['payment_id']] = is_scalar($taken['state'] ?? null) ? (string) $taken['state'] : '';
            }
        }
        return $states;
    }

    /** Seconds by which Payymo's clock was ahead of ours when it was last asked. */
    public function serverAhead(): int
    {
        return $this->serverAhead;
    }

    /** What Payymo does not take of our invoices is its fault or ours, and no reason not to book payments. */
    private function unlessRefused(callable $do): void
    {
        try {
            $do();
        } catch (CallFailed $failure) {
            if ($failure->reason() !== 'refused') {
                throw $failure;
            }
            $this->services->log()->warn('call_failed', $failure->getMessage());
        }
    }

    /** @return callable(): bool whether there is time, and room below so many calls */
    private function mayGoOn(int $callsMax): callable
    {
        return function () use ($callsMax): bool {
            return $this->clock->elapsed() < $this->deadline && $this->client->calls() < $callsMax;
        };
    }

    private function failed(CallFailed $failure): void
    {
        $this->settings->setMap('last_error', [
            'reason' => $failure->reason(),
            'words' => Log::mask($failure->getMessage()),
            'at' => $this->clock->now(),
        ]);
        if ($failure->stops()) {
            $this->settings->set('stopped_reason', $failure->reason());
        }
        $this->services->log()->warn('call_failed', $failure->reason() . ': ' . $failure->getMessage());
    }

    /** @param mixed $value unix seconds or an ISO time */
    private static function unixTime($value): int
    {
        if (is_int($value) || (is_string($value) && ctype_digit($value))) {
            return (int) $value;
        }
        return is_string($value) ? (int) strtotime($value) : 0;
    }
}
