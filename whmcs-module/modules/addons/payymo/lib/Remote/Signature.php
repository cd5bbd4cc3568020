<?php

namespace WHMCS\Module\Addon\Payymo\Remote;

if (!defined('WHMCS')) {
    exit;
}

/** `t=<unix seconds>,v1=<hex>`: HMAC-SHA256 over raw bytes, never over anything that was decoded and written again. */
final class Signature
{
    /** How far two clocks may be apart, in seconds. */
    public const WINDOW = 300;

    /** The header over `<t>.<text>`. */
    public static function header(string $secret, int $at, string $text): string
    {
        return 't=' . $at . ',v1=' . hash_hmac('sha256', $at . '.' . $text, $secret);
    }

    /**
     * Null when the header signs this text now, else why not: `bad_signature`, or `clock_skew` where only the time is
     * wrong. Compared in constant time; several v1 are taken, as while a secret is exchanged.
     */
    public static function fault(string $header, string $secret, int $now, string $text): ?string
    {
        $at = null;
        $hashes = [];
        foreach (explode(',', $header) as $part) {
            $pair = explode('=', trim($part), 2);
            if ($pair[0] === 't' && preg_match('/^\d{1,12}\z/', $pair[1] ?? '')) {
                $at = (int) $pair[1];
            } elseif ($pair[0] === 'v1') {
                $hashes[] = $pair[1] ?? '';
            }
        }
        if ($at === null) {
            return 'bad_signature';
        }
        $expected = hash_hmac('sha256', $at . '.' . $text, $secret);
        $signed = false;
        foreach (array_slice($hashes, 0, 5) as $hash) {
            $signed = hash_equals($expected, $hash) || $signed;
        }
        if (!$signed) {
            return 'bad_signature';
        }
        return abs($now - $at) > self::WINDOW ? 'clock_skew' : null;
    }
}
