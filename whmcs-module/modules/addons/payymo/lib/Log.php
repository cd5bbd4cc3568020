<?php

namespace WHMCS\Module\Addon\Payymo;

use WHMCS\Database\Capsule;

if (!defined('WHMCS')) {
    exit;
}

/** What the module did and what went wrong, for the admin page. Never throws: a full disk must not stop a payment's report. */
class Log
{
    private const TABLE = 'mod_payymo_log';
    private const KEPT_ROWS = 1000;
    private const DETAIL_MAX = 2000;

    /** @var Clock */
    private $clock;

    public function __construct(Clock $clock)
    {
        $this->clock = $clock;
    }

    public function info(string $event, string $detail = ''): void
    {
        $this->write('info', $event, $detail);
    }

    public function warn(string $event, string $detail = ''): void
    {
        $this->write('warn', $event, $detail);
    }

    private function write(string $level, string $event, string $detail): void
    {
        try {
            $id = Capsule::table(self::TABLE)->insertGetId([
                'at' => $this->clock->now(),
                'level' => $level,
                'event' => substr($event, 0, 64),
                'detail' => Text::plain(self::mask($detail), self::DETAIL_MAX),
            ]);
            if ($id % 100 === 0) {
                Capsule::table(self::TABLE)->where('id', '<=', $id - self::KEPT_ROWS)->delete();
            }
        } catch (\Throwable $ignored) {
            // Nobody is left to tell.
        }
    }

    /** Takes the place of everything that looks like one of our secrets. */
    public static function mask(string $text): string
    {
        return preg_replace('/(whsec_|pyc_)[A-Za-z0-9+\/=_-]+/', '$1***', $text);
    }

    /** @return array<int, object> newest first */
    public function latest(int $rows = 100): array
    {
        return Capsule::table(self::TABLE)->orderBy('id', 'desc')->limit($rows)->get()->all();
    }
}
