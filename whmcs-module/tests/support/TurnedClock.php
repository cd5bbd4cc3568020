<?php

namespace Payymo\Tests;

use WHMCS\Module\Addon\Payymo\Clock;

/** A clock that the test turns. */
final class TurnedClock extends Clock
{
    /** @var int */
    public $now = 1795680000;

    /** @var float */
    public $elapsed = 0.0;

    public function now(): int
    {
        return $this->now;
    }

    public function elapsed(): float
    {
        return $this->elapsed;
    }

    public function turn(int $seconds): void
    {
        $this->now += $seconds;
        $this->elapsed += $seconds;
    }
}
