<?php

namespace WHMCS\Module\Addon\Payymo;

use WHMCS\Module\Addon\Payymo\Remote\CallFailed;
use WHMCS\Module\Addon\Payymo\Remote\PairingCode;

if (!defined('WHMCS')) {
    exit;
}

/** Connects this WHMCS with an installation at Payymo, and lets go of it. */
final class Pairing
{
    /** @var Services */
    private $services;

    public function __construct(Services $services)
    {
        $this->services = $services;
    }

    /** @throws CallFailed with the former pairing left as it was */
    public function connect(string $text): void
    {
        $code = PairingCode::read($text);
        $settings = $this->services->settings();
        $pairing = $this->services->client()->pair($code, [
            'system_url' => Whmcs::systemUrl(),
            'whmcs_version' => Whmcs::version(),
            'php_version' => PHP_VERSION,
        ]);
        $settings->unpair();
        // A new pairing begins with everything; what was noted for the former says nothing more.
        $this->services->queue()->clear();
        $settings->pair($code->server, $pairing['instance_id'], $pairing['secret']);
        if ($settings->secret() !== $pairing['secret']) {
            $settings->unpair();
            throw new CallFailed('not_paired', 'WHMCS could not keep the secret: its encryption does not give back what it got.');
        }
        $this->services->log()->info('paired', $code->server . ' ' . $pairing['instance_id']);
    }

    public function disconnect(): void
    {
        $this->services->settings()->unpair();
        $this->services->queue()->clear();
        $this->services->log()->info('unpaired');
    }
}
