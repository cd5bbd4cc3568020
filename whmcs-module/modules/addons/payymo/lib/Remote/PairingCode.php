<?php

namespace WHMCS\Module\Addon\Payymo\Remote;

if (!defined('WHMCS')) {
    exit;
}

/** What an admin pastes: `pyc_` + base64url of `<server address> <whm id> <one-time token>`. */
final class PairingCode
{
    /** @var string without a slash at its end */
    public $server;

    /** @var string */
    public $instanceId;

    /** @var string the whole code, which is what the server takes */
    public $code;

    /** @throws CallFailed `bad_code` */
    public static function read(string $text): self
    {
        $code = preg_replace('/\s+/', '', $text);
        $plain = preg_match('/^pyc_[A-Za-z0-9_-]{20,2000}={0,2}\z/', $code)
            ? base64_decode(strtr(rtrim(substr($code, 4), '='), '-_', '+/'), true)
            : false;
        $parts = $plain === false ? [] : explode(' ', $plain);
        if (
            count($parts) !== 3
            || !CurlTransport::isAllowed($parts[0])
            || !preg_match('/^whm_[0-9a-z]{26}\z/', $parts[1])
            || !preg_match('/^[\x21-\x7e]{10,500}\z/', $parts[2])
        ) {
            throw new CallFailed('bad_code', 'This is no pairing code. Copy it whole; it begins with pyc_.');
        }
        $read = new self();
        $read->server = rtrim($parts[0], '/');
        $read->instanceId = $parts[1];
        $read->code = $code;
        return $read;
    }
}
