<?php

namespace WHMCS\Module\Addon\Payymo\Locks;

use WHMCS\Database\Capsule;

if (!defined('WHMCS')) {
    exit;
}

/**
 * GET_LOCK of MySQL and MariaDB on top of the rows. It belongs to the connection: a process that is paused keeps it however
 * long it sleeps, and one that dies loses it. Rows alone cannot tell these two apart. The rows stay beneath it for the case
 * that the connection is lost and made anew while WHMCS provisions something.
 *
 * One lock at a time: MySQL before 5.7.5 gives up the first when a second is taken.
 */
final class MysqlLocks implements Locks
{
    /** @var Locks */
    private $rows;

    /** @var array<string, bool> what this object took and has not given back */
    private $taken = [];

    public function __construct(Locks $rows)
    {
        $this->rows = $rows;
    }

    public function acquire(string $name, int $seconds): bool
    {
        if ($this->ask('SELECT GET_LOCK(?, 0) AS answer', $name) !== 1) {
            return false;
        }
        if ($this->rows->acquire($name, $seconds)) {
            $this->taken[$name] = true;
            return true;
        }
        $this->ask('SELECT RELEASE_LOCK(?) AS answer', $name);
        return false;
    }

    public function holds(string $name): bool
    {
        return $this->ask('SELECT IS_USED_LOCK(?) = CONNECTION_ID() AS answer', $name) === 1 && $this->rows->holds($name);
    }

    public function extend(string $name, int $seconds): bool
    {
        return $this->holds($name) && $this->rows->extend($name, $seconds);
    }

    public function release(string $name): void
    {
        if (isset($this->taken[$name])) {
            unset($this->taken[$name]);
            $this->rows->release($name);
            $this->ask('SELECT RELEASE_LOCK(?) AS answer', $name);
        }
    }

    /** The names are the whole database server's, so ours carry that of the database. */
    private function ask(string $sql, string $name): ?int
    {
        $full = 'payymo_' . substr(hash('sha256', Capsule::connection()->getDatabaseName() . '/' . $name), 0, 40);
        $row = Capsule::connection()->selectOne($sql, [$full], false);
        return $row === null || $row->answer === null ? null : (int) $row->answer;
    }
}
