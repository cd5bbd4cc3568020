<?php

namespace WHMCS\Module\Addon\Payymo\Locks;

if (!defined('WHMCS')) {
    exit;
}

/** Locks between all processes of one WHMCS, each with an expiry, so that a dead process holds none for ever. Not reentrant. */
interface Locks
{
    /** Takes it at once or not at all. */
    public function acquire(string $name, int $seconds): bool;

    /** Whether this object still holds it; false once it has expired, even if nobody else took it. */
    public function holds(string $name): bool;

    /** Moves the expiry of a lock that is held. */
    public function extend(string $name, int $seconds): bool;

    public function release(string $name): void;
}
