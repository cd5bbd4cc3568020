<?php

namespace WHMCS\Module\Addon\Payymo\Remote;

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
        parent::__construct($message);
        $this->reason = $reason;
    }

    public function reason(): string
    {
        return $this->reason;
    }

    /** Whether nothing helps but a person: pairing anew, or switching the mode in Payymo. */
    public function stops(): bool
    {
        return in_array($this->reason, ['bad_signature', 'not_found', 'conflict', 'not_paired'], true);
    }
}
