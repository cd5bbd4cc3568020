<?php

namespace Payymo\Tests;

use PHPUnit\Framework\TestCase;
use WHMCS\Database\Capsule;
use WHMCS\Module\Addon\Payymo\Hooks;
use WHMCS\Module\Addon\Payymo\Services;

/** A fresh WHMCS with the addon active, and a Payymo without a network. */
abstract class ModuleTestCase extends TestCase
{
    protected const SERVER = 'https://app.payymo.example';

    /** @var TurnedClock */
    protected $clock;

    /** @var FakePayymo */
    protected $payymo;

    /** @var FakePayymoTransport */
    protected $transport;

    /** @var Services */
    protected $services;

    protected function setUp(): void
    {
        Database::open();
        Database::fresh();
        FakeWhmcs::reset();
        $this->assertSame('success', payymo_activate()['status']);
        $this->clock = new TurnedClock();
        $this->payymo = new FakePayymo();
        $this->payymo->now = function (): int {
            return $this->clock->now;
        };
        $this->transport = new FakePayymoTransport($this->payymo);
        $this->services = new Services($this->clock, $this->transport);
    }

    protected function paired(): void
    {
        $this->services->settings()->pair(self::SERVER, FakePayymo::INSTANCE, FakePayymo::SECRET);
    }

    protected function withHooks(): void
    {
        (new Hooks($this->services))->register();
    }

    /** @return array<string, mixed> an offer as `work` carries it */
    protected function offer(int $invoiceId, string $amount, array $more = []): array
    {
        return $more + [
            'payment_id' => 'pay_01jrfzq4v8m2k9d7t5x3w1c0ab',
            'fence' => 1,
            'action' => 'pay',
            'invoice_id' => (string) $invoiceId,
            'transid' => 'PYM-ABCDEFGHIJKLMNOPQRSTUVWXY2',
            'amount' => $amount,
            'currency' => 'EUR',
            'gateway' => 'banktransfer',
            'date' => '2026-11-20',
            'fees' => null,
            'no_email' => false,
            'surplus' => false,
            'surplus_amount' => null,
            'leased_until' => gmdate('Y-m-d\TH:i:s\Z', $this->clock->now + 900),
        ];
    }

    /** @return object[] */
    protected function ledger(string $transid = 'PYM-ABCDEFGHIJKLMNOPQRSTUVWXY2'): array
    {
        return Capsule::table('tblaccounts')->where('transid', $transid)->get()->all();
    }

    protected function statusOf(int $invoiceId): string
    {
        return Capsule::table('tblinvoices')->where('id', $invoiceId)->value('status');
    }
}
