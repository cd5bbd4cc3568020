<?php

namespace WHMCS\Module\Addon\Payymo;

if (!defined('WHMCS')) {
    exit;
}

/** The time, in unix seconds. Tests turn one of their own. */
class Clock
{
    public function now(): int
    {
        return time();
    }

    /** Seconds on a clock that nobody sets, for measuring how long something took. */
    public function elapsed(): float
    {
        return hrtime(true) / 1e9;
    }
}
