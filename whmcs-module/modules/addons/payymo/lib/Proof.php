<?php

namespace WHMCS\Module\Addon\Payymo;

use WHMCS\Database\Capsule;

if (!defined('WHMCS')) {
    exit;
}

/**
 * The proof that this address and the holder of the secret are one: HMAC-SHA256(secret, nonce). Only hexadecimal nonces are
 * answered, so that it can never be made to sign one of our messages, each of which holds a full stop.
 */
final class Proof
{
    private const PER_MINUTE = 30;

    /** @var Settings */
    private $settings;

    /** @var Clock */
    private $clock;

    public function __construct(Settings $settings, Clock $clock)
    {
        $this->settings = $settings;
        $this->clock = $clock;
    }

    /** The answer in hex, or null for whatever deserves none. */
    public function answer(string $nonce, string $address): ?string
    {
        if (!preg_match('/^(?:[0-9a-f]{2}){16,64}\z/', $nonce) || !$this->mayAsk($address)) {
            return null;
        }
        // The rows of a deactivated addon are gone from here, while our own tables stay.
        if (!Capsule::table('tbladdonmodules')->where('module', Module::NAME)->exists()) {
            return null;
        }
        $secret = $this->settings->secret();
        return $secret === null ? null : hash_hmac('sha256', $nonce, $secret);
    }

    /** Counts per address and minute, so that nobody learns at our cost. Addresses are kept as hashes, for two minutes. */
    private function mayAsk(string $address): bool
    {
        $now = $this->clock->now();
        $bucket = substr(hash('sha256', $address . '/' . intdiv($now, 60)), 0, 64);
        Capsule::table('mod_payymo_hits')->where('expires_at', '<', $now)->delete();
        Capsule::table('mod_payymo_hits')->insertOrIgnore(['bucket' => $bucket, 'hits' => 0, 'expires_at' => $now + 120]);
        Capsule::table('mod_payymo_hits')->where('bucket', $bucket)->increment('hits');
        return (int) Capsule::table('mod_payymo_hits')->where('bucket', $bucket)->value('hits') <= self::PER_MINUTE;
    }
}
