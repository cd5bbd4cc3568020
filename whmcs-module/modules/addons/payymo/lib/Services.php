<?php

namespace WHMCS\Module\Addon\Payymo;

use WHMCS\Database\Capsule;
use WHMCS\Module\Addon\Payymo\Booking\Booker;
use WHMCS\Module\Addon\Payymo\Booking\Payments;
use WHMCS\Module\Addon\Payymo\Locks\Locks;
use WHMCS\Module\Addon\Payymo\Locks\MysqlLocks;
use WHMCS\Module\Addon\Payymo\Locks\RowLocks;
use WHMCS\Module\Addon\Payymo\Remote\Client;
use WHMCS\Module\Addon\Payymo\Remote\CurlTransport;
use WHMCS\Module\Addon\Payymo\Remote\Transport;

if (!defined('WHMCS')) {
    exit;
}

/** Joins the parts; the only place that knows all of them. */
final class Services
{
    /** @var Clock */
    private $clock;

    /** @var Transport */
    private $transport;

    /** @var Settings */
    private $settings;

    public function __construct(?Clock $clock = null, ?Transport $transport = null)
    {
        $this->clock = $clock ?? new Clock();
        $this->transport = $transport ?? new CurlTransport();
        $this->settings = new Settings();
    }

    public function clock(): Clock
    {
        return $this->clock;
    }

    public function transport(): Transport
    {
        return $this->transport;
    }

    public function settings(): Settings
    {
        return $this->settings;
    }

    public function log(): Log
    {
        return new Log($this->clock);
    }

    public function queue(): Queue
    {
        return new Queue($this->clock);
    }

    public function client(): Client
    {
        return new Client($this->settings, $this->transport, $this->clock);
    }

    public function invoices(): Invoices
    {
        return new Invoices($this->clock);
    }

    public function push(Client $client): Push
    {
        return new Push($client, $this->invoices(), $this->queue(), $this->settings, $this->log());
    }

    public function booker(): Booker
    {
        return new Booker(
            new Payments($this->clock),
            $this->bookingLocks(),
            $this->invoices(),
            $this->log(),
            $this->clock
        );
    }

    /** Of a run: rows alone, since MySQL of old holds one GET_LOCK at a time and that one belongs to the booking. */
    public function runLocks(): Locks
    {
        return new RowLocks($this->clock);
    }

    public function bookingLocks(): Locks
    {
        $rows = new RowLocks($this->clock);
        return Capsule::connection()->getDriverName() === 'mysql' ? new MysqlLocks($rows) : $rows;
    }
}
