<?php

namespace WHMCS\Module\Addon\Payymo\Remote;

use WHMCS\Module\Addon\Payymo\Log;

if (!defined('WHMCS')) {
    exit;
}

/**
 * A call to Payymo that brought nothing. Codes: `unreachable` (no answer, time-out, TLS), `redirected`, `too_large`,
 * `bad_answer` (not JSON, or not signed by the holder of our secret), `bad_signature`, `clock_skew`, `replayed`,
 * `not_found`, `conflict`, `rate_limited`, `unavailable`, `refused` (any other 4xx), `not_paired`, `bad_code`.
 */
final class CallFailed extends \RuntimeException
{
    /** @var string */
    private $reason;

    public function __construct(string $reason, string $message)
    {
        // What another server said may repeat what it was sent.
        parent::__construct(Log::mask($message));
        $this->reason = $reason;
    }

    public function reason(): string
    {
        return $this->reason;
    }

    /** Whether nothing helps but pairing anew. */
    public function stops(): bool
    {
        return in_array($this->reason, ['bad_signature', 'not_found', 'not_paired'], true);
    }
}
