<?php

namespace WHMCS\Module\Addon\Payymo\Locks;

use WHMCS\Database\Capsule;
use WHMCS\Module\Addon\Payymo\Clock;

if (!defined('WHMCS')) {
    exit;
}

/** A lock is a row with a unique name. Works on every database. */
final class RowLocks implements Locks
{
    private const TABLE = 'mod_payymo_locks';

    /** @var Clock */
    private $clock;

    /** @var string */
    private $owner;

    public function __construct(Clock $clock)
    {
        $this->clock = $clock;
        $this->owner = bin2hex(random_bytes(16));
    }

    public function acquire(string $name, int $seconds): bool
    {
        $now = $this->clock->now();
        // The condition leaves alone a row that another process put there since.
        Capsule::table(self::TABLE)->where('name', $name)->where('expires_at', '<=', $now)->delete();
        return Capsule::table(self::TABLE)->insertOrIgnore([
            'name' => $name,
            'owner' => $this->owner,
            'expires_at' => $now + $seconds,
        ]) === 1;
    }

    public function holds(string $name): bool
    {
        return $this->mine($name)->where('expires_at', '>', $this->clock->now())->exists();
    }

    public function extend(string $name, int $seconds): bool
    {
        if (!$this->holds($name)) {
            return false;
        }
        $this->mine($name)->update(['expires_at' => $this->clock->now() + $seconds]);
        return $this->holds($name);
    }

    public function release(string $name): void
    {
        $this->mine($name)->delete();
    }

    private function mine(string $name)
    {
        return Capsule::table(self::TABLE)->where('name', $name)->where('owner', $this->owner);
    }
}
